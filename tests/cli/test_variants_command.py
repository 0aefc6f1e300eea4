"""`labs variants`: one summary line, or one sentence and nothing written."""

import pytest

from labutils import cli
from labutils.course.variants import read_key
from tests.throwaway import COUNT, files_of

VARYING = "{steps: 2}\n#     variants: {seed: 1..1000}"


def run(*arguments):
    """The exit code of the command, also where argparse ends it."""
    try:
        return cli.main(["variants", *arguments])
    except SystemExit as end:
        return end.code


@pytest.fixture
def students(make_lab, course):
    make_lab(quick=VARYING)
    make_lab(COUNT, "02_fixed")
    (course / "names.csv").write_text("name,mail\nAda,a@x\nZoë Li,z@x\nEve,e@x\n", encoding="utf-8")
    return "names.csv"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["99", "--students", "names.csv"], "There is no lab '99'"),
        (["01"], "required: --students"),
        (["01", "--students", "nobody.csv"], "cannot be read (No such file or directory)"),
        (["01", "--students", "notebooks"], "is a folder: name the file"),
        (["01", "--students", "empty"], "holds no students"),
        (["02", "--students", "names.csv"], "Lab 02 names no parameters that vary: write -g NAME=VALUES"),
        (["01", "--students", "names.csv", "-g", "seed"], "write -g seed=1,2,3"),
        (["01", "--students", "names.csv", "-g", "seed="], "seed has no values"),
        (["01", "--students", "names.csv", "-g", "seed=1..2000"], "seed cannot be 1001"),
        (["01", "--students", "names.csv", "-g", "step=1,2"], "did you mean steps?"),
        (["01", "--students", "names.csv", "-g", "seed=1", "-g", "seed=2"], "seed is given twice"),
        (["01", "--students", "names.csv", "-o", "names.csv"], "is a file: name a folder"),
        (["01", "--students", "names.csv", "-o", "names.csv/x"], "cannot be written"),
        (["01", "--students", "names.csv", "-o", "notebooks"], "holds other files, such as"),
    ],
)
def test_bad_input(students, course, capsys, arguments, said):
    (course / "empty").write_text("")
    before = files_of(course)
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err and err.startswith("labs: ") and err.count("\n") == 1
    assert files_of(course) == before and not (course / "build").exists()


def test_one_line_says_what_was_written(students, course, capsys):
    assert run("01", "--students", students) == 0
    out, err = capsys.readouterr()
    there = "build/variants/01_count"
    assert (out, err) == (f"3 students in {there}, the key in {there}/key.csv; no two alike.\n", "")
    rows = read_key(course / there / "key.csv")
    assert [row["student"] for row in rows] == ["Ada", "Zoë Li", "Eve"]
    assert all((course / there / row["folder"] / "01_count.ipynb").is_file() for row in rows)


def test_who_shares_values_is_counted(students, course, capsys):
    assert run("02", "--students", students, "-o", "here", "-g", "seed=7") == 0
    line = "3 of them share all their values with another: give more values by -g.\n"
    assert capsys.readouterr().out.endswith(f"here, the key in here/key.csv; {line}")
    (course / "one").write_text("Ada\n")
    assert run("02", "--students", "one", "-o", "there", "-g", "mode=float,int8", "-g", "steps=1..9") == 0
    assert capsys.readouterr().out == "1 student in there, the key in there/key.csv; no two alike.\n"
    (row,) = read_key(course / "there" / "key.csv")
    assert row["mode"] in ("float", "int8") and int(row["steps"]) in range(1, 10) and row["seed"] == "7"


def test_another_salt_gives_other_values(students, course):
    for salt in ("2026", "2027"):
        assert run("01", "--students", students, "-o", salt, "--salt", salt) == 0
    one, other = (read_key(course / salt / "key.csv") for salt in ("2026", "2027"))
    assert [row["folder"] for row in one] == [row["folder"] for row in other]
    assert all(a["seed"] != b["seed"] for a, b in zip(one, other, strict=True))
