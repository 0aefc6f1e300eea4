"""The exported script runs with LiteRT, NumPy and Pillow alone, and sees what the course's interpreter sees."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labutils import data
from labutils.device.card import make_card, read_card, write_card
from labutils.device.exports import export
from labutils.device.prepare import interpolation
from labutils.tflite.runtime import open_model

NEEDED = ("ai_edge_litert", "numpy", "numpy.libs", "PIL", "pillow.libs")


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> list[str]:
    """A Python that finds the three packages, and no other: `-S` leaves out all that is installed."""
    place = tmp_path_factory.mktemp("alone")
    for name in NEEDED:
        installed = Path(find_spec(name.split(".")[0].replace("pillow", "PIL")).origin).parent.parent / name
        if installed.exists():
            (place / name).symlink_to(installed)
    start = f"import runpy, sys; sys.path.append({str(place)!r}); del sys.argv[0]; runpy.run_path(sys.argv[0])"
    return [sys.executable, "-I", "-S", "-c", start]


def run(alone: list[str], *arguments: object) -> str:
    done = subprocess.run([*alone, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answers(printed: str) -> list[tuple[str, float]]:
    found = [re.fullmatch(r"(.*): (\d+\.\d)%", line) for line in printed.splitlines()]
    return [(each[1], float(each[2])) for each in found]


def right(model: Path, values: np.ndarray) -> np.ndarray:
    """The probabilities by the course's interpreter. values: (side, side, channels) from 0 to 1."""
    opened, card = open_model(model), read_card(model)
    (taken,), (given,) = opened.inputs.values(), opened.outputs.values()
    real = card.picture.low + values * (card.picture.high - card.picture.low)
    if taken.scale:
        limits = np.iinfo(taken.dtype)
        real = np.clip(np.floor(real / taken.scale + taken.zero_point + 0.5), limits.min, limits.max)
    opened.interpreter.set_tensor(taken.index, real[np.newaxis].astype(taken.dtype))
    opened.invoke()
    return given.dequantize(opened.interpreter.get_tensor(given.index))[0]


def written(images: np.ndarray, folder: Path) -> list[Path]:
    """Digits as PNG files of 8 x 8 pixels."""
    paths = [folder / f"{place}.png" for place in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(np.round(image * (255 / data.DIGIT_MAX)).astype(np.uint8)).save(path)
    return paths


@pytest.mark.parametrize("module", ["tensorflow", "keras", "labutils", "scipy"])
def test_the_environment_has_no_more(alone, tmp_path, module):
    (tmp_path / "it.py").write_text(f"import importlib.util\nprint(importlib.util.find_spec({module!r}))\n")
    assert run(alone, tmp_path / "it.py") == "None\n"


@pytest.mark.parametrize("name", ["cnn_float", "cnn_uint8", "cnn_int8", "mobilenet_uint8"])
def test_it_classifies_twenty_digits_as_the_interpreter_does(request, alone, tmp_path, name):
    model = request.getfixturevalue(name)
    script = export("linux", model, tmp_path / "script") / "classify.py"
    _, side, _, channels = read_card(model).input.shape
    seen = set()
    for path in written(data.digits("test")[0][:20], tmp_path):
        enlarge = interpolation(side, 8)
        grey = enlarge @ (np.asarray(Image.open(path)) / 255) @ enlarge.T
        expected = right(model, np.repeat(grey[..., np.newaxis], channels, axis=-1))
        best = np.argsort(-expected, kind="stable")[:3]
        found = answers(run(alone, script, path))
        assert [probability for _, probability in found] == pytest.approx(100 * expected[best], abs=0.06)
        assert found[0][0] == str(best[0])
        seen.add(found[0][0])
    assert len(seen) > 5


def test_a_larger_drawing_is_reduced_by_area(alone, tmp_path, cnn_uint8):
    script = export("linux", cnn_uint8, tmp_path / "script") / "classify.py"
    image = data.digits("test")[0][0]
    small, large = written(np.array([image]), tmp_path)[0], tmp_path / "large.png"
    Image.open(small).resize((80, 80), Image.Resampling.NEAREST).convert("RGB").save(large)
    assert run(alone, script, large) == run(alone, script, small)


def test_a_photograph_is_cut_to_its_middle(alone, tmp_path, deliver):
    model = deliver("mobilenet", "int8")
    card = make_card(model, "0123456789", low=-1, high=1, kind="photograph")
    script = export("linux", model, tmp_path / "script", write_card(card, tmp_path)[0]) / "classify.py"
    photograph = np.random.default_rng(3).integers(0, 256, (64, 90, 3), np.uint8)
    Image.fromarray(photograph).save(tmp_path / "p.png")
    expected = right(model, photograph[:, 13:77] / 255)
    found = answers(run(alone, script, tmp_path / "p.png"))
    assert found[0][0] == str(expected.argmax())
    assert found[0][1] == pytest.approx(100 * expected.max(), abs=0.06)


def test_labels_are_printed_as_they_are(alone, tmp_path, cnn_uint8):
    labels = [f'{digit}: "größe" \\n $ 🦔' for digit in range(10)]
    path, _ = write_card(make_card(cnn_uint8, labels, grain=8), tmp_path)
    script = export("linux", cnn_uint8, tmp_path / "script", path) / "classify.py"
    picture = written(data.digits("test")[0][:1], tmp_path)[0]
    assert all(label in labels for label, _ in answers(run(alone, script, picture)))
