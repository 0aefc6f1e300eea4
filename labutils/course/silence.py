"""Keeps the log and the warnings of libraries off the terminal: what a reader has to know is told in sentences."""

import contextlib
import logging
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def silenced(*names: str) -> Iterator[None]:
    """Within the block the loggers of those names, and those below them, say nothing, and nothing warns.

    >>> with silenced("papermill"):
    ...     logging.getLogger("papermill").critical("not heard")
    """
    below = tuple(f"{name}." for name in names)  # some have a level of their own
    known = [name for name in logging.root.manager.loggerDict if name.startswith(below)]
    loggers = [logging.getLogger(name) for name in (*names, *known)]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for logger in loggers:
                logger.setLevel(logging.CRITICAL + 1)
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
