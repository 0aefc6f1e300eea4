"""A throw-away course for tests that run, build or break labs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from throwaway import COUNT, HEADER

from labutils.course.catalog import Lab, find_lab

MakeLab = Callable[..., Lab]


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
