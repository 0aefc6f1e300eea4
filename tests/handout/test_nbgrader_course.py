"""`labs export nbgrader`: what is written, and what is refused."""

import ast
import re
from dataclasses import replace

import nbformat
import pytest

from labutils import cli
from labutils.course.catalog import find_lab
from labutils.course.execute import read_notebook
from labutils.errors import LabError
from labutils.exercises import catalog
from labutils.handout import nbgrader as handout
from tests.throwaway import files_of

LAB = "06_interpreter"
FILE = f"{LAB}.ipynb"


@pytest.fixture(scope="module")
def exported():
    """The files of every assignment, by lab."""
    return {lab.slug: handout.assignment(lab) for lab in handout.chosen_labs()}


def notebook_of(files, slug):
    return nbformat.reads(files[slug][f"{slug}.ipynb"].decode(), as_version=4)


def test_every_lab_with_exercises_is_an_assignment(exported):
    assert [slug[:2] for slug in exported] == list(catalog.labs())
    marked = [
        cell.metadata.nbgrader.grade_id
        for slug in exported
        for cell in notebook_of(exported, slug).cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert marked == [handout.grade_id(name) for name in catalog.exercises()]


def test_nbgrader_leaves_the_cells_of_the_course(exported):
    """Its own preprocessors, with our configuration, make of every code cell what the course's notebook has."""
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
    from traitlets.config import Config

    clear = [ClearSolutions(config=configuration()), ClearHiddenTests(config=Config())]
    for slug in exported:
        notebook = notebook_of(exported, slug)
        MetadataValidator().validate_nb(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        for preprocessor in clear:
            notebook, _ = preprocessor.preprocess(notebook, {})
        ours = read_notebook(find_lab(slug))
        code = [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]
        assert code == [(cell.id, cell.source) for cell in ours.cells if cell.cell_type == "code"]
        assert not any(cell.get("outputs") for cell in notebook.cells)


def configuration():
    """What the written configuration says, read as nbgrader reads it."""
    from traitlets.config import Config

    config = Config()
    exec(handout.CONFIG, {"get_config": lambda: config, "__file__": "marking/nbgrader_config.py"})
    return config


@pytest.mark.parametrize("name", catalog.exercises())
def test_a_solution_is_ours_with_all_it_needs_inside(name):
    exercise = catalog.find(name)
    (found,) = ast.parse(handout.solution_text(exercise)).body
    before, after = [], []
    for node in ast.parse(exercise.solution).body:
        ours = isinstance(node, ast.FunctionDef) and node.name == exercise.function
        (after.extend(node.body) if ours else before.append(node))
    assert [ast.dump(node) for node in found.body] == [ast.dump(node) for node in before + after]
    assert ast.unparse(found.args) == ast.unparse(ast.parse(exercise.stub).body[0].args)


def test_every_picture_goes_along_and_no_link_leads_out(exported):
    shown = 0
    for slug, files in exported.items():
        text = "\n".join(cell.source for cell in notebook_of(exported, slug).cells if cell.cell_type == "markdown")
        links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith("https://")]
        assert set(links) == files.keys() - {f"{slug}.ipynb"}, slug
        assert all(files[link].startswith(b"\x89PNG") for link in links)
        shown += len(links)
    assert shown > 20


def test_a_course_can_be_added_to(tmp_path, capsys):
    folder = tmp_path / "marking"
    assert cli.main(["export", "nbgrader", str(folder), "--lab", "1"]) == 0
    config = folder / handout.CONFIG_FILE
    config.write_text(config.read_text() + "c.Execute.timeout = 5\n")
    before = files_of(folder)
    capsys.readouterr()
    assert cli.main(["export", "nbgrader", str(folder), "--lab", "06", "01", "--lab", "6"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (f"2 assignments in {folder}; there: nbgrader generate_assignment 01_single_neuron\n", "")
    after = files_of(folder)
    assert before.items() <= after.items() and f"source/{LAB}/{FILE}" in after


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["marking", "--lab", "99"], "There is no lab '99'"),
        (["marking", "--lab", "00"], "Lab 00_on_device_ai has no exercises to mark: choose from 01, 02"),
        (["marking", "--students", "nobody.csv"], "cannot be read (No such file or directory)"),
        (["Notebooks"], "a name that the course keeps for itself"),
        (["used"], "holds other files: name a new folder"),
        (["theirs"], "holds other files: name a new folder"),
        (["file"], "is a file: name a folder"),
        (["changed"], "is not what would be written"),
    ],
)
def test_refusals(tmp_path, capsys, arguments, said):
    handout.write_course(tmp_path / "changed", [find_lab("06")])
    (tmp_path / "changed" / "source" / LAB / FILE).write_text("{}")
    for name, file in (("used", "essay.txt"), ("theirs", handout.CONFIG_FILE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text("c = get_config()\n")
    (tmp_path / "file").write_text("")
    before = files_of(tmp_path)
    arguments = [str(tmp_path / arguments[0]), *arguments[1:]]
    assert cli.main(["export", "nbgrader", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("labs: ") and said in err and err.count("\n") == 1
    assert files_of(tmp_path) == before


def test_a_course_without_solutions_is_refused(monkeypatch, tmp_path):
    bare = {name: replace(exercise, solution="") for name, exercise in catalog.exercises().items()}
    monkeypatch.setattr(catalog, "exercises", lambda: bare)
    with pytest.raises(LabError, match="solutions were taken out of this course: export from"):
        handout.write_course(tmp_path / "marking", [find_lab("06")])
    assert not list(tmp_path.iterdir())
