"""build/progress.json: made by use, robust, and shown by `labs progress` and in lab 00."""

import json

import pytest

from labutils import cli
from labutils.exercises import check, progress
from labutils.exercises.catalog import exercises
from labutils.exercises.quizzes.quiz import quiz
from labutils.show.progress import progress as shown


@pytest.fixture(autouse=True)
def build(tmp_path, monkeypatch):
    """A course's build/ of its own, in which progress is kept."""
    monkeypatch.setenv("LABS_PROGRESS", "1")
    monkeypatch.setenv("LABS_BUILD", str(tmp_path / "build"))
    return tmp_path / "build"


def newest_version(names):
    return max((name for name in names if name.isdecimal()), key=int, default=None)


def stub(names):
    ...


def test_nothing_is_made_before_the_first_check(build):
    assert progress.read() == {"labs": {}, "exercises": {}, "questions": {}}
    assert "0 of 5 exercises" in repr(shown()) and shown().next == "01.convert"
    assert not build.exists()


def test_a_check_opens_the_lab_and_counts(build):
    check("01.newest_version", stub)
    noted = json.loads((build / "progress.json").read_text())
    assert list(noted["labs"]) == ["01"] and noted["exercises"] == {} and noted["version"] == 1
    check("01.newest_version", max)
    check("01.newest_version", newest_version)
    check("01.newest_version", max)  # once correct, it stays so
    assert progress.read()["exercises"] == {"01.newest_version": {"right": True, "tries": 3}}
    assert shown().labs[0].right == 1 and shown().next == "01.convert"
    assert [path.name for path in build.iterdir()] == ["progress.json"]


def test_looking_again_at_an_open_lab_writes_nothing(build):
    check("01.newest_version", stub)
    before = (build / "progress.json").stat().st_mtime_ns
    check("01.newest_version", stub)
    assert (build / "progress.json").stat().st_mtime_ns == before


def test_questions_count_too():
    one = quiz("04")
    solution = one.questions[0].solution
    one.answer(0, (solution + 1) % len(one.questions[0].answers))
    assert progress.read()["questions"][one.questions[0].name] == {"right": False, "tries": 1}
    one.answer(0, solution)
    row = next(lab for lab in shown().labs if lab.number == "04")
    assert (row.quiz_right, row.quiz_total) == (1, len(one.questions))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00\xff", '{"exercises": 7, "labs": [1]}',
                                  '{"version": 0, "exercises": {"01.convert": true}}', '{"version": 99}'])  # fmt: skip
def test_whatever_is_wrong_with_the_file_a_check_goes_on(build, text):
    build.mkdir()
    (build / "progress.json").write_text(text)
    assert shown().next == "01.convert"
    assert check("01.newest_version", newest_version).outcome == "correct"
    assert progress.read()["exercises"]["01.newest_version"]["right"]


def test_a_torn_file_is_set_aside(build):
    build.mkdir()
    (build / "progress.json").write_text('{"version": 1, "exer')
    check("01.newest_version", newest_version)
    assert (build / "progress.torn.json").read_text() == '{"version": 1, "exer'


def test_a_build_that_is_a_file_stops_nothing(build):
    build.write_text("in the way")
    assert check("01.newest_version", newest_version).outcome == "correct"
    assert shown().labs[0].right == 0


def test_what_an_older_version_wrote_is_kept_as_far_as_it_is_understood(build):
    build.mkdir()
    old = {"exercises": {"01.convert": {"right": True, "tries": 2, "by": "me"}, "01.gone": {"right": True, "tries": 1},
                         "01.torn": {"right": "yes"}}}  # fmt: skip
    (build / "progress.json").write_text(json.dumps(old))
    assert progress.read()["exercises"] == {
        "01.convert": {"right": True, "tries": 2}, "01.gone": {"right": True, "tries": 1}
    }  # fmt: skip
    assert shown().labs[0].right == 1


def test_it_can_be_switched_off(build, monkeypatch):
    monkeypatch.setenv("LABS_PROGRESS", "0")
    check("01.newest_version", newest_version)
    assert not build.exists()


def test_switched_off_it_is_not_read_either(monkeypatch):
    check("01.newest_version", newest_version)
    monkeypatch.setenv("LABS_PROGRESS", "0")
    assert shown().labs[0].right == 0


def test_all_done(monkeypatch):
    for name in exercises():
        progress.note_check(name, "correct")
    assert shown().next == "" and "Well done" in shown().advice


def test_the_command_and_the_table(capsys):
    check("01.newest_version", newest_version)
    assert cli.main(["progress"]) == 0
    out = capsys.readouterr().out
    assert "01   1 of 5 exercises" in out and "Next: lab 01" in out
    assert cli.main(["progress", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["next"] == "01.convert" and data["labs"][0]["right"] == 1
    page = shown()._repr_html_()
    assert "1 of 5" in page and "width:20%" in page and "<script" not in page
