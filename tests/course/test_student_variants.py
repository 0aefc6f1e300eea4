"""Variants: stable values, a notebook that says whose it is, and a key that tells the truth; nothing is overwritten."""

import ast
import codecs
import collections
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labutils.course import catalog, parameters, results
from labutils.course.students import plain
from labutils.course.variants import (
    Variant,
    choose,
    key_text,
    lab_axes,
    make_variants,
    read_key,
    sharing,
    with_defaults,
    write_variants,
)
from labutils.errors import LabError
from tests.throwaway import COUNT, files_of

VARYING = "{steps: 2}\n#     variants:\n#       seed: 1..500\n#       mode: [float, int8]"
BODY = COUNT.replace("# # Counting", "# # Counting\n# ![](../img/one.png) and ![](../img/none.png)") + """
# %% tags=["check"]
from labutils.course.session import check_parameters
check_parameters("01", globals())
import json
print("HERE", json.dumps({"seed": seed, "steps": steps, "rate": rate, "mode": mode, "loud": loud}))
"""
CLASS = ["Ada", "Zoë Li", "=1+1", "O'Brien"]
NAMES = st.text(min_size=1).map(plain).filter(bool)
AXES = {"seed": range(1, 1000), "question": [8.0, 9.0, 11.0], "mode": ["float", "int8"]}


@pytest.fixture
def lab(make_lab, course):
    (course / "img").mkdir()
    (course / "img" / "README.md").write_text("![One.](one.png)\n![None.](none.png)\n")
    (course / "img" / "one.png").write_bytes(b"\x89PNG one")
    return make_lab(BODY, quick=VARYING)


def written(lab, students, folder, salt="", texts=()):
    return write_variants(lab, make_variants(lab, students, lab_axes(lab, texts), salt), folder)


def test_a_choice_is_the_same_for_ever():
    """If this fails, the keys that teachers have are worthless: mend the code, not the test."""
    digest = hashlib.sha256(b'["2026", "01_single_neuron", "Zo\\u00eb Li", "seed"]').hexdigest()
    assert 1 + int(digest, 16) % 999 == 382
    assert choose("01_single_neuron", "Zoë Li", AXES, "2026") == {"seed": 382, "question": 8.0, "mode": "int8"}


def test_a_choice_does_not_depend_on_the_process():
    code = f"from labutils.course.variants import *; print(choose('01_x', 'Zoë', {AXES!r}, 's'))"
    here = f"{choose('01_x', 'Zoë', AXES, 's')}\n"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert done.stdout == here, done.stderr


@given(NAMES, st.text(), st.permutations(list(AXES)))
def test_a_choice_does_not_depend_on_other_axes_or_on_how_a_name_is_composed(student, salt, order):
    together = choose("01_x", student, AXES, salt)
    assert choose("01_x", student, {name: AXES[name] for name in order}, salt) == together
    assert choose("01_x", unicodedata.normalize("NFD", student), AXES, salt) == together
    for name, values in AXES.items():
        assert choose("01_x", student, {name: values}, salt) == {name: together[name]}
        assert together[name] in values


def test_a_choice_depends_on_all_that_it_should():
    axes = {"a": range(10**9), "b": range(10**9)}
    one = choose("01_x", "Ada", axes, "salt")
    others = [("02_x", "Ada", "salt"), ("01_x", "ada", "salt"), ("01_x", "Ada", ""), ("01_xA", "da", "salt")]
    found = [tuple(choose(slug, student, axes, salt).values()) for slug, student, salt in others]
    numbers = [*one.values(), *(number for each in found for number in each)]
    assert len(set(numbers)) == len(numbers)


def test_values_are_spread_evenly_and_independently():
    axes = {"a": range(10), "b": range(10)}
    drawn = [tuple(choose("01_x", f"student {n}", axes).values()) for n in range(5000)]
    for count in [collections.Counter(values) for values in zip(*drawn, strict=True)]:
        chi_squared = sum((count[value] - 500) ** 2 / 500 for value in range(10))
        assert chi_squared < 27.9  # 9 degrees of freedom: one in a thousand is above
    pairs = collections.Counter(drawn)
    assert sum((pairs[a, b] - 50) ** 2 / 50 for a in range(10) for b in range(10)) < 148.2  # 99 degrees


CELL = '''\
seed: int = 7  # seed of every ünusual choice [-1000..1000]
rate: float = (
    0.5
)  # how fast [-1e6..1e6]
mode: str = "α"; loud: bool = False  # whether to shout
# a line of its own
text: str = """two
lines"""  # äöü
'''


@given(
    st.fixed_dictionaries({}, optional={
        "seed": st.integers(-1000, 1000), "rate": st.floats(-1e6, 1e6), "mode": st.text(), "loud": st.booleans(),
        "text": st.text(),
    })
)  # fmt: skip
def test_other_defaults_leave_the_rest_of_the_cell_alone(values):
    text = with_defaults(CELL, values)
    found = {each.name: each for each in parameters.parse_parameters(text, "a lab")}
    before = {each.name: each for each in parameters.parse_parameters(CELL, "a lab")}
    for name, each in found.items():
        old = before[name]
        assert (each.default, type(each.default)) == (values.get(name, old.default), type(old.default))
        assert (each.type, each.low, each.high) == (old.type, old.low, old.high)
        assert each.help == old.help or name in ("rate", "loud", "mode")  # their lines are odd on purpose
    assert text.startswith("seed: int = ") and "  # seed of every ünusual choice [-1000..1000]\n" in text
    assert "\n# a line of its own\n" in text and text.endswith("  # äöü\n")


def test_a_default_that_is_right_stays_as_it_is_written():
    line = "rate: float = 1e-2  # how fast"
    assert with_defaults(line, {"rate": 0.01}) == line
    assert with_defaults(line, {"rate": 0.02}) == "rate: float = 0.02  # how fast"
    assert with_defaults("mode: str = 'a'  # b", {"mode": "c"}) == 'mode: str = "c"  # b'


def test_each_student_gets_a_notebook_of_their_own(lab, course):
    key = written(lab, CLASS, course / "out")
    rows = {row["student"]: row for row in read_key(key)}
    assert list(rows) == CLASS
    for student, row in rows.items():
        path = course / "out" / row["folder"] / "01_count.ipynb"
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert len(code) == 3 and not any(cell.outputs or cell.execution_count for cell in code)
        (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
        declared = parameters.parse_parameters(cell.source, "a lab")
        assert {each.name: str(each.default) for each in declared}.items() <= row.items()
        assert [each.help for each in declared] == [each.help for each in parameters.read_parameters(lab)]
        values = {each.name: each.default for each in declared}
        variant = {"lab": "01_count", "student": student, "parameters": values}
        assert notebook.metadata["labutils"] == {"variant": variant}
        assert not any("injected" in str(cell.metadata) for cell in notebook.cells)
    assert {row["steps"] for row in rows.values()} == {"3"} and len({row["seed"] for row in rows.values()}) == 4


def test_the_pictures_of_the_lab_are_where_its_notebooks_look_for_them(lab, course):
    written(lab, CLASS, course / "out")
    source = nbformat.read(course / "out" / "Ada" / "01_count.ipynb", 4).cells[0].source
    assert "![One.](../img/one.png)" in source
    assert (course / "out" / "Ada" / ".." / "img" / "one.png").read_bytes() == b"\x89PNG one"
    assert [path.name for path in (course / "out" / "img").iterdir()] == ["one.png"]


def test_the_salt_stands_nowhere(lab, course):
    written(lab, CLASS, course / "out", salt="Sesame-77")
    assert not any(b"Sesame" in content for content in files_of(course / "out").values())


def test_again_is_the_same_and_a_longer_list_adds(lab, course):
    written(lab, CLASS, course / "out")
    first = files_of(course / "out")
    times = {path: path.stat().st_mtime_ns for path in (course / "out").glob("*/*.ipynb")}
    written(lab, CLASS, course / "out")
    assert files_of(course / "out") == first
    key = written(lab, ["Eve", *reversed(CLASS)], course / "out")
    then = files_of(course / "out")
    assert set(then) - set(first) == {str(Path("Eve", "01_count.ipynb"))}
    assert all(then[name] == first[name] for name in first if name != "key.csv")
    assert all(path.stat().st_mtime_ns == time for path, time in times.items())
    assert [row["student"] for row in read_key(key)] == ["Eve", *reversed(CLASS)]


def test_a_run_that_was_cut_off_is_finished(lab, course):
    written(lab, CLASS, course / "whole")
    written(lab, CLASS[:1], course / "out")
    (course / "out" / "key.csv").unlink()
    (course / "out" / "Zoë_Li").mkdir()
    (course / "out" / ".DS_Store").write_text("")
    written(lab, CLASS, course / "out")
    (course / "out" / ".DS_Store").unlink()
    assert files_of(course / "out") == files_of(course / "whole")


def test_the_key_comes_last(lab, course):
    key = written(lab, CLASS[:1], course / "out")
    before = key.read_bytes()
    (course / "out" / "Zoë_Li").write_text("in the way")
    with pytest.raises(LabError, match="Zoë_Li is a file"):
        written(lab, CLASS, course / "out")
    assert key.read_bytes() == before


def test_a_folder_with_something_else_is_left_alone(lab, make_lab, course):
    out = course / "out"
    other = make_lab(BODY.replace('"01"', '"02"'), "02_other", quick=VARYING)
    written(other, CLASS, course / "second")
    (course / "photos" / "2026").mkdir(parents=True)
    (course / "photos" / "2026" / "a.png").write_text("precious")
    (course / "a_file").write_text("precious")
    written(lab, CLASS, out)
    before = files_of(course)

    def refused(said, students=CLASS, folder=out, **more):
        with pytest.raises(LabError, match=said) as error:
            written(lab, students, folder, **more)
        assert files_of(course) == before and "\n" not in str(error.value)

    refused("second holds variants of lab 02_other: name another folder with -o", folder=course / "second")
    refused("photos holds other files, such as a.png: name another folder", folder=course / "photos")
    refused("a_file is a file", folder=course / "a_file")
    refused("Ada is no folder of this list: put back who is missing from it, or name", students=CLASS[1:])
    refused("Ada is no folder of this list", students=[*CLASS, "ada"])  # two that a Mac takes for one
    refused("01_count.ipynb is not what would be written .*--salt, -g or course", salt="other")
    refused("01_count.ipynb is not what would be written", texts=["seed=1..400"])
    path = out / "Ada" / "01_count.ipynb"
    path.write_text(path.read_text().replace("Counting", "My work"))
    before = files_of(course)
    refused("Ada/01_count.ipynb is not what would be written .changed since", students=[*CLASS, "Eve"])
    path.write_text("torn")
    before = files_of(course)
    refused("Ada/01_count.ipynb is not what would be written", students=[*CLASS, "Eve"])


@given(st.lists(NAMES | st.from_regex(r"'*[=+\-@＝＋－＠].*", fullmatch=True).map(plain), unique=True, min_size=1))
def test_the_key_is_read_back_right_and_runs_in_no_spreadsheet(tmp_path_factory, students):
    text = key_text([Variant(student, f"f{n}", {"seed": -n, "mode": "-x"}) for n, student in enumerate(students)])
    path = tmp_path_factory.getbasetemp() / "key.csv"
    path.write_bytes(text.encode())
    assert path.read_bytes().startswith(codecs.BOM_UTF8)  # else Excel takes it for its own alphabet
    wanted = [
        {"student": student, "folder": f"f{n}", "seed": str(-n), "mode": "-x"} for n, student in enumerate(students)
    ]
    assert read_key(path) == wanted
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        assert row["student"][0] not in "=+-@＝＋－＠" and row["mode"] == "'-x" and not row["seed"].startswith("'")


@pytest.mark.parametrize("content", [None, "", "student\nAda\n", "a,b\n1,2\n", b"\xff\xfe", '"'])
def test_what_is_no_key_is_one_sentence(tmp_path, content):
    path = tmp_path / "key.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(LabError, match=r"key.csv (is no key of variants|cannot be read)"):
        read_key(path)


def test_who_shares_all_values():
    made = [Variant(name, name, {"a": a, "b": b}) for name, a, b in [("x", 1, 1), ("y", 1, 2), ("z", 1, 1)]]
    assert sharing(made) == 2 and sharing(made[:2]) == 0 and sharing([]) == 0


def test_a_variant_runs_headless_with_the_values_of_the_key(lab, course):
    row = read_key(written(lab, CLASS, course / "out"))[1]
    executed = course / "executed.ipynb"
    words = ["papermill", f"out/{row['folder']}/01_count.ipynb", str(executed), "-k", "python3"]
    done = subprocess.run([sys.executable, "-m", *words], cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    notebook = nbformat.read(executed, 4)
    said = "".join(output.text for output in notebook.cells[-1].outputs)
    used = json.loads(said.removeprefix("HERE "))
    assert {name: str(value) for name, value in used.items()} == {name: row[name] for name in used}
    assert notebook.metadata["labutils"]["variant"]["student"] == row["student"] == "Zoë Li"
    with pytest.raises(LabError, match="no executed notebooks"):  # they are of no `labs run`, and passed over
        results.results([course])
    with pytest.raises(LabError, match="was not executed by `labs run`"):
        results.read_result(executed)


def test_a_header_with_a_wrong_value_is_refused_by_name(make_lab):
    for variants, said in [
        ("{seed: 1..2000}", "seed cannot be 1001"),
        ("{sed: [1]}", r"no parameter 'sed'.*did you mean seed\?"),
        ("{mode: [float, float]}", "mode has float twice"),
        ("{seed: }", "seed has no values"),
        ("{}", "names no parameters that vary: write -g NAME=VALUES"),
    ]:
        with pytest.raises(LabError, match=said):
            lab_axes(make_lab(quick=f"{{}}\n#     variants: {variants}"))
    with pytest.raises(LabError, match=r"01_count\.py has variants without names"):
        make_lab(quick="{}\n#     variants: [seed]")


def test_the_command_line_goes_before_the_header(lab):
    assert list(lab_axes(lab)) == ["seed", "mode"] and len(lab_axes(lab)["seed"]) == 500
    assert lab_axes(lab, ["rate=0.1,0.2"]) == {"rate": [0.1, 0.2]}


@pytest.mark.parametrize("lab", catalog.labs(), ids=lambda lab: lab.slug)
def test_every_lab_of_the_course_has_variants_or_says_that_it_has_none(lab, tmp_path):
    if not lab.variants:
        with pytest.raises(LabError, match=f"Lab {lab.number} names no parameters that vary"):
            lab_axes(lab)
        return
    made = make_variants(lab, [f"student {n}" for n in range(12)], lab_axes(lab))
    write_variants(lab, made, tmp_path / "out")
    known = parameters.read_parameters(lab)
    for each in made:
        assert parameters.check_against(known, each.parameters, lab.number) == each.parameters
        notebook = nbformat.read(tmp_path / "out" / each.folder / lab.notebook.name, 4)
        (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
        defaults = {one.target.id: ast.literal_eval(one.value) for one in ast.parse(cell.source).body}
        assert defaults == each.parameters
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
        shown = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown").count("](../img/")
    assert sharing(made) < len(made)
    pictures = len(list((tmp_path / "out" / "img").glob("*.png")))
    assert shown - 1 <= pictures <= shown  # one of the links leads to the gallery
