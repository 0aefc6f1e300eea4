"""An executed notebook in the form in which it is kept: small, the same each time, and good to read as it stands."""

import re
import site
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from labutils.course.execute import cell_name
from labutils.course.source import KERNELSPEC

if TYPE_CHECKING:
    from nbformat import NotebookNode

WIDGET = "application/vnd.jupyter.widget-view+json"
WIDGET_TEXT = "The widget appears here when you run this cell."
PICTURE = re.compile("image/(png|jpe?g|gif)|application/pdf")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3",
}


def normalise(notebook: "NotebookNode", root: Path) -> None:
    """Takes out of the notebook, in place, whatever differs from one execution to the next without being a result.

    Times, papermill's marks and the state of widgets go; counts run 1..n; streams that follow each other become one;
    a widget becomes a line of text, or what it says of itself as Markdown; tracebacks lose the folders of this machine
    (root is the course's).
    """
    notebook.metadata = {
        "kernelspec": dict(KERNELSPEC), "lab": notebook.metadata.get("lab", {}), "language_info": dict(LANGUAGE)
    }  # fmt: skip
    folders = machine_folders(root)
    count = 0
    for cell in notebook.cells:
        left_out = ("papermill", "execution") if cell.metadata.get("tags") else ("papermill", "execution", "tags")
        cell.metadata = {name: value for name, value in cell.metadata.items() if name not in left_out}
        if cell.cell_type != "code":
            continue
        executed = bool(cell.source.strip())
        count += executed
        cell.execution_count = count if executed else None
        cell.outputs = [_normal_output(output, count, folders) for output in merged_streams(cell.outputs)]


def merged_streams(outputs: list) -> list:
    """The outputs, with neighbouring texts of the same stream as one.

    >>> len(merged_streams([{"output_type": "stream", "name": "stdout", "text": each} for each in "ab"]))
    1
    """
    merged: list = []
    for output in outputs:
        before = merged[-1] if merged else {}
        if output["output_type"] == "stream" == before.get("output_type") and output["name"] == before["name"]:
            before["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def complaints(notebook: "NotebookNode", root: Path) -> Iterator[str]:
    """What bars a normalised notebook from being kept: an error outside the lesson, stderr, text that is not stable."""
    unstable = unstable_text(root)
    for number, cell in enumerate(notebook.cells, 1):
        name = cell_name(number, cell)
        expected = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.get("outputs", []):
            if output.output_type == "error" and not expected:
                yield f"{name} ends with an error ({output.ename}) and is not tagged raises-exception"
            if output.output_type == "stream" and output.name == "stderr":
                yield f"{name} writes to stderr ({_first_line(output.text)!r})"
            for text in _texts(output):
                if found := unstable.search(text):
                    yield f"{name} shows text that differs from run to run ({found[0][:60]!r})"
                    break


def unstable_text(root: Path) -> re.Pattern[str]:
    """Matches addresses of objects, temporary paths, and the folders of this machine.

    >>> unstable_text(Path("/home/me/course")).search("<Thing at 0x7f3a5c001d90>")[0]
    '0x7f3a5c001d90'
    """
    temporary = {tempfile.gettempdir(), str(Path(tempfile.gettempdir()).resolve()), "/tmp", "/var/folders"}
    places = [*(re.escape(f"{folder}/") for folder in temporary), r"AppData\\Local\\Temp"]
    places += [re.escape(str(root)), re.escape(str(Path.home())) + r"[/\\]"]
    return re.compile(r"\b0x[0-9a-fA-F]{6,}|(?<![\w.~/])(?:" + "|".join(places) + r")[^\s\"'<>]*")


def machine_folders(root: Path) -> list[str]:
    """The folders of this machine that a traceback may name, the deepest first, also as `~/...`."""
    paths = {*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), str(root)}
    home = str(Path.home())
    short = {f"~{path[len(home) :]}" for path in paths if path.startswith(home)}
    return sorted(paths | short, key=len, reverse=True)


def _normal_output(output: "NotebookNode", count: int, folders: list[str]) -> "NotebookNode":
    if output.output_type == "execute_result":
        output.execution_count = count
    if WIDGET in output.get("data", {}):
        text = {"text/plain": WIDGET_TEXT, "text/markdown": f"*{WIDGET_TEXT}*"}
        said = {kind: value for kind, value in output.data.items() if kind in text}
        output.data = said if len(said) == len(text) else text  # a widget that can be read as text says so itself
        output.metadata = {}
    if output.output_type == "error":
        for folder in folders:
            output.traceback = [line.replace(f"{folder}/", "").replace(f"{folder}\\", "") for line in output.traceback]
    return output


def _texts(output: "NotebookNode") -> list[str]:
    """Every text of an output, without colours; pictures are left out."""
    if output.output_type == "stream":
        texts = [output.text]
    elif output.output_type == "error":
        texts = [output.evalue, *output.traceback]
    else:
        texts = [str(value) for kind, value in output.data.items() if not PICTURE.match(kind)]
    return [COLOUR.sub("", text) for text in texts]


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0][:100]
