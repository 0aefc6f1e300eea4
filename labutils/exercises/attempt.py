"""Calls a learner's function so that nothing it does comes out as a traceback: it becomes a sentence."""

import copy
import dis
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.exercise import Exercise, NotTried, NotYet

_EMPTY = {"RESUME", "NOP", "CACHE", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
_EVERYWHERE = {
    "NameError": "Import or define that name, or spell it as in the stub.",
    "RecursionError": "The function calls itself without an end.",
}


def is_stub(answer: Any) -> bool:
    """Whether the answer is still the stub: None, `...`, or a function with nothing in it.

    Nothing is: `...`, `pass`, a docstring, `return` or `return None`, alone or together.

    >>> def stub(x):
    ...     "What is asked."
    ...     ...
    >>> is_stub(stub), is_stub(...), is_stub(lambda x: x)
    (True, True, False)
    """
    if answer is None or answer is ...:
        return True
    code = getattr(answer, "__code__", None)
    if code is None or code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        return False
    steps = list(dis.get_instructions(code))
    if not {step.opname for step in steps} <= _EMPTY:
        return False
    returned = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return all(value is None or value is ... for value in returned)


class Attempt:
    """A learner's function, called with copies of the arguments; what it raises becomes NotYet."""

    def __init__(self, exercise: Exercise, function: Any) -> None:
        self.exercise, self.function = exercise, function
        if not callable(function):
            raise NotYet(
                f"The answer is {kind(function)}, not a function: hand over the function itself, without brackets: "
                f'`check("{exercise.name}", {exercise.function})`.'
            )
        _check_arguments(exercise, function)

    def __call__(self, *arguments: Any) -> Any:
        """Call the function. Lists and arrays are copied first, so that it cannot change what it is judged by."""
        try:
            return self.function(*(_own(argument) for argument in arguments))
        except (Exception, SystemExit) as error:
            if isinstance(error, NotImplementedError) and self._line(error, innermost=True):
                raise NotTried from None
            raise NotYet(self._stopped(error)) from None

    def _stopped(self, error: BaseException) -> str:
        line = self._line(error)
        where = f"Line {line} of `{self.exercise.function}`" if line else f"`{self.exercise.function}`"
        what = f"{type(error).__name__}: {first_line(error)}".rstrip(": ")
        symptoms = {**_EVERYWHERE, **self.exercise.symptoms}
        cure = next((sentence for piece, sentence in symptoms.items() if piece in what), "")
        return f"{where} stops with {what}. {cure}".strip()

    def _line(self, error: BaseException, innermost: bool = False) -> int:
        """The line of the function, from 1, where the error came up; 0 if that is not known."""
        code, trace, line = getattr(self.function, "__code__", None), error.__traceback__, 0
        while trace is not None and code is not None:
            if trace.tb_frame.f_code is code:
                line = trace.tb_lineno - code.co_firstlineno + 1
            elif innermost:
                line = 0
            trace = trace.tb_next
        return line


def kind(value: Any) -> str:
    """What a value is, in a few words.

    >>> kind(None), kind("x"), kind(np.zeros((1, 10), np.float32))
    ('None', 'a str', 'a float32 array of shape (1, 10)')
    """
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"a {value.dtype} array of shape {value.shape}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIO' else 'a'} {name}"


def show(value: Any, length: int = 120) -> str:
    """A value as code, cut to a length: never raises.

    >>> show("9"), show(list(range(99)), 20)
    ("'9'", '[0, 1, 2, 3, 4, 5...')
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:
        return kind(value)
    return text if len(text) <= length else f"{text[: length - 3]}..."


def first_line(error: BaseException) -> str:
    """The first line of an exception's message, cut to a length: never raises."""
    try:
        return (str(error).strip().splitlines() or [""])[0][:200].rstrip(" .")
    except Exception:
        return ""


def _own(argument: Any) -> Any:
    return copy.deepcopy(argument) if isinstance(argument, (list, dict, np.ndarray)) else argument


def _check_arguments(exercise: Exercise, function: Callable[..., Any]) -> None:
    try:
        inspect.signature(function).bind(*exercise.parameters)
    except TypeError:
        raise NotYet(
            f"The function does not take the arguments {', '.join(exercise.parameters)}: begin it as the stub does, "
            f"`def {exercise.signature}:`."
        ) from None
    except ValueError:  # some built-in functions do not tell what they take
        return
