"""A lab to be done from memory: its prose, without its code."""

from pathlib import Path

from labutils.course import source
from labutils.course.catalog import Lab
from labutils.course.execute import notebook_text
from labutils.errors import LabError
from labutils.files import write_whole
from labutils.paths import course_root

KEPT = ("parameters", "given", "setup")  # what is given: names that the prose counts on
ASKING = ("check(", "quiz(")  # cells that only ask
MOST = 99


def write_practice(lab: Lab) -> Path:
    """Write build/practice/NN_slug.ipynb: code cells are empty, but for parameters, set-up, stubs and checks.

    A copy that is there already is not touched: the next one gets a number. Raises LabError where it cannot be written.
    """
    notebook = source.read_source(lab.source)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if not _given(cell):
                cell.source = ""
        else:
            cell.source = cell.source.replace("](../img/", "](../../img/")
    folder = course_root() / "build" / "practice"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LabError(f"The folder {folder} cannot be made ({error.strerror}): free it.") from None
    return write_whole(_free(folder, lab.slug), notebook_text(notebook))


def _given(cell) -> bool:
    tags = cell.metadata.get("tags", [])
    return any(tag in KEPT or tag.startswith("exercise-") for tag in tags) or cell.source.startswith(ASKING)


def _free(folder: Path, slug: str) -> Path:
    names = [f"{slug}.ipynb", *(f"{slug}-{number}.ipynb" for number in range(2, MOST))]
    for name in names:
        if not (folder / name).exists():
            return folder / name
    raise LabError(f"{folder} holds {MOST} copies of lab {slug}: delete some.")
