"""Running labs: every way in which an execution can end, and what is left behind."""

import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from labutils.course import catalog, runs
from labutils.errors import LabError
from tests.throwaway import COUNT


def outputs(execution, tag):
    cells = nbformat.read(execution.notebook, as_version=4).cells
    return next(cell for cell in cells if tag in cell.metadata.get("tags", [])).outputs


def test_a_lab_that_passes(make_lab, course, capfd):
    lab, seen = make_lab(), []
    watcher = runs.Watcher()
    watcher.cell = lambda lab, number, total: seen.append((number, total))
    (done,) = runs.run_labs([lab], {"steps": "5", "loud": "true"}, quick=True, watcher=watcher)
    assert done.passed and done.cell is None
    assert outputs(done, "count")[0].text == "10 float 0.5 True\n"
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert done.notebook.parent.parent == course / "build" / "runs"
    assert 0 < done.cpu_seconds < 10 and 20 < done.peak_mb < 500
    assert capfd.readouterr() == ("", "")
    assert [path.name for path in done.notebook.parent.iterdir()] == ["01_count.ipynb"]


def test_the_quick_profile(make_lab):
    (done,) = runs.run_labs([make_lab()], quick=True)
    assert outputs(done, "count")[0].text.startswith("1 ")


def test_an_error_in_a_cell(make_lab):
    lab = make_lab('# %% tags=["fine", "raises-exception"]\n1/0\n# %% tags=["boom"]\nprint(1)\nint("x")\n# %%\n2\n')
    (done,) = runs.run_labs([lab])
    assert (done.outcome, done.cell) == ("failed", "cell 2 (boom)")
    assert done.message.startswith("ValueError: invalid literal")
    assert [output.output_type for output in outputs(done, "boom")] == ["stream", "error"]


def test_an_error_that_belongs_to_the_lesson(make_lab):
    (done,) = runs.run_labs([make_lab('# %% tags=["fine", "raises-exception"]\n1/0\n# %%\n2\n', quick="{}")])
    assert done.passed


def test_a_cell_that_takes_too_long(make_lab):
    lab = make_lab('# %% tags=["nap"]\nimport time\nprint("z", flush=True)\ntime.sleep(60)\n')
    (done,) = runs.run_labs([lab], timeout=1)
    assert (done.outcome, done.cell) == ("timeout", "cell 1 (nap)")
    assert "after 1 s" in done.message
    assert outputs(done, "nap")[-1].ename == "timeout"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("death", "said"), [("os._exit(3)", "code 3"), ("os.kill(os.getpid(), 9)", "SIGKILL")])
def test_a_kernel_that_dies(make_lab, death, said, capfd):
    (done,) = runs.run_labs([make_lab(f'# %% tags=["die"]\nimport os\n{death}\n')])
    assert (done.outcome, done.cell) == ("dead kernel", "cell 1 (die)")
    assert said in done.message
    assert outputs(done, "die")[-1].ename == "dead kernel"
    assert capfd.readouterr() == ("", "")


def test_children_are_counted_and_not_left_behind(make_lab):
    child = "import time; b = bytearray(200_000_000); sum(range(10**7)); time.sleep(0.4)"
    body = (
        f'# %%\nimport subprocess, sys, os\nsubprocess.run([sys.executable, "-c", "{child}"])\n'
        'os.write(2, b"noise")\nprint(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"]).pid)\n'
        '# %% tags=["pid"]\nimport time; time.sleep(0.4); print(os.getcwd(), os.environ["LABS_BUILD"])\n'
    )
    (done,) = runs.run_labs([make_lab(body)])
    assert done.passed, done.message
    assert done.peak_mb > 230
    folder, build = outputs(done, "pid")[0].text.split()
    assert folder.endswith("notebooks") and build == str(done.notebook.parent / "files")
    streams = [output for cell in nbformat.read(done.notebook, as_version=4).cells for output in cell.outputs]
    pid = int(next(output.text for output in streams if output.name == "stdout").split()[0])
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_values_go_to_the_labs_that_have_them(make_lab):
    one, other = make_lab(), make_lab("# %%\n1\n", "02_other", quick="{}")
    shares = runs.share_values([one, other], {"steps": "4"}, quick=False)
    assert shares == {"01_count": {"steps": 4}, "02_other": {}}
    with pytest.raises(LabError, match=r"None of these labs has the parameter 'step': .*did you mean steps"):
        runs.share_values([one, other], {"step": "4"}, quick=False)


def test_runs_of_one_second_get_folders_of_their_own(course):
    assert runs.new_folder(course / "runs") != runs.new_folder(course / "runs")


def test_only_a_course_that_passed_is_recorded(make_lab):
    good, bad = make_lab(), make_lab("# %%\n1/0\n", "02_bad", quick="{}")
    done = runs.run_labs([good, bad])
    with pytest.raises(LabError, match="not every lab passed"):
        runs.record(done)
    assert not catalog.measured_path().exists()
    runs.record(done[:1])
    assert catalog.measured().costs["01_count"].peak_mb > 10
    assert set(json.loads(catalog.measured_path().read_text())) == {"machine", "date", "01_count"}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_the_kernel_and_says_so(make_lab, course, number):
    make_lab('# %% tags=["nap"]\nfrom pathlib import Path\nPath("../here").touch()\nimport time\ntime.sleep(99)\n')
    make_lab(COUNT, "02_next")
    command = [sys.executable, "-m", "labutils.cli", "run", "--all"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        limit = time.monotonic() + 30
        while not (course / "here").exists() and time.monotonic() < limit:
            time.sleep(0.1)
        kernels = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "labs: stopped.\n")
    assert "interrupted in cell 1 (nap)" in out and "02_next" not in out
    assert kernels and not psutil.wait_procs(kernels, timeout=5)[1]
