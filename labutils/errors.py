"""The one kind of error that a learner may meet from labutils."""


class LabError(Exception):
    """A mistake that the reader can mend: one sentence that says what is wrong, where, and what to do.

    The `labs` command prints the sentence and ends with code 2; in a notebook it stands alone, without a traceback.

    >>> from labutils.errors import LabError
    >>> str(LabError("No lab is called 99: the labs are 01 and 06."))
    'No lab is called 99: the labs are 01 and 06.'
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback."""
        return [f"{type(self).__name__}: {self}"]
