"""Judges a command line that converts a SavedModel: reads it as the tool would, and says what the tool would not."""

import argparse
import shlex
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.exercise import NotYet

TOOL = "tflite_convert"
LABS = "labs convert"  # the course's own, with the flags of TOOL
MODULE = "tensorflow.lite.python.tflite_convert"  # python -m runs the same
FLAGS = ("saved_model_dir", "keras_model_file", "output_file", "saved_model_tag_set", "saved_model_signature_key")
MORE_FLAGS = ("quantization", "representative_data", "parity_data", "tolerance")
FOLDERS = ("my models", "first try", "Ada's nets", "lab 03", "saved models")
NAMES = ("neuron", "digits", "mobile net", "cats or dogs", "flowers")


class _Parser(argparse.ArgumentParser):
    """Raises NotYet where argparse would print and end the process."""

    def error(self, message: str) -> None:
        raise NotYet(f"`{self.prog}` would stop here: {message}.")


def _parser(tool: str = TOOL) -> _Parser:
    """The flags of tflite_convert 2.21, which may be abbreviated; `labs convert` has the same, in full, and more.

    What is missing is told apart afterwards.
    """
    parser = _Parser(prog=tool, add_help=False, allow_abbrev=tool != LABS)
    for flag in (*FLAGS, *(MORE_FLAGS if tool == LABS else ())):
        parser.add_argument(f"--{flag}")
    for flag in ("enable_v1_converter", *(("no_parity", "json") if tool == LABS else ())):
        parser.add_argument(f"--{flag}", action="store_true")
    for flag in ("experimental_new_converter", "experimental_new_quantizer"):
        parser.add_argument(f"--{flag}", nargs="?")
    return parser


def check(convert_command: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not make the command for paths that it has never seen."""
    for _ in range(3):
        folder, other = rng.choice(FOLDERS, size=2, replace=False)
        name, other_name = rng.choice(NAMES, size=2, replace=False)
        saved_model = f"/home/{rng.choice(['ada', 'alan', 'grace'])}/{folder}/{name}/{rng.integers(2, 99)}"
        output = f"build/{other}/{other_name} {rng.integers(100, 999)}.tflite"
        _judge(convert_command(saved_model, output), saved_model, output)


def _judge(found: Any, saved_model: str, output: str) -> None:
    words = _words(found)
    parser, rest = _tool(words)
    given, left = parser.parse_known_args(rest)
    _judge_left(left, rest, "stops there" if parser.prog == LABS else "passes over it without a word")
    if given.keras_model_file is not None:
        raise NotYet("`--keras_model_file` is for a file of Keras: a SavedModel is a folder, `--saved_model_dir`.")
    if given.saved_model_dir is None:
        raise NotYet("It does not say what to convert: `--saved_model_dir` and the folder.")
    if given.output_file is None:
        raise NotYet("It does not say where the file goes: `--output_file` and its path.")
    if (given.saved_model_dir, given.output_file) == (output, saved_model):
        raise NotYet("The two paths have changed places: it would read the output and write over the model.")
    _judge_path("--saved_model_dir", given.saved_model_dir, saved_model)
    _judge_path("--output_file", given.output_file, output)


def _words(found: Any) -> list[str]:
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if isinstance(found, str):
        raise NotYet("It returns one text: there a path with a space in it falls into two. Return a list of words.")
    if not isinstance(found, (list, tuple)) or not found:
        raise NotYet(f"It returns {kind(found)}: return a list of words, the first being the command.")
    for word in found:
        if not isinstance(word, (str, Path)):
            raise NotYet(f"{show(word)} in the list is {kind(word)}: every word has to be a text.")
    return [str(word) for word in found]


def _tool(words: list[str]) -> tuple[_Parser, list[str]]:
    """The parser for the command that the list begins with, and the words behind the command."""
    first = PurePath(words[0]).name.removesuffix(".exe")
    if first.startswith("python") and words[1:3] == ["-m", MODULE]:
        return _parser(), words[3:]
    if [first, *words[1:2]] == LABS.split():
        return _parser(LABS), words[2:]
    if first == TOOL:
        return _parser(), words[1:]
    if words[0].startswith(("!", "%", "$")):
        raise NotYet(f"{show(words[0])} begins with a sign of the notebook: leave it out, the word is the command.")
    if first == "saved_model_cli":
        raise NotYet(f"`saved_model_cli` shows a SavedModel and runs it: what converts one is `{TOOL}`.")
    if " " in words[0] and words[0].split()[0] == TOOL:
        raise NotYet("The first word holds the whole command: every flag and every path is a word of its own.")
    raise NotYet(f"It begins with {show(words[0])}: the command is `{TOOL}`.")


def _judge_left(left: list[str], rest: list[str], then: str) -> None:
    """Refuses words that the tool does not know. then: what it does about an unknown flag."""
    if not left:
        return
    word = next((word for word in left if word.startswith("-")), left[0])
    if word.startswith("-") and " " in word.split("=")[0]:
        raise NotYet(f"{show(word)} is one word: the flag and its value are two, or joined by `=`.")
    if word.startswith("-"):
        raise NotYet(f"There is no flag {show(word.split('=')[0])}, and the command {then}.")
    if word.split("=")[0] in ("saved_model_dir", "output_file"):
        raise NotYet(f"{show(word)} is a flag without its two dashes: write `--{word}`.")
    before = rest[rest.index(word) - 1] if word in rest[1:] else ""
    if before and not before.startswith("-"):
        raise NotYet(f"{show(word)} stands alone: was a text split, and with it a path at its space? Build the list.")
    raise NotYet(f"{show(word)} belongs to no flag: a path comes right behind its flag.")


def _judge_path(flag: str, found: str, asked: str) -> None:
    if found == asked:
        return
    same = PurePath(found)
    if found.strip("'\"") == asked or found == shlex.quote(asked):
        raise NotYet(f"{flag} has quotes in its path: those are for a shell, in a list a space does no harm.")
    if found == asked.replace(" ", "\\ "):
        raise NotYet(f"{flag} has backslashes in its path: those are for a shell, in a list a space does no harm.")
    if same == PurePath(asked).parent:
        raise NotYet(f"{flag} is cut off to {show(found)}: the last part, {PurePath(asked).name}, belongs to the path.")
    if PurePath(asked) in same.parents:
        raise NotYet(f"{flag} goes on to {show(found)}: the path is complete as it is given, {show(asked)}.")
    if found == PurePath(asked).name:
        raise NotYet(f"{flag} has lost its folder: it is {show(found)} instead of {show(asked)}.")
    if same == PurePath(asked):
        return
    raise NotYet(f"{flag} is {show(found)}: {show(asked)} was given.")
