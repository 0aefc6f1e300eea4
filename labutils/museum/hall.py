"""Runs exhibits: shows what a mistake says, and notices when it is no longer what the catalogue has."""

from __future__ import annotations

import contextlib
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from labutils.errors import LabError
from labutils.museum.catalog import named
from labutils.museum.exhibit import MESSAGE, SILENCE, Exhibit
from labutils.museum.tidy import one_line, said, shown, words
from labutils.tflite.quiet import quiet_failure

SAID: dict[str, list[Heard]] = {}


class ExhibitChangedError(LabError):
    """A mistake that shows itself today in another way than the catalogue says."""


@dataclass(frozen=True)
class Heard:
    """What an exhibit said: the message in one line, and the traceback behind it ("" for a warning or a command)."""

    message: str
    traceback: str = ""


@contextlib.contextmanager
def exhibit(name: str) -> Iterator[None]:
    """Run a mistake, in the block, and print what it says; logs and warnings around it are held back.

    name: of an exhibit of the catalogue. Raises ExhibitChangedError, which names the exhibit, when the block says
    something else, says nothing where a message is known, or says something where silence is.

    >>> import keras
    >>> with exhibit("sgd_lr"):
    ...     keras.optimizers.SGD(lr=0.01)
    ValueError: Argument(s) not recognized: {'lr': 0.01}
    """
    wanted = named(name)
    messages: list[Heard] = []
    with warnings.catch_warnings(record=True) as warned, quiet_failure():
        warnings.simplefilter("always")
        try:
            yield
        except Exception as error:
            messages.append(_heard(error))
    warnings_said = (Heard(said(each.message)) for each in warned)
    messages = messages or [each for each in warnings_said if known(wanted, each.message)]
    if messages:
        SAID.setdefault(name, []).append(messages[0])
        compare(wanted, messages[0].message)
        print(shown(messages[0].message))
    elif wanted.kind == MESSAGE:
        raise ExhibitChangedError(f"The exhibit {name} has changed: it says nothing now, so rewrite it.")
    elif wanted.kind == SILENCE:
        print("no error")


def heard(name: str, message: str) -> None:
    """Hold a message against the catalogue, where no exception brings it: of a command, or of another thread.

    message: as it was said, from its first word. Raises ExhibitChangedError when the catalogue has another.

    >>> heard("h5_on_the_command_line", "TypeError: 'NoneType' object is not callable")
    """
    wanted, message = named(name), one_line(message)
    SAID.setdefault(name, []).append(Heard(message))
    compare(wanted, message)


def compare(wanted: Exhibit, message: str) -> None:
    """Raises ExhibitChangedError when the exhibit has no message that this one begins with."""
    if known(wanted, message):
        return
    where = f"The exhibit {wanted.name} has changed: it says \"{shown(message)}\""
    have = f"where the catalogue has \"{shown(wanted.messages[0])}\"" if wanted.messages else "and was silent before"
    raise ExhibitChangedError(f"{where} {have}: correct the catalogue and the lab.")


def known(wanted: Exhibit, message: str) -> bool:
    """Whether the message begins as one of the exhibit's does, whatever the numbers and paths in it."""
    found = words(message)
    return any(found[: len(words(each))] == words(each) for each in wanted.messages)


def collected() -> dict[str, list[dict[str, str]]]:
    """All that was said so far in this process, by exhibit: each message with its traceback."""
    return {name: [vars(each).copy() for each in messages] for name, messages in SAID.items()}


def _heard(error: Exception) -> Heard:
    """What an exception says. The objects on its way go now, while the logs are held back: some complain on going."""
    found = Heard(said(error), "".join(traceback.format_exception(error)))
    traceback.clear_frames(error.__traceback__)
    return found
