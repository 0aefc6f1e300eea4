"""Forty submissions of every kind, hostile ones among them: each ends with its mark or a named reason."""

import csv
import html
import io
import sqlite3

import psutil

from labutils.marking.marks import TAMPERED


def test_every_submission_has_its_mark_or_a_named_reason(of_forty):
    assert len(of_forty.expected) == len(of_forty.marked) == 40
    wrong = []
    for each in of_forty.expected:
        marked = of_forty.marked[each.file]
        found = {mark.exercise: mark.outcome for mark in marked.marks}
        if each.outcomes is None:
            right = each.reason in marked.reason and not found
        else:
            right = not marked.reason and all(found.get(name) in ways for name, ways in each.outcomes.items())
        # That answers are alike is noticed in the class, and no note of the submission.
        noted = not each.note or "identical" in each.kind or any(each.note in note for note in marked.notes)
        if not (right and noted and marked.student == each.student):
            wrong.append((each, marked.student, found, marked.reason, marked.notes))
    assert not wrong, "\n".join(map(str, wrong))


def test_points_are_those_of_right_answers(of_forty):
    for marked in of_forty.marked.values():
        for mark in marked.marks:
            assert mark.points == (mark.outcome == "correct") and mark.out_of == 1 and mark.message
            assert mark.seconds >= 0 and (mark.outcome == "not tried" or mark.code or mark.cell is None)
            assert mark.outcome != TAMPERED or "by which answers are judged" in mark.message


def test_nothing_got_out_of_the_fence(of_forty, fenced):
    assert fenced["files"] is False or not list(of_forty.around.iterdir())
    mine = psutil.Process().children(recursive=True)
    hosts = [each for each in mine if "labutils.marking.host" in " ".join(each.cmdline())]
    assert not hosts


def test_the_table_has_a_row_for_each_student(of_forty):
    text = (of_forty.folder / "marks.csv").read_text("utf-8-sig")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {each.student for each in of_forty.expected} | {"Nobody Noone"}
    assert rows["Nobody Noone"]["remarks"] == "nothing handed in"
    for student in {each.student for each in of_forty.expected}:
        handed = [each for each in of_forty.marked.values() if each.student == student]
        assert float(rows[student]["points"]) == max(each.points for each in handed)
        best = max(handed, key=lambda each: each.points)
        for mark in best.marks:
            assert float(rows[student][mark.exercise]) == mark.points


def test_the_summary_names_what_needs_a_human_eye(of_forty):
    assert of_forty.code == 1
    assert "handed nothing in: Nobody Noone" in of_forty.said
    assert "things for you to look at:" in of_forty.said and "Traceback" not in of_forty.said
    page = html.unescape((of_forty.folder / "class.html").read_text("utf-8"))
    for each in of_forty.marked.values():
        for note in each.notes:
            assert note.split("`")[0][1:] in page


def test_answers_that_are_alike_are_noticed(of_forty):
    pair = [each.student for each in of_forty.expected if each.kind.startswith("identical")]
    assert len(pair) == 2
    lines = [line for line in of_forty.said.splitlines() if all(student in line for student in pair)]
    assert len(lines) == 1 and " have the same answers to 01." in lines[0]


def test_no_student_reads_of_another(of_forty):
    paths = list((of_forty.folder / "feedback").glob("*.html"))
    pages = {path.stem: html.unescape(path.read_text("utf-8")) for path in paths}
    names = {each.student for each in of_forty.expected}
    assert len(pages) == len(names)
    for page in pages.values():
        assert sum(name in page for name in names) == 1


def test_the_database_is_one(of_forty):
    with sqlite3.connect(of_forty.folder / "marks.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT count(*), count(ended) FROM markings").fetchone() == (1, 1)
        assert database.execute("SELECT count(*) FROM submissions").fetchone() == (40,)
