"""From `notebooks/source/NN_slug.py` to the executed notebook that is kept in git."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course import source
from labutils.course.catalog import Lab
from labutils.course.execute import OnCell, execute_notebook, notebook_text, read_notebook
from labutils.course.normal import complaints, normalise
from labutils.course.parameters import check_against, parse_parameters
from labutils.course.usage import Limits
from labutils.errors import LabError
from labutils.files import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode


def build_lab(lab: Lab, *, timeout: int = 600, on_cell: OnCell | None = None) -> Path:
    """Renders the lab's source, executes it with its defaults in a fresh kernel, normalises it, and writes it whole.

    The kernel works in `notebooks/` and the lab writes to the course's own build/. Two builds give the same bytes, as
    far as the lab's cells do. timeout: seconds for one cell. Raises LabError, with nothing written, when a cell fails,
    writes to stderr, or shows text that differs from run to run.
    """
    notebook = source.read_source(lab.source)
    _check_parameters(lab, notebook)
    ending, _ = execute_notebook(notebook, lab.notebook.parent, limits=Limits(timeout), on_cell=on_cell)
    if ending.outcome == "interrupted":
        raise KeyboardInterrupt
    if ending.outcome != "passed":
        where = ending.cell or "its kernel"
        raise LabError(f"Lab {lab.slug} is not built: {where}: {ending.outcome}: {ending.message}.")
    root = lab.notebook.parent.parent
    normalise(notebook, root)
    if found := next(complaints(notebook, root), None):
        raise LabError(f"Lab {lab.slug} is not built: {found}: quiet the cell, or tag it.")
    return write_whole(lab.notebook, notebook_text(notebook))


def drift(lab: Lab) -> str | None:
    """In a sentence, how the built notebook differs from its source, cell by cell; None when they say the same.

    Executes nothing; outputs are not looked at.
    """
    if not lab.notebook.exists():
        return f"{lab.notebook.name} is not built yet: run `labs build {lab.number}`."
    wanted, built = source.read_source(lab.source), read_notebook(lab)
    cure = f"run `labs build {lab.number}`"
    if built.metadata.get("lab") != wanted.metadata["lab"]:
        return f"{lab.notebook.name} has another header than its source: {cure}."
    for number, (want, have) in enumerate(zip(wanted.cells, built.cells, strict=False), 1):
        if _substance(want) != _substance(have):
            return f"{lab.notebook.name} differs from its source in cell {number} ({want.id}): {cure}."
    if len(wanted.cells) != len(built.cells):
        return f"{lab.notebook.name} has {len(built.cells)} cells, its source {len(wanted.cells)}: {cure}."
    return None


def _check_parameters(lab: Lab, notebook: "NotebookNode") -> None:
    """Raises LabError for a parameters cell, or a quick profile, that a later run would trip over."""
    texts = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    check_against(parse_parameters(texts[0], lab.slug) if texts else (), lab.quick, lab.number)


def _substance(cell: "NotebookNode") -> tuple[Any, ...]:
    return cell.cell_type, cell.get("id"), cell.source, cell.metadata.get("tags", [])
