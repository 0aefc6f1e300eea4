"""The exported Kotlin and Swift prepare a picture as Python does: compiled and run, where a compiler is there."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labutils.device.card import Card
from labutils.device.exports import sources
from labutils.device.prepare import prepare_drawing, prepare_photograph
from tests.device.cards import card_of


def apart(card: Card) -> Card:
    """The card with a scale at which neither black nor white lies half-way between two stored numbers."""
    return replace(card, input=replace(card.input, scale=card.input.scale * 1.001))


CARDS = {
    "drawing, float": card_of(8, 1, "float32"),
    "drawing, uint8, enlarged": apart(card_of(24, 3, "uint8", grain=8, low=-1.0, name='5 $ "a\\b" \\(c) ü 🦔')),
    "drawing, int8": card_of(12, 1, "int8", grain=5),
    "photograph, uint8, grey": card_of(10, 1, "uint8", "photograph"),
    "photograph, int8": apart(card_of(16, 3, "int8", "photograph", low=-1.0)),
    "photograph, float": card_of(7, 3, "float32", "photograph", low=-1.0),
}
# Each reads sizes and values from standard input, and prints the name of the model, then the input's numbers.
KOTLIN = """
package org.example.classifier

fun main() {
    val (width, planes) = readln().split(" ").map { it.toInt() }
    val read = List(planes) { Plane(readln().split(" ").map { it.toDouble() }.toDoubleArray(), width) }
    println(Card.NAME)
    println(INPUT.joinToString(" "))
}
"""
SWIFT = """
let sizes = readLine()!.split(separator: " ").map { Int($0)! }
let read = (0..<sizes[1]).map { _ in
    Plane(values: readLine()!.split(separator: " ").map { Double($0)! }, width: sizes[0])
}
print(Card.name)
print((INPUT).map { String($0) }.joined(separator: " "))
"""


def pictures(card: Card) -> list[np.ndarray]:
    """A few pictures of odd sizes, from 0 to 1."""
    random = np.random.default_rng(5)
    if card.picture.kind == "photograph":
        return [random.random((height, width, 3)) for height, width in ((9, 20), (31, 14), (5, 5))]
    drawings = [np.zeros((30, 41)), np.zeros((17, 17)), np.zeros((64, 50))]
    for drawing, (height, width) in zip(drawings, ((20, 9), (1, 1), (33, 40)), strict=True):
        drawing[3 : 3 + height, 5 : 5 + width] = random.random((height, width))
        drawing[3, 5] = drawing[2 + height, 4 + width] = 1
    return drawings


def answers(program: list[str], card: Card) -> list[tuple[str, np.ndarray]]:
    """What a compiled program prints for the pictures."""
    results = []
    for picture in pictures(card):
        planes = picture[np.newaxis] if picture.ndim == 2 else np.moveaxis(picture, -1, 0)
        texts = (" ".join(map(repr, plane.ravel().tolist())) for plane in planes)
        lines = [f"{picture.shape[1]} {len(planes)}", *texts]
        done = subprocess.run(program, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
        name, numbers = done.stdout.splitlines()
        results.append((name, np.array(numbers.split(), float)))
    return results


def expected(card: Card) -> list[np.ndarray]:
    prepare = prepare_drawing if card.picture.kind == "drawing" else prepare_photograph
    return [prepare(picture, card).ravel().astype(float) for picture in pictures(card)]


def check(program: list[str], card: Card, as_stored=lambda numbers: numbers) -> None:
    for (name, found), right in zip(answers(program, card), expected(card), strict=True):
        assert name == card.name
        np.testing.assert_allclose(as_stored(found), right, atol=1e-6 if card.input.dtype == "float32" else 0)


def write(form: str, card: Card, main: str, folder: Path, name: str) -> list[Path]:
    """The pure sources with a main program beside them."""
    taken = "read" if card.picture.kind == "photograph" else {"android": "read[0]", "ios": "read[0]"}[form]
    reals = f"prepare({taken})" + ("" if card.picture.kind == "photograph" else {"android": "!!", "ios": "!"}[form])
    call = reals if card.input.dtype == "float32" else f"quantized({reals})"
    texts = {Path(path).name: text for path, text in sources(form, card).items()}
    texts[name] = main.replace("INPUT", call)
    paths = [folder / each for each in texts if Path(each).stem in ("Card", "Preparation", Path(name).stem)]
    for path in paths:
        path.write_text(texts[path.name], "utf-8")
    return paths


@pytest.mark.parametrize("name", CARDS)
def test_kotlin_prepares_as_python_does(tmp_path, name):
    if not shutil.which("kotlinc") or not shutil.which("java"):
        pytest.skip("there is no kotlinc")
    card = CARDS[name]
    paths = write("android", card, KOTLIN, tmp_path, "Main.kt")
    subprocess.run(["kotlinc", "-Werror", *paths, "-include-runtime", "-d", tmp_path / "main.jar"], check=True)
    unsigned = card.input.dtype == "uint8"  # a Byte of Kotlin prints as a signed one
    program = ["java", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-jar", str(tmp_path / "main.jar")]
    check(program, card, lambda numbers: numbers % 256 if unsigned else numbers)


@pytest.mark.parametrize("name", CARDS)
def test_swift_prepares_as_python_does(tmp_path, name):
    if not shutil.which("swiftc"):
        pytest.skip("there is no swiftc")
    paths = write("ios", CARDS[name], SWIFT, tmp_path, "main.swift")
    subprocess.run(["swiftc", *paths, "-o", tmp_path / "main"], check=True)
    check([str(tmp_path / "main")], CARDS[name])
