"""500 damaged model files: no crash, no hang, and one sentence for each that is refused."""

import random
import subprocess
import sys

import pytest

from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError

FILES = 500
SOURCES = ("neuron.tflite", "digits_cnn.tflite", "digits_cnn_int8.tflite")


def mutate(content: bytes, rng: random.Random) -> bytes:
    """Cut off, change, insert, or overwrite four bytes at a place where an offset or a length may stand."""
    damaged = bytearray(content)
    place = rng.randrange(len(damaged) - 4)
    kind = rng.randrange(4)
    if kind == 0:
        del damaged[place:]
    elif kind == 1:
        for _ in range(rng.choice([1, 4, 32])):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    elif kind == 2:
        damaged[place:place] = rng.randbytes(rng.choice([1, 4, 100]))
    else:
        place -= place % 4
        damaged[place : place + 4] = rng.choice([b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f", rng.randbytes(4)])
    return bytes(damaged)


# Run in a child process over many files: prints a line for each, so that a crash names its file.
CHILD = """
import sys
from labutils.tflite.files import ModelFileError
from labutils.tflite.isolate import run_once
for path in sys.argv[1:]:
    try:
        run_once(path); print("ran", path, flush=True)
    except ModelFileError as error:
        print("refused", path, "|", error, flush=True)
"""


def run_in_children(paths: list[str]) -> tuple[list[str], list[str]]:
    """The lines of the child processes, and the files that ended one: a new child takes over behind each."""
    lines, ended = [], []
    while paths:
        try:
            child = subprocess.run([sys.executable, "-c", CHILD, *paths], capture_output=True, text=True, timeout=300)
            said = child.stdout
        except subprocess.TimeoutExpired as late:
            said = (late.stdout or b"").decode()
        done = said.splitlines()
        lines += done
        if len(done) < len(paths):
            ended.append(paths[len(done)])
        paths = paths[len(done) + 1 :]
    return lines, ended


def test_five_hundred_damaged_files(tmp_path):
    rng = random.Random(2026)
    accepted = []
    for number in range(FILES):
        content = mutate(asset(SOURCES[number % len(SOURCES)]).read_bytes(), rng)
        path = tmp_path / f"{number:03}.tflite"
        path.write_bytes(content)
        try:
            anatomy(path)
            accepted.append(str(path))
        except ModelFileError as error:
            assert path.name in str(error) and "\n" not in str(error) and str(error).endswith(".")
    assert 20 < len(accepted) < FILES - 100, "the mutations should both pass and fail"
    lines, ended = run_in_children(accepted)
    assert len(lines) + len(ended) == len(accepted)
    for line in lines:
        assert line.startswith(("ran ", "refused ")) and (line.startswith("ran") or line.endswith("."))
    for path in ended:  # what ends a process gets its sentence from probe
        from labutils.tflite.isolate import probe

        with pytest.raises(ModelFileError, match="damaged"):
            probe(path)
