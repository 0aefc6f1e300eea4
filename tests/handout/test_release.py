"""Releases: whole, without answers, the same each time; they refuse what they would spoil, and they work elsewhere."""

import ast
import errno
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from labutils.cli import main
from labutils.course import parameters, source
from labutils.course.catalog import find_lab, labs
from labutils.course.stamp import outcomes
from labutils.course.variants import choose, lab_axes, read_key
from labutils.errors import LabError
from labutils.exercises.catalog import exercises
from labutils.handout import bundle, bundle_needs, release_stamp, release_zip
from labutils.handout.release import bundle_name, write_release
from labutils.handout.release_students import write_releases
from labutils.models import asset
from tests.exercises.right_answers import RIGHT
from tests.throwaway import files_of

TEXTS = (".py", ".ipynb", ".md", ".json", ".jinja", ".html", ".js", ".toml")
CLASS = ["Ada", "Zoë Li", "=1+1"]
ASSETS = {path.name for path in asset("neuron.tflite").parent.iterdir()} - {"SHA256SUMS", "training.json"}


@pytest.fixture(autouse=True)
def in_the_course(root, monkeypatch):
    monkeypatch.chdir(root)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Labs 01 and 06, released once."""
    out = tmp_path_factory.mktemp("release") / "out"
    return write_release([find_lab("06"), find_lab("01"), find_lab("06")], out)


@pytest.fixture(scope="module")
def elsewhere(made, tmp_path_factory):
    """Its zip, unpacked in another place."""
    folder = tmp_path_factory.mktemp("a student's")
    with zipfile.ZipFile(made.zips[0]) as archive:
        archive.extractall(folder)
    return folder / "labs-01-06"


@pytest.fixture
def five(tmp_path):
    """Lab 05, which loads no weights: the smallest release there is."""
    return [find_lab("05")], tmp_path / "out"


def refused(said, call, *arguments, **options):
    """One sentence, and nothing changed; the folder comes last in the arguments."""
    before = files_of(arguments[-1])
    with pytest.raises(LabError, match=said) as error:
        call(*arguments, **options)
    assert "\n" not in str(error.value) and files_of(arguments[-1]) == before


# What is in it


def test_the_zip_is_the_folder_and_the_same_whenever_it_is_made(made, elsewhere, tmp_path):
    assert made.folder.name == "labs-01-06" and made.new == 1 and made.files == len(files_of(elsewhere))
    assert files_of(made.folder) == files_of(elsewhere)
    with zipfile.ZipFile(made.zips[0]) as archive:
        entries = archive.infolist()
    assert [each.filename for each in entries] == sorted(each.filename for each in entries)
    assert {each.date_time for each in entries} == {(2020, 1, 1, 0, 0, 0)}
    assert {each.filename.partition("/")[0] for each in entries} == {"labs-01-06"}
    second = write_release([find_lab("01"), find_lab("06")], tmp_path / "second")
    assert second.zips[0].read_bytes() == made.zips[0].read_bytes()


def test_only_what_these_labs_need(elsewhere):
    names = set(files_of(elsewhere))
    assert {name for name in names if name.startswith("notebooks")} == {
        "notebooks/01_single_neuron.ipynb", "notebooks/06_interpreter.ipynb", "notebooks/measured.json",
        "notebooks/source/01_single_neuron.py", "notebooks/source/06_interpreter.py",
    }  # fmt: skip
    weights = {"digits_cnn.tflite", "digits_cnn_int8.tflite", "mobilenet_v2_digits.tflite"}
    kept = {Path(name).name for name in names if name.startswith("labutils/assets/")}
    assert kept == weights | {"SHA256SUMS"}
    sums = (elsewhere / "labutils" / "assets" / "SHA256SUMS").read_text()
    assert {line.split()[1].lstrip("*") for line in sums.splitlines()} == weights
    costs = json.loads((elsewhere / "notebooks" / "measured.json").read_text())
    assert costs.keys() == {"machine", "date", "01_single_neuron", "06_interpreter"}
    others = r"(tests|training|benchmarks|build|\.|labutils/device/litert_js/)|.*(__pycache__|\.pyc|\.svg|/\.)"
    assert [name for name in names if re.match(others, name)] == []
    assert {"LICENSE", "LICENSE-CC-BY-4.0", "Makefile", "README.md", "environment.yml", "labs.py"} <= names
    assert {"pyproject.toml", "requirements.lock", "release.json", "labutils/report/assets/page.css"} <= names
    teachers = [name for name in names if name.startswith(bundle.TEACHERS)]
    assert sorted(teachers) == ["labutils/handout/__init__.py", "labutils/marking/__init__.py"]


def test_a_release_of_lab_07_has_its_data(root):
    material = bundle.gather(root, [find_lab("07")], False)
    assert "notebooks/support.json" in material.shared


def flat(path):
    """The text of a file in one line, without the marks of doctests; of a notebook the sources of its cells."""
    text = path.read_text(errors="replace")
    if path.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return " ".join(re.sub(r"^\s*(>>>|\.\.\.)( |$)", "", text, flags=re.M).split())


def test_no_solution_is_anywhere_in_it(tmp_path):
    """Of no lab, and in no form: as the exercise has it, in a docstring, in a notebook, in a comment."""
    folder = write_release(labs(), tmp_path).folder
    assert folder.name == "labs-all"
    texts = {path: flat(path) for path in folder.rglob("*") if path.suffix in TEXTS}
    assert len(texts) > 300
    for name, exercise in exercises().items():
        lines = exercise.solution.splitlines()
        function = [node for node in ast.parse(exercise.solution).body if isinstance(node, ast.FunctionDef)][-1]
        body = " ".join("\n".join(lines[function.body[0].lineno - 1 : function.end_lineno]).split())
        explained = " ".join(exercise.explanation.split())[:60]
        for path, text in texts.items():
            assert body not in text, f"{path} has the solution of {name}"
            assert explained not in text, f"{path} explains the solution of {name}"
    for path in (folder / "labutils" / "exercises").glob("lab*.py"):
        code = path.read_text()
        assert code.count('solution=""') == code.count('explanation=""') == code.count("= Exercise(") > 3


def test_all_else_of_the_exercises_stays(root):
    for path in sorted((root / "labutils" / "exercises").glob("lab*.py")):
        names: dict = {}
        exec(compile(bundle.withhold(path.read_text(), path.name), path.name, "exec"), names)
        for one in names["EXERCISES"]:
            whole = exercises()[one.name]
            assert (one.prompt, one.stub, one.hints) == (whole.prompt, whole.stub, whole.hints)
            assert (one.check, one.symptoms) == (whole.check, whole.symptoms) and not one.solution + one.explanation


@pytest.mark.parametrize("text", [
    "S = 'x'\nE = Exercise(name='1.a', solution=S, explanation='So.')",
    "E = Exercise(name='1.a', solution='x', explanation=f'{1}')",
    "E = Exercise('1.a', 'p', 's', (), 'x', 'So.', c)",
    "E = Exercise(**{'solution': 'x'})",
])  # fmt: skip
def test_a_solution_that_would_stay_behind_is_refused(text):
    with pytest.raises(LabError, match=r"solutions of lab01\.py cannot be taken out: write `solution=`"):
        bundle.withhold(text, "lab01.py")


def test_with_solutions_they_are_all_there(root, five):
    chosen, out = five
    folder = write_release(chosen, out, solutions=True).folder
    for path in (root / "labutils" / "exercises").rglob("*.py"):
        assert (folder / path.relative_to(root)).read_bytes() == path.read_bytes()
    assert json.loads((folder / "release.json").read_text())["solutions"] is True
    assert 'solution("05.flex_operators")' in (folder / "README.md").read_text()


def test_a_release_cannot_give_what_it_has_not(made, monkeypatch, tmp_path):
    monkeypatch.chdir(made.folder)
    refused("was released without solutions", write_release, [find_lab("06")], tmp_path, solutions=True)


def test_notebooks_have_stubs_no_outputs_and_say_which_lab_they_are(made, elsewhere):
    for lab in (find_lab("01"), find_lab("06")):
        notebook = nbformat.read(elsewhere / "notebooks" / lab.notebook.name, 4)
        nbformat.validate(notebook)
        course = source.read_source(lab.source)
        assert [(cell.id, cell.source) for cell in notebook.cells] == [(cell.id, cell.source) for cell in course.cells]
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code)
        asked = [cell.source.strip() for cell in code if "exercise-" in str(cell.metadata.get("tags"))]
        assert asked == [each.stub for each in exercises().values() if each.name.startswith(lab.number)]
        assert notebook.metadata["labutils"] == {"release": {"lab": lab.slug, "version": "0.1.0"}}
        shown = re.findall(r"\]\(\.\./(img/[^)]+)\)", "".join(cell.source for cell in notebook.cells))
        assert shown and all((elsewhere / name).is_file() for name in shown)


def test_answers_in_the_teachers_own_notebook_are_not_handed_out(make_lab, course, root):
    """Its source goes out, and a sentence says so."""
    from labutils.course.execute import notebook_text
    from labutils.handout.release import notes

    lab = make_lab()
    notebook = source.read_source(lab.source)
    lab.notebook.write_text(notebook_text(notebook))
    assert notes([lab]) == ()
    notebook.cells[-1].source += "\nmy_answer = 42"
    lab.notebook.write_text(notebook_text(notebook))
    assert re.search(r"Lab 01 goes out as its source has it: .*differs from its source in cell", notes([lab])[0])
    (course / "labutils" / "exercises").mkdir(parents=True)
    (course / "labutils" / "exercises" / "desk.py").write_text("")
    (course / "labutils" / "assets").mkdir()
    (course / "labutils" / "assets" / "SHA256SUMS").write_text("")
    for name in bundle.AS_THEY_ARE:
        (course / name).write_bytes((root / name).read_bytes())
    files = bundle.bundle(bundle.gather(course, [lab], False), release_stamp.make_stamp(course, [lab], False))
    assert b"my_answer" not in files["notebooks/01_count.ipynb"] and b"Counting" in files["notebooks/01_count.ipynb"]


def test_release_json_and_the_readme(root, elsewhere):
    stamp = release_stamp.read_stamp((elsewhere / "release.json").read_bytes())
    assert stamp.labs == ("01_single_neuron", "06_interpreter") and not stamp.solutions and not stamp.student
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", stamp.date) and stamp.version == "0.1.0"
    if (root / ".git").exists():
        assert re.fullmatch(r"[0-9a-f]{12}(-dirty)?", stamp.revision)
    text = (elsewhere / "README.md").read_text()
    assert "make lab\n" in text and "conda env create" in text and "python3.12 -m venv" in text
    assert "| `notebooks/06_interpreter.ipynb` | `Your_Name_06_interpreter.ipynb` |" in text
    assert stamp.date in text and "without solutions" in text and "solution(" not in text
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (elsewhere / target).exists()
    assert all(len(line) <= 120 for line in text.splitlines())


def test_a_course_without_git_has_no_revision(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "7"\n')
    assert release_stamp.make_stamp(tmp_path, [], False).revision == ""
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", "")
    assert release_stamp.make_stamp(tmp_path, [], False) == release_stamp.Stamp((), _today(), "7", "", False)
    (tmp_path / "pyproject.toml").write_text("torn")
    with pytest.raises(LabError, match="names no version"):
        release_stamp.make_stamp(tmp_path, [], False)


def _today():
    import datetime

    return datetime.date.today().isoformat()


# Which weights a lab reads


def judges(number, seen=None):
    """The texts of all modules of exercises that those of a lab are made of."""
    seen = {} if seen is None else seen
    names = [f"labutils.exercises.lab{number}"]
    while names:
        name = names.pop()
        path = Path(f"{name.replace('.', '/')}.py")
        if name in seen or not path.exists():
            continue
        seen[name] = path.read_text()
        for node in ast.walk(ast.parse(seen[name])):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("labutils.exercises"):
                names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return seen.values()


def read_by(text, whole_lab):
    """The weights that some code names, or loads by the functions of labutils.models."""
    strings = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    found = {
        name for name in ASSETS if name in strings and f'/ "{name}"' not in text
    }  # those are files of the lab's own
    code = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    if whole_lab:
        found |= {f"{each}.tflite" for each in strings if f"{each}.tflite" in ASSETS and "asset(f" in code}
        if re.search(r"models\.mobilenet_v2_digits(\(\)|,)|pretrained\.load\(", code):
            found.add("mobilenet_v2_digits.npz")
        if re.search(r'digits_cnn\("digits"\)|support\.trial', code):
            found.add("digits_cnn.tflite")
    return found


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
def test_every_lab_has_the_weights_that_its_code_reads(lab):
    """Read from the code; what is in no code, executing released labs has shown, all of them once by hand."""
    found = read_by(lab.source.read_text(), True).union(*(read_by(text, False) for text in judges(lab.number)))
    assert found <= set(bundle_needs.WEIGHTS[lab.slug])
    assert set(bundle_needs.WEIGHTS[lab.slug]) <= ASSETS
    assert bool(re.search(r"labutils\.support|support\.json", lab.source.read_text())) == bool(
        bundle_needs.BESIDE[lab.slug]
    )


def test_a_lab_that_nobody_knows_gets_all_weights(make_lab):
    assert set(bundle_needs.weights([make_lab(slug="99_new")])) == ASSETS


# Where it is written to


def test_again_the_same_is_left_alone_whatever_the_day(five, monkeypatch):
    chosen, out = five
    write_release(chosen, out)
    before, times = files_of(out), {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    ordinary = release_stamp.make_stamp
    monkeypatch.setattr(
        "labutils.handout.release.make_stamp",
        lambda *given: release_stamp.replace(ordinary(*given), date="2099-01-01", revision="another"),
    )
    assert write_release(chosen, out).new == 0
    assert files_of(out) == before and {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times


def test_what_would_be_spoilt_is_refused_and_replaced_only_on_request(five):
    chosen, out = five
    folder = write_release(chosen, out).folder
    refused("lab-05.zip is not what would be written .*--again", write_release, chosen, out, solutions=True)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "python").write_text("an environment")
    write_release(chosen, out, solutions=True, again=True)
    assert b"converter" in (folder / "labutils" / "exercises" / "lab05.py").read_bytes()
    write_release(chosen, out, again=True)
    assert 'solution=""' in (folder / "labutils" / "exercises" / "lab05.py").read_text()
    assert (folder / ".venv" / "python").exists()
    notebook = folder / "notebooks" / "05_tf_select.ipynb"
    notebook.write_text(notebook.read_text().replace("TF Select", "My work"))
    refused("lab-05 is not what would be written", write_release, chosen, out)
    write_release(chosen, out, again=True)
    assert "My work" not in notebook.read_text()


def test_what_an_older_release_had_goes(five):
    chosen, out = five
    made = write_release(chosen, out)
    old = release_zip.unpacked(made.zips[0]) | {"labutils/old/room.py": b"x = 1\n"}
    made.zips[0].write_bytes(release_zip.packed(old, "lab-05"))
    (made.folder / "labutils" / "old").mkdir()
    (made.folder / "labutils" / "old" / "room.py").write_text("x = 1\n")
    write_release(chosen, out, again=True)
    assert not (made.folder / "labutils" / "old").exists() and (made.folder / "labutils" / "paths.py").exists()


def test_a_run_that_was_cut_off_is_finished(five):
    import shutil

    chosen, out = five
    made = write_release(chosen, out)
    before = files_of(out)
    shutil.rmtree(made.folder)
    (out / ".lab-05.1.part").mkdir()
    assert write_release(chosen, out).new == 0
    assert files_of(out) == before


def test_releases_lie_side_by_side_and_nothing_else_beside_them(five, root):
    chosen, out = five
    write_release(chosen, out)
    write_releases([find_lab("05")], ["Ada"], out)
    write_release([find_lab("00")], out)
    assert {path.name for path in out.iterdir()} == {
        "lab-05", "lab-05.zip", "lab-00", "lab-00.zip", "Ada.zip", "key.csv"
    }  # fmt: skip
    (out / "holiday.jpg").write_text("precious")
    refused(r"holds other files, such as holiday\.jpg: name another folder with -o", write_release, chosen, out)
    refused(r"holds other files", write_releases, chosen, ["Ada"], out)
    refused("is within labutils", write_release, chosen, root / "labutils" / "handout")


def test_a_folder_or_zip_of_somebodys_own_is_never_replaced(five):
    chosen, out = five
    (out / "lab-05").mkdir(parents=True)
    (out / "lab-05" / "thesis.txt").write_text("precious")
    refused("holds other files, such as lab-05", write_release, chosen, out, again=True)
    (out / "lab-05" / "thesis.txt").unlink()
    (out / "lab-05.zip").write_bytes(b"precious")
    refused(r"holds other files, such as lab-05\.zip", write_release, chosen, out, again=True)
    (out / "lab-05.zip").unlink()
    assert write_release(chosen, out).new == 1  # an empty folder is in nobody's way


def test_a_full_disk_is_one_sentence_and_leaves_no_half_of_a_folder(five, monkeypatch):
    chosen, out = five
    ordinary, count = Path.write_bytes, iter(range(10**6))

    def write_bytes(self, content):
        if next(count) == 100:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return ordinary(self, content)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(LabError, match="cannot be written .No space left on device") as error:
        write_release(chosen, out)
    assert "\n" not in str(error.value)
    assert [path.name for path in out.iterdir()] == ["lab-05.zip"]
    (out.parent / "a file").write_text("")
    with pytest.raises(LabError, match="is a file"):
        write_release(chosen, out.parent / "a file")


@pytest.mark.parametrize("missing", ["Makefile", "labutils/exercises/desk.py"])
def test_half_a_course_is_not_handed_out(missing, course, make_lab, root):
    lab = make_lab()
    for name in {*bundle.AS_THEY_ARE, "labutils/exercises/desk.py"} - {missing}:
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_bytes((root / name).read_bytes())
    with pytest.raises(LabError, match=r"Makefile is missing|holds notebooks but no labutils"):
        bundle.gather(course, [lab], False)


def test_a_torn_zip_holds_nothing(tmp_path):
    path = tmp_path / "a.zip"
    content = release_zip.packed({"release.json": b"{}" * 500}, "x")
    for torn in (b"", b"PK", content[: len(content) // 2], content.replace(b"PK\x01\x02", b"PK\x01\x03")):
        path.write_bytes(torn)
        assert release_zip.unpacked(path) == {} and release_zip.one_file(path, "release.json") == b""
    path.write_bytes(content)
    assert release_zip.one_file(path, "release.json") == b"{}" * 500 and release_zip.one_file(path, "x") == b""


# For students by name


def unzipped(path):
    found = release_zip.unpacked(path)
    assert found
    return found


def test_each_student_has_a_zip_with_values_of_their_own(tmp_path):
    one, five = find_lab("01"), find_lab("05")
    made = write_releases([one, five], CLASS, tmp_path, salt="Sesame-77")
    rows = {row["student"]: row for row in read_key(made.key)}
    assert list(rows) == CLASS and made.new == 3 and made.folder is None and made.alike == 0
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in made.zips} | {"key.csv"}
    for student, path in zip(CLASS, made.zips, strict=True):
        files, row = unzipped(path), rows[student]
        assert path.stem == row["folder"] and "key.csv" not in files
        assert not any(b"Sesame" in content for content in files.values())
        chosen = choose(one.slug, student, lab_axes(one), "Sesame-77")
        assert {f"01.{name}": str(value) for name, value in chosen.items()}.items() <= row.items()
        notebook = nbformat.reads(files["notebooks/01_single_neuron.ipynb"].decode(), 4)
        (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
        values = {each.name: each.default for each in parameters.parse_parameters(cell.source, "01")}
        assert {f"01.{name}": str(value) for name, value in values.items()}.items() <= row.items()
        assert cell.source in files["notebooks/source/01_single_neuron.py"].decode()
        own = notebook.metadata["labutils"]
        assert own["variant"] == {"lab": one.slug, "student": student, "parameters": values}
        assert own["release"] == {"lab": one.slug, "version": "0.1.0", "student": student}
        stamp = release_stamp.read_stamp(files["release.json"])
        assert stamp.student == student and stamp.labs == (one.slug, five.slug)
        assert f"`{row['folder']}_01_single_neuron.ipynb`" in files["README.md"].decode()
    assert len({row["01.seed"] for row in rows.values()}) == 3
    with zipfile.ZipFile(made.zips[1]) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {"labs-01-05"}


def test_a_lab_of_which_nothing_varies_goes_out_as_it_is(tmp_path):
    lab = next(lab for lab in labs() if not lab.variants)
    made = write_releases([lab], ["Ada"], tmp_path)
    assert made.alike is None and read_key(made.key) == [{"student": "Ada", "folder": "Ada"}]
    files = unzipped(made.zips[0])
    assert files[f"notebooks/source/{lab.source.name}"] == lab.source.read_bytes()
    own = json.loads(files[f"notebooks/{lab.notebook.name}"])["metadata"]["labutils"]
    assert own == {"release": {"lab": lab.slug, "version": "0.1.0", "student": "Ada"}}


def test_what_is_given_varies_in_the_labs_that_have_it(tmp_path):
    chosen = [find_lab("01"), find_lab("06")]
    made = write_releases(chosen, CLASS, tmp_path, texts=["steps=70"])
    rows = read_key(made.key)
    own = {each.name: str(each.default) for each in parameters.read_parameters(chosen[0])}
    assert all(row["01.steps"] == "70" and row["01.seed"] == own["seed"] for row in rows)
    assert any(name.startswith("06.") for name in rows[0]) == bool(chosen[1].variants)
    with pytest.raises(LabError, match="no parameter 'stepps'"):
        write_releases(chosen, CLASS, tmp_path / "b", texts=["stepps=70"])


def test_a_longer_list_adds_and_another_is_refused(five):
    chosen, out = [find_lab("01")], five[1]
    made = write_releases(chosen, CLASS, out)
    first, times = files_of(out), {path: path.stat().st_mtime_ns for path in made.zips}
    assert write_releases(chosen, CLASS, out).new == 0 and files_of(out) == first
    longer = write_releases(chosen, ["Eve", *CLASS], out)
    assert longer.new == 1 and {path: path.stat().st_mtime_ns for path in made.zips} == times
    assert [row["student"] for row in read_key(longer.key)] == ["Eve", *CLASS]
    refused("key.csv is of another release: it has Eve otherwise", write_releases, chosen, CLASS, out)
    refused("key.csv is of another release", write_releases, chosen, ["Eve", *CLASS], out, salt="x")
    refused("Eve.zip is not what would be written", write_releases, chosen, ["Eve", *CLASS], out, solutions=True)
    again = write_releases(chosen, CLASS, out, salt="x", again=True)
    assert again.new == 3 and [row["student"] for row in read_key(again.key)] == CLASS


# The command


def test_the_command_says_what_it_did(tmp_path, capsys):
    names = tmp_path / "names.csv"
    names.write_text("Ada\nZoë Li\n", encoding="utf-8")
    out = str(tmp_path / "out")
    assert main(["release", "5", "-o", out]) == 0
    said = capsys.readouterr().out
    assert "lab-05.zip, unpacked beside it" in said and "without solutions" in said
    assert main(["release", "5", "-o", out]) == 0 and "there already" in capsys.readouterr().out
    assert main(["release", "5", "-o", out, "--students", str(names)]) == 0
    assert "2 zips in" in capsys.readouterr().out
    assert main(["release", "5", "-o", out, "--students", str(names)]) == 0
    assert "(2 of them were there already)" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "said"), [
    (["99"], "There is no lab '99': the labs are 00_on_device_ai"),
    (["5", "--salt", "x"], "--salt and -g say how students differ"),
    (["5", "-g", "seed=1..3"], "--students names.csv"),
    (["5", "--students", "no such file"], "cannot be read"),
])  # fmt: skip
def test_the_command_refuses_in_one_sentence(words, said, tmp_path, capsys):
    assert main(["release", *words, "-o", str(tmp_path / "out")]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1 and not (tmp_path / "out").exists()


def test_names_of_bundles():
    assert bundle_name([find_lab("05")]) == "lab-05" and bundle_name(labs()) == "labs-all"


# Elsewhere, with labutils out of the bundle


def there(elsewhere, *words):
    environment = {**os.environ, "PYTHONPATH": str(elsewhere), "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, *words], cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=300
    )


def test_the_labs_command_knows_these_labs_alone(elsewhere):
    listed = there(elsewhere, "-m", "labutils.cli", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert [each["number"] for each in json.loads(listed.stdout)["labs"]] == ["01", "06"]
    examined = there(elsewhere, "-m", "labutils.cli", "doctor", "--json")
    findings = {each["name"]: each for each in json.loads(examined.stdout)}
    assert findings["course"]["found"] == str(elsewhere) and findings["packages"]["state"] == "ok"
    practised = there(elsewhere, "-m", "labutils.cli", "practice", "06")
    assert practised.returncode == 0, practised.stderr
    other = there(elsewhere, "-m", "labutils.cli", "run", "05")
    assert other.returncode == 2 and "the labs are 01_single_neuron, 06_interpreter" in other.stderr
    teachers = there(elsewhere, "-m", "labutils.cli", "release", "06")
    assert teachers.returncode == 2 and teachers.stderr == "labs: " + re.search(r'"(This .*)"', bundle.STUB)[1] + "\n"
    assert there(elsewhere, "-c", "import labs; labs.parameters('01')").returncode == 0


def test_checks_hints_and_kept_solutions(elsewhere):
    code = """
import labutils
from labutils.exercises import check, hint, solution
print(labutils.__file__)
ANSWER
print(check("06.answer", answer).outcome, check("01.newest_version", max).outcome)
print(solution("06.answer"))
print(solution("09.roofline"))
for _ in range(5):
    last = hint("06.answer")
print(last.text)
""".replace("ANSWER", next(iter(RIGHT["06.answer"].values())))
    done = there(elsewhere, "-c", code)
    assert done.returncode == 0, done.stderr
    where, outcomes, kept, kept_too, last = done.stdout.splitlines()
    assert Path(where) == elsewhere / "labutils" / "__init__.py" and outcomes == "correct not yet"
    assert kept == (
        'The teacher has kept the solutions of this course back: `hint("06.answer")` helps, one step at a time.'
    )
    assert "09.roofline" in kept_too and last == "You have seen all 3: ask your teacher for more."


def test_released_labs_run(elsewhere):
    """With the weights that are in the bundle, and no others; a right answer is right there, too."""
    path = elsewhere / "notebooks" / "06_interpreter.ipynb"
    before = path.read_bytes()
    notebook = nbformat.read(path, 4)
    (stub,) = [cell for cell in notebook.cells if "exercise-quantize" in cell.metadata.get("tags", [])]
    stub.source = exercises()["06.quantize"].solution
    notebook.cells[-1:-1] = [nbformat.v4.new_code_cell("import labutils\nprint('OF', labutils.__file__)")]
    nbformat.write(notebook, path)
    try:
        done = there(elsewhere, "-m", "labutils.cli", "run", "01", "06", "--quick", "--out", "ran")
    finally:
        path.write_bytes(before)
    assert done.returncode == 0, done.stdout + done.stderr
    executed = nbformat.read(elsewhere / "ran" / "06_interpreter.ipynb", 4)
    assert outcomes(executed)["06.quantize"] == "correct" and outcomes(executed)["06.answer"] == "not tried"
    printed = "".join(out.get("text", "") for cell in executed.cells for out in cell.get("outputs", []))
    assert f"OF {elsewhere / 'labutils' / '__init__.py'}" in printed
