"""What the doctor says of machines and installations, whole and broken."""

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from labutils import cli
from labutils.course import doctor, requirements

ROOT = Path(__file__).resolve().parents[2]
HERE = doctor.Machine("Linux", "x86_64", (3, 12, 1), 64, "glibc", frozenset({"avx"}))


def test_nothing_is_wrong_with_a_supported_machine():
    assert [look(HERE).state for look in (doctor.check_python, doctor.check_platform)] == ["ok", "ok"]
    assert doctor.check_processor(HERE).state in ("ok", "warning")


@pytest.mark.parametrize(
    ("look", "change", "said"),
    [
        (doctor.check_python, {"python": (3, 14, 0)}, "install Python 3.11"),
        (doctor.check_python, {"python": (3, 10, 4)}, "install Python 3.11"),
        (doctor.check_python, {"bits": 32}, "64-bit"),
        (doctor.check_platform, {"system": "Darwin"}, "Intel Macs"),
        (doctor.check_platform, {"libc": "musl"}, "glibc"),
        (doctor.check_platform, {"processor": "armv7l"}, "no wheels"),
        (doctor.check_platform, {"system": "Windows", "processor": "arm64"}, "no wheels"),
        (doctor.check_processor, {"flags": frozenset({"sse"})}, "AVX"),
    ],
)
def test_a_machine_that_does_not_fit(look, change, said):
    finding = look(replace(HERE, **change))
    assert finding.state == "problem" and said in finding.cure


def test_memory():
    assert [doctor.check_memory(size).state for size in (1, 3, 8, None)] == ["problem", "warning", "ok", "ok"]


def test_missing_and_old_packages(monkeypatch):
    real = metadata.version
    versions = {"numpy": "1.0", "papermill": None}
    monkeypatch.setattr(requirements, "installed_version", lambda name: versions.get(name, real(name)))
    found = {finding.name: finding for finding in requirements.check_versions()}
    assert (found["numpy"].state, found["papermill"].state) == ("warning", "problem")
    assert ">=2" in found["numpy"].found and found["papermill"].cure


def test_missing_modules(monkeypatch):
    real = importlib.util.find_spec
    gone = ("ipykernel", "tensorflow", "ai_edge_litert")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in gone else real(name))
    assert [each.state for each in [doctor.check_kernel(), *doctor.check_runtimes()]] == ["problem"] * 3
    assert doctor.check_bytecode().state == "ok"


def test_bytecode_that_is_never_written(monkeypatch, tmp_path):
    (tmp_path / "tensorflow.py").touch()
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)  # another test may have loaded the real one
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert doctor.check_bytecode().state == "warning"
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert doctor.check_bytecode().state == "ok"


def test_a_build_folder_that_cannot_be_written(course):
    (course / "build").write_text("a file")
    (finding,) = [each for each in doctor.check_course() if each.name == "build folder"]
    assert finding.state == "problem"


def test_a_look_that_breaks_is_a_finding(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "check_browser", lambda: 1 / 0)
    assert "ZeroDivisionError" in doctor.examine()[-1].found


def test_the_exit_code_tells(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "total_memory", lambda: 1.0)
    assert cli.main(["doctor"]) == 1
    assert cli.main(["doctor", "--json"]) == 1
    text = capsys.readouterr().out
    assert {"name", "state", "found", "cure"} == set(json.loads(text[text.index("[") :])[0])


def test_it_runs_where_packages_are_broken(tmp_path):
    for name in ("rich", "psutil", "jupyter_client", "packaging", "jupytext", "nbformat", "papermill", "tensorflow"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('broken')")
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; from labutils import cli; cli.main(['doctor'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == "" and "packaging` is missing" in done.stdout and "python3 not found" in done.stdout


def test_it_runs_with_no_package_at_all():
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from labutils import cli; sys.exit(cli.main(['doctor']))"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (1, "") and "make lab" in done.stdout


def test_tensorflow_is_not_imported():
    code = "import sys; from labutils.course import doctor; doctor.examine(); sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
