"""What many rooms' tests need: the course's root, models made once, throw-away courses."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from labutils.course.catalog import Lab, find_lab
from labutils.errors import LabError
from labutils.legacy.place import Found, look
from labutils.legacy.planning import find_python
from labutils.models import asset
from labutils.tflite.quiet import quiet
from tests.throwaway import COUNT, HEADER

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
]  # fmt: skip
MakeLab = Callable[..., Lab]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; CI must have one. A thread has room for one Playwright, so all rooms share this."""
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI must have a Chromium: .ci/run installs it")
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def tf():
    """TensorFlow, imported once and quietly."""
    with quiet():
        import tensorflow
    return tensorflow


@pytest.fixture(scope="session")
def neuron_keras(tf):
    """A neuron with known numbers: y = 2x - 1, exactly."""
    from labutils.models import neuron

    model = neuron()
    model.set_weights([np.array([[2.0]], np.float32), np.array([-1.0], np.float32)])
    return model


@pytest.fixture(scope="session")
def sources(tf, neuron_keras, tmp_path_factory) -> Path:
    """A folder of models to convert, good and bad: tests/sources.py says which."""
    from tests.sources import write_sources

    folder = tmp_path_factory.mktemp("sources")
    with quiet():
        write_sources(tf, neuron_keras, folder)
    return folder


@pytest.fixture(scope="session")
def flex_environment(old_python) -> Path:
    """The folder of the environment that runs TF Select models; CI makes it, elsewhere it is there or it is not."""
    return _second_environment("flex install", lambda found: found.ready)


@pytest.fixture(scope="session")
def qat_environment(old_python) -> Path:
    """The same, with what quantization-aware training needs."""
    return _second_environment("flex install --qat", lambda found: found.qat)


@pytest.fixture(scope="session")
def old_python() -> str:
    """A Python that the second environment can be made of, or the sentence why there is none: 3.13 is too new."""
    try:
        return find_python(with_pip=False)
    except LabError as missing:
        pytest.skip(str(missing))


def _second_environment(command: str, there: Callable[[Found], bool]) -> Path:
    """As many processes as run the tests may ask for it at once: one installs, the others wait for it."""
    limit = time.monotonic() + 900
    while not there(look()):
        if not os.environ.get("CI"):
            pytest.skip(f"run labs {command}")
        line = [sys.executable, "-m", "labutils.cli", *command.split()]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            assert "at work" in done.stderr and time.monotonic() < limit, done.stderr
            time.sleep(2)
    return look().folder


@pytest.fixture(params=["neuron.tflite", "digits_cnn.tflite", "digits_cnn_int8.tflite", "mobilenet_v2_digits.tflite"])
def shipped(request) -> Path:
    return asset(request.param)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty course in a temporary folder, which is the working directory."""
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LABS_BUILD", raising=False)
    return tmp_path


@pytest.fixture
def make_lab(course: Path) -> MakeLab:
    """Writes a lab's source into the course: make_lab(body) or make_lab(body, "02_other", quick="{steps: 1}")."""

    def make(body: str = COUNT, slug: str = "01_count", *, title: str = "Counting", quick: str = "{steps: 2}") -> Lab:
        header = HEADER.replace("TITLE", title).replace("QUICK", quick)
        (course / "notebooks" / "source" / f"{slug}.py").write_text(header + body)
        return find_lab(slug)

    return make
