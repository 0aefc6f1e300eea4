"""`labs flex`: makes, tells of and removes the second environment, and never touches what it did not make."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest

from labutils import cli
from labutils.errors import LabError
from labutils.legacy import install, place, planning
from tests.throwaway import files_of

LABS = [sys.executable, "-m", "labutils.cli", "flex"]
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture
def empty(tmp_path, monkeypatch) -> Path:
    """A place for the environment, in a folder with a space in its name, that does not exist yet."""
    monkeypatch.setenv("LABS_FLEX", str(tmp_path / "a class" / "flex"))
    return tmp_path / "a class" / "flex"


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """No package index answers, and no file of this machine stands in for one."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    for name, value in {"PIP_CONFIG_FILE": os.devnull, "PIP_CACHE_DIR": str(tmp_path / "none"),
                        "UV_NO_CONFIG": "1", "UV_CACHE_DIR": str(tmp_path / "nothing")}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, "https://127.0.0.1:9/simple")


def run(*arguments):
    return subprocess.run([*LABS, *arguments], capture_output=True, text=True, timeout=120)


def test_status_of_what_is_there(flex_environment, capsys):
    assert cli.main(["flex", "status"]) == 0
    said = capsys.readouterr().out
    assert (
        str(flex_environment) in said
        and re.search(r"tensorflow 2\.1[89]\.\d", said)
        and re.search(r"[1-3],\d{3} MB", said)
    )
    assert cli.main(["flex", "status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["installed"] and 1000 < found["megabytes"] < 3000 and found["versions"]["numpy"].startswith("1.")


def test_a_second_install_changes_nothing(qat_environment, capsys):
    before = (qat_environment / place.STAMP).stat().st_mtime_ns
    assert cli.main(["flex", "install"]) == 0
    assert "there already" in capsys.readouterr().out
    assert (qat_environment / place.STAMP).stat().st_mtime_ns == before


def test_the_pinned_versions_are_the_ones_installed(flex_environment):
    python = place.python_in(flex_environment)
    code = "from importlib.metadata import distributions as d; print(*(f'{x.name}={x.version}' for x in d()))"
    said = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.split()
    found = {name.lower().replace("_", "-"): version for name, version in (each.split("=") for each in said)}
    wanted = planning.pinned(place.pins("flex"), planning.python_version(str(python)))
    if place.look().qat:
        wanted |= planning.pinned(place.pins("qat"), planning.python_version(str(python)))
    assert {name: found.get(name) for name in wanted} == wanted
    assert not any((python.parent.parent).glob("scratch-*"))


def test_where_there_is_nothing(empty, capsys):
    assert cli.main(["flex", "status"]) == 1
    assert "labs flex install" in capsys.readouterr().out
    assert cli.main(["flex", "status", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["installed"] is False
    assert cli.main(["flex", "remove"]) == 0
    assert "nothing to remove" in capsys.readouterr().out and not empty.exists()


@pytest.mark.parametrize("action", ["install", "remove"])
def test_a_foreign_folder_is_left_as_it_is(empty, action, capsys):
    (empty / "thesis").mkdir(parents=True)
    (empty / "thesis" / "chapter.txt").write_text("years of work")
    before = files_of(empty)
    assert cli.main(["flex", action]) == 2
    assert "was not made by `labs flex install`" in capsys.readouterr().err
    assert files_of(empty) == before


def test_remove_takes_its_own_folder_only(empty, capsys):
    empty.mkdir(parents=True)
    (empty / place.MARKER).touch()
    (empty / "lib").mkdir()
    (empty / "lib" / "module.py").touch()
    (empty.parent / "keep.txt").touch()
    (empty / "link").symlink_to(empty.parent, target_is_directory=True)
    assert cli.main(["flex", "remove"]) == 0
    assert not empty.exists() and (empty.parent / "keep.txt").exists()


def test_without_a_network_it_is_one_sentence(old_python, empty, offline):
    start = time.monotonic()
    done = run("install")
    assert done.returncode == 2 and time.monotonic() - start < 60
    assert "no package index answers" in done.stderr and done.stderr.count("\n") == 1
    assert "MB to fetch" in done.stdout and str(empty) in done.stdout, "what it takes is said before"
    assert not empty.exists()


@POSIX
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing(old_python, empty, offline, tmp_path, monkeypatch, sent):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    working = subprocess.Popen([*LABS, "install"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in working.stdout:
        if line.startswith("making"):
            break
    working.send_signal(sent)
    _, err = working.communicate(timeout=60)
    assert (working.returncode, err) == (130, "labs: stopped.\n")
    assert not empty.exists() and not list(temporary.iterdir()), "nothing lies about where others put their files"


def test_what_is_written_while_the_folder_is_emptied_goes_too(empty, monkeypatch):
    """By a process that was killed a moment ago, say."""
    (empty / "bin").mkdir(parents=True)
    (empty / "bin" / "python").touch()
    late, rmtree = ["one.py", "two.py"], shutil.rmtree

    def emptied(folder):
        if late:
            (folder / late.pop()).touch()
            raise OSError(39, "Directory not empty", str(folder))
        rmtree(folder)

    monkeypatch.setattr(install.shutil, "rmtree", emptied)
    install.clear(empty)
    assert list(empty.iterdir()) == [] and not late


def test_what_cannot_be_removed_is_named(empty, monkeypatch):
    (empty / "bin").mkdir(parents=True)
    refused = OSError(16, "Device or resource busy", str(empty / "bin"))
    monkeypatch.setattr(install.shutil, "rmtree", mock.Mock(side_effect=refused))
    with pytest.raises(LabError, match=r"bin cannot be removed \(Device or resource busy\): close what uses it"):
        install.clear(empty)


def test_what_another_process_finished_meanwhile_is_kept(old_python, empty, monkeypatch, capsys):
    real = planning.plan

    def meanwhile(*arguments):
        (empty / "bin").mkdir(parents=True)
        (empty / place.MARKER).touch()
        place.python_in(empty).parent.mkdir(exist_ok=True)
        place.python_in(empty).touch()
        (empty / place.STAMP).write_text(json.dumps({"flex": place.digest("flex")}))
        return real(*arguments)

    monkeypatch.setattr(install, "plan", meanwhile)
    assert cli.main(["flex", "install"]) == 2
    assert "was at work" in capsys.readouterr().err and place.look().ready


def test_a_check_that_fails_leaves_nothing(old_python, empty, monkeypatch, capsys):
    monkeypatch.setattr(install, "_make", lambda todo, *_: place.python_in(todo.folder).parent.mkdir(parents=True))
    assert cli.main(["flex", "install"]) == 2
    assert "does not start" in capsys.readouterr().err and not empty.exists()


def test_a_disk_without_room(old_python, empty, monkeypatch):
    monkeypatch.setattr(planning.shutil, "disk_usage", lambda _: planning.shutil._ntuple_diskusage(9, 9, 10**9))
    with pytest.raises(LabError, match=r"1,000 MB are free .* are needed"):
        planning.plan(empty, ["flex"])
    assert not empty.exists()


def test_a_python_that_does_not_fit_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(planning, "PYTHONS", ((3, 99),))
    with pytest.raises(LabError, match=r"Python 3\.11 or 3\.12 .* python3\.12 is on the PATH"):
        planning.find_python(with_pip=True)


@POSIX
def test_another_python_on_the_path_is_found(tmp_path, monkeypatch):
    """A course on Python 3.13: the first that works counts, not the first of that name."""
    for name, body in {
        "python3.12": "echo not set up >&2; exit 127",
        "python3.11": f'exec {sys.executable} "$@"',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setattr(planning, "PYTHONS", (sys.version_info[:2],))
    monkeypatch.setattr(planning.sys, "executable", "/nowhere/python3.13")
    assert planning.find_python(with_pip=True) == str(tmp_path / "python3.11")


def test_intel_macs_are_told(monkeypatch):
    monkeypatch.setattr(planning.sys, "platform", "darwin")
    monkeypatch.setattr(planning.platform, "machine", lambda: "x86_64")
    with pytest.raises(LabError, match="Intel Macs"):
        planning._sizes()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: No space left on device (os error 28)", "disk is full"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE FILE",
            "checksum",
        ),
        ("WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: none", "no package index answers"),
        ("chatter\nERROR: Could not find a version\nmore", r"\(ERROR: Could not find a version\)"),
        ("", "no reason given"),
    ],
)
def test_what_an_installer_says_becomes_a_sentence(said, sentence):
    found = install.why_not(said)
    assert re.search(sentence, found) and "\n" not in found and found.endswith(".")


@pytest.mark.parametrize("wrong", [["status", "--qat"], ["install", "--json"], ["remove", "--qat"]])
def test_options_belong_to_their_action(empty, wrong, capsys):
    assert cli.main(["flex", *wrong]) == 2
    assert "leave it out" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["flex", "qat"])
def test_pins_have_hashes_and_no_address(name):
    text = place.pins(name).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + text.split("\n", 2)[2])[1:]
    assert all("--hash=sha256:" in each and "==" in each for each in entries) and len(entries) >= 4
    assert not re.search(r"index-url|find-links|https?://", text + place.pins(name).with_suffix(".in").read_text())


@pytest.mark.parametrize(
    ("system", "machine", "wanted"),
    [
        ("linux", "x86_64", {"tensorflow-cpu": "2.18.1", "tf-keras": "2.18.0"}),
        ("win32", "AMD64", {"tensorflow-cpu": "2.18.0", "tf-keras": "2.18.0"}),
        ("darwin", "arm64", {"tensorflow": "2.19.1", "tf-keras": "2.19.0"}),
        ("linux", "aarch64", {"tensorflow": "2.19.1", "tf-keras": "2.19.0"}),
    ],
)
@pytest.mark.parametrize("python", ["3.11.7", "3.12.4"])
def test_each_platform_gets_one_tensorflow(system, machine, wanted, python, monkeypatch):
    from packaging import markers

    real = markers.default_environment()
    changed = real | {"sys_platform": system, "platform_machine": machine}
    monkeypatch.setattr(markers, "default_environment", lambda: dict(changed))
    found = planning.pinned(place.pins("flex"), python) | planning.pinned(place.pins("qat"), python)
    assert {name: found.get(name) for name in wanted} == wanted
    assert len({"tensorflow", "tensorflow-cpu"} & set(found)) == 1
