"""JupyterLab, as `labs open` starts it on a copy of the course."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pytest

from labutils.course.catalog import Lab, find_lab

LONG = ("00", "02", "03", "08")  # labs of more than half a minute


@pytest.fixture(scope="module")
def course(tmp_path_factory, root) -> Path:
    """A copy of the notebooks and pictures: JupyterLab saves what it runs, and that must not touch the originals.

    The long ones have their quick values, since nbval runs the others. LABS_BROWSER=default leaves all as they are, to
    be looked at.
    """
    folder = tmp_path_factory.mktemp("course")
    for name in ("notebooks", "img"):
        shutil.copytree(root / name, folder / name)
    if os.environ.get("LABS_BROWSER") != "default":
        for lab in map(find_lab, LONG):
            make_quick(folder / "notebooks" / lab.notebook.name, lab)
    return folder


def make_quick(path: Path, lab: Lab) -> None:
    """Puts the lab's quick values into a cell behind its parameters, as papermill does."""
    notebook = nbformat.read(path, as_version=4)
    place = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    values = "\n".join(f"{name} = {value!r}" for name, value in lab.quick.items())
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(values))
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def jupyter(course):
    """The address, token included, that `labs open` prints."""
    command = [str(Path(sys.executable).with_name("labs")), "open", "--no-browser"]
    variables = os.environ | {"JUPYTER_CONFIG_DIR": str(course / "config"), "JUPYTER_DATA_DIR": str(course / "data"),
                              "JUPYTER_RUNTIME_DIR": str(course / "runtime"), "IPYTHONDIR": str(course / "ipython")}
    with (course / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=course, env=variables, stdout=subprocess.PIPE, stderr=log, text=True)
        line = server.stdout.readline()
        found = re.search(r"(http://\S+?)/lab/tree/(\S+?)\?token=(\w+)", line)
        assert found, f"labs open said {line!r} and {(course / 'server.log').read_text()!r}"
        yield found
        server.send_signal(signal.SIGINT)
        server.wait(30)


@pytest.fixture(autouse=True)
def no_kernel_stays(jupyter):
    """A lab that was looked at gives its memory back."""
    yield
    address, _, token = jupyter.groups()
    kernels = f"{address}/api/kernels"
    with urlopen(f"{kernels}?token={token}") as answer:
        for kernel in json.load(answer):
            urlopen(Request(f"{kernels}/{kernel['id']}?token={token}", method="DELETE")).close()
