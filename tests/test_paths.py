"""Where the course is, and where a lab may write."""

import pytest

from labutils.errors import LabError
from labutils.paths import course_root, workdir


def test_the_course_is_found_from_below_and_from_elsewhere(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root / "notebooks")
    assert course_root() == root
    monkeypatch.chdir(tmp_path)
    assert course_root() == root, "an installed labutils knows its checkout"


def test_another_course_above_the_working_directory_goes_first(tmp_path, monkeypatch):
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks")
    assert course_root() == tmp_path
    assert workdir("01_lab") == type(tmp_path)("..", "build", "01_lab") and (tmp_path / "build" / "01_lab").is_dir()


def test_labs_build_moves_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_BUILD", str(tmp_path / "elsewhere"))
    assert workdir("01_lab").samefile(tmp_path / "elsewhere" / "01_lab")


def test_a_folder_that_cannot_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LABS_BUILD", str(tmp_path / "file"))
    with pytest.raises(LabError, match="cannot be made"):
        workdir("01_lab")
