"""The synthetic class is what it says: every kind is there, parses as it should, and is found under its student."""

import ast
import hashlib
import json
import unicodedata
from collections import Counter

import numpy as np
import pytest

from labutils.exercises import check
from labutils.exercises.catalog import exercises, find
from labutils.marking.marks import OUTCOMES
from labutils.marking.notebook import Unreadable, read_notebook
from labutils.marking.submissions import find_submissions, missing
from tests.marking.synthetic import ALL, make_class, students
from tests.marking.synthetic_draft import base
from tests.marking.synthetic_hostile import HOSTILE
from tests.marking.synthetic_kinds import KINDS, PLAIN

LAB = "01_single_neuron"
VARIANTS = {*PLAIN, *(f"{kind}: {name}" for kind, ways in ALL.items() for name in ways)}
MAGIC = ("magics: timed", "magics: inline", "magics: pip")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class with every variant: where it is, what is expected, and the content of each file by its name."""
    folder = tmp_path_factory.mktemp("class") / "submissions"
    expected = make_class(folder, 170, output_mb=5)
    return folder, expected, contents(folder)


def contents(folder):
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {unicodedata.normalize("NFC", path.relative_to(folder).as_posix()): path.read_bytes() for path in paths}


def of_kind(made, kind):
    """What is expected of the first of a kind, and its content."""
    _, expected, files = made
    each = next(each for each in expected if each.kind == kind)
    return each, files[each.file]


def sources(content):
    return ["".join(cell["source"]) for cell in json.loads(content)["cells"] if cell["cell_type"] == "code"]


def own(content):
    """The code cells that the course has not written."""
    given = {"".join(cell["source"]) for cell in base(LAB)["cells"]}
    return [source for source in sources(content) if source not in given]


@pytest.mark.parametrize("count", [1, 7, 40, 41])
def test_there_are_as_many_as_asked_for(count, tmp_path):
    expected = make_class(tmp_path, count, output_mb=0.1)
    assert len(expected) == len(contents(tmp_path)) == count
    if count >= 40:
        assert {each.kind.split(":")[0] for each in expected} == {*PLAIN, *ALL}


def test_every_variant_is_there_and_the_plain_ones_are_most_frequent(made):
    _, expected, files = made
    assert {each.kind for each in expected} == VARIANTS
    assert set(files) == {each.file for each in expected}
    frequent = [kind for kind, _ in Counter(each.kind for each in expected).most_common(len(PLAIN))]
    assert set(frequent) == set(PLAIN)


def test_the_same_seed_gives_the_same_class(tmp_path):
    digests = []
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        paths = {"outside": tmp_path / "x", "prey": tmp_path / "y"}
        expected = make_class(tmp_path / name, 60, seed, output_mb=0.1, **paths)
        held = [hashlib.sha256(content).hexdigest() for _, content in sorted(contents(tmp_path / name).items())]
        digests.append((expected, held))
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_kinds_can_be_chosen(tmp_path):
    expected = make_class(tmp_path, 9, kinds=["right", "exits: Python", "twice"])
    assert {each.kind for each in expected} == {"right", "exits: Python", "twice: wrong, then right"}


def test_another_lab_can_be_made(tmp_path):
    expected = make_class(tmp_path, 70, lab="06_interpreter", output_mb=0.1)
    names = {name for name in exercises() if name.startswith("06.")}
    assert {each.kind.split(":")[0] for each in expected} == {*PLAIN, *ALL}
    assert all(each.outcomes is None or set(each.outcomes) == names for each in expected)


def test_everyone_is_found_under_the_name_that_is_expected(made):
    folder, expected, _ = made
    found = find_submissions(folder, students(expected))
    assert sorted((each.file, each.student) for each in found) == [(each.file, each.student) for each in expected]
    assert not any(each.notes for each in found)
    assert missing(found, students(expected)) == []
    endings = {each.file: each.file.rpartition(".")[2] for each in expected}
    assert {each.file for each in found if each.reason} == {file for file, end in endings.items() if end != "ipynb"}
    tries = [each for each in found if "_attempt_" in each.file]
    assert tries == sorted(tries, key=lambda each: (students(expected).index(each.student), each.order))


def test_names_are_of_many_scripts_and_files_of_both_compositions(made):
    folder, expected, _ = made
    scripts = {unicodedata.name(letter).split()[0] for each in expected for letter in each.student if letter.isalpha()}
    assert len(scripts) >= 8
    on_disk = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    assert any(name != unicodedata.normalize("NFC", name) for name in on_disk)
    assert any(name != unicodedata.normalize("NFD", name) for name in on_disk)


def test_expectations_are_outcomes_or_a_reason(made):
    for each in made[1]:
        if each.outcomes is None:
            assert each.reason
        else:
            assert each.reason is None
            assert set(each.outcomes) == {name for name in exercises() if name.startswith("01.")}
            assert all(outcomes and outcomes <= set(OUTCOMES) for outcomes in each.outcomes.values())


def test_what_cannot_be_read_is_refused_for_the_reason_that_is_expected(made):
    _, expected, files = made
    for each in expected:
        if each.outcomes is not None:
            assert read_notebook(files[each.file]).cells, each.kind
        elif each.file.endswith(".ipynb"):
            with pytest.raises(Unreadable, match=each.reason):
                read_notebook(files[each.file])


def test_only_what_should_be_is_broken_python(made):
    _, expected, files = made
    for each in expected:
        broken = 0
        for cell in read_notebook(files[each.file]).cells if each.outcomes is not None else ():
            try:
                ast.parse(cell.source)
            except SyntaxError:
                broken += 1
        assert broken == (each.kind.split(":")[0] == "syntax error"), each.kind


@pytest.mark.parametrize("kind", [*PLAIN, "identical: but for comments", "twice: wrong, then right"])
def test_plain_answers_come_out_as_expected(kind, made):
    """By the course's own check, but for the exercise that needs TensorFlow."""
    for each in [each for each in made[1] if each.kind == kind][:3]:
        names = {"np": np}
        for source in sources(made[2][each.file]):
            if "def " in source and "widget" not in source:
                exec(source, names)
        for name, outcomes in each.outcomes.items():
            if name != "01.convert":
                assert check(name, names[find(name).function]).outcome in outcomes, name


def test_identical_answers_differ_in_bytes_only(made):
    _, expected, files = made
    pair = [files[each.file] for each in expected if each.kind.startswith("identical")]
    one, other = (["".join(ast.unparse(ast.parse(source))) for source in own(content)] for content in pair[:2])
    assert one == other
    assert own(pair[0]) != own(pair[1])


@pytest.mark.parametrize(
    ("kind", "holds"),
    {
        "endless answer: a loop": "while True:",
        "endless answer: asleep": "time.sleep(1000)",
        "endless answer: stubborn": "except BaseException:",
        "endless at top level: beside the answers": "\nwhile True:\n",
        "fork bomb: in an answer": "os.fork()",
        "memory: 20 GB": "numpy.ones(20 * 2**30 // 8)",
        "exits: the process": "    os._exit(0)",
        "exits: Python": "    sys.exit()",
        "exits: the process, at top level": "\nos._exit(0)",
        "exits: Python, at top level": "\nsys.exit()",
        "exits: below the answer": "\n\nsys.exit()",
        "kills: its parent": "os.kill(os.getppid(), 9)",
        "tampers: check": "check = lambda",
        "tampers: desk, at top level": "\nd._judge =",
        "tampers: desk": "    desk._judge =",
        "tampers: numpy": "numpy.allclose =",
        "tampers: NotYet": "module.NotYet = Never",
        "forged outcome: shown": "raw=True",
        "walks the stack: for what is expected": "_getframe()",
        "writes outside: a file": "written-outside.txt",
        "reads others: submissions": 'rglob("*.ipynb")',
        "network: a port": "create_connection",
        "large output: printed": "range(500)",
        "leans on others: helper, constant, import, class": "class Tool:",
        "renamed: a lambda": " = lambda ",
        "renamed: a partial": "functools.partial(",
        "renamed: another name": "def mine(",
        "reordered cells: helper behind": "return helper(",
        "other letters: in the code": "größe_из_数",
        "magics: timed": "%%time\n",
        "magics: inline": "%matplotlib inline\n",
        "magics: pip": "!pip install",
    }.items(),
)
def test_the_trap_stands_in_a_cell_of_the_students_own(kind, holds, made):
    _, content = of_kind(made, kind)
    assert any(holds in source for source in own(content))


def test_every_trap_is_compiled_and_all_hostile_kinds_have_their_victims(made):
    for kind, ways in HOSTILE.items():
        for name in ways:
            each, content = of_kind(made, f"{kind}: {name}")
            for source in sources(content):
                compile(source, kind, "exec")
            if each.outcomes and kind != "forged outcome":
                right = [outcomes for outcomes in each.outcomes.values() if outcomes == {"correct"}]
                assert len(right) >= len(each.outcomes) - 1


def test_no_answer_ends_everything_unless_it_is_asked_for(made, tmp_path):
    assert not any(b"os.kill(-1" in content for content in made[2].values())
    make_class(tmp_path, 2, kinds=["kills: everybody"], hostile=True)
    assert all(b"os.kill(-1, 9)" in content for content in contents(tmp_path).values())


def test_what_traps_aim_at_is_baked_in(tmp_path):
    kinds = ["writes outside", "reads others", "network"]
    make_class(tmp_path / "c", 9, kinds=kinds, outside=tmp_path / "o.txt", prey=tmp_path / "p", port=4711)
    text = b"".join(contents(tmp_path / "c").values()).decode()
    for aim in (str(tmp_path / "o.txt"), str(tmp_path / "p"), ", 4711)"):
        assert aim in text or json.dumps(aim)[1:-1] in text
    assert not (tmp_path / "o.txt").exists()


def test_forms_of_files(made):
    def loaded(kind):
        return json.loads(of_kind(made, kind)[1])

    assert loaded("nbformat 3: worksheets")["worksheets"][0]["cells"]
    assert of_kind(made, "other bytes: byte order mark")[1].startswith(b"\xef\xbb\xbf{")
    assert b"\r\n" in of_kind(made, "other bytes: Windows lines")[1]
    assert all(isinstance(cell["source"], str) for cell in loaded("other bytes: texts")["cells"])
    assert not any(cell["metadata"] or "id" in cell for cell in loaded("metadata torn off: all")["cells"])
    assert not any(cell.get("outputs") for cell in loaded("outputs cleared: all")["cells"])
    assert {cell["cell_type"] for cell in loaded("deleted cells: markdown")["cells"]} == {"code"}
    assert not any(
        "check(" in source for source in sources(of_kind(made, "deleted cells: checks")[1]) if "import" not in source
    )
    assert loaded("kernel: R")["metadata"]["kernelspec"]["language"] == "R"
    assert loaded("kernel: conda")["metadata"]["kernelspec"]["name"] == "conda-env-x"
    assert "kernelspec" not in loaded("kernel: none")["metadata"]
    kept = loaded("forged outcome: kept")["cells"]
    assert "correct" in json.dumps([cell["outputs"] for cell in kept if cell["cell_type"] == "code"])


def test_a_large_output_is_as_large_as_asked_for_and_still_json(made):
    _, content = of_kind(made, "large output: kept")
    assert 5 * 2**20 < len(content) < 6 * 2**20
    assert max(len(str(cell.get("outputs"))) for cell in json.loads(content)["cells"]) > 5 * 2**20


def test_two_tries_are_one_students_and_the_later_one_is_right(made):
    earlier, later = sorted((each for each in made[1] if each.kind.startswith("twice")), key=lambda each: each.file)[:2]
    assert earlier.student == later.student
    assert set(earlier.outcomes.values()) == {frozenset({"not yet"})}
    assert set(later.outcomes.values()) == {frozenset({"correct"})}


def test_harmless_kinds_hold_no_traps(made):
    words = (b"os.fork", b"os.kill", b"_exit", b"create_connection", b"written-outside", b"_getframe")
    for each in made[1]:
        if each.kind.split(":")[0] not in HOSTILE:
            assert not any(word in made[2][each.file] for word in words), each.kind
    assert set(KINDS).isdisjoint(HOSTILE)
