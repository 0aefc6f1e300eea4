"""The marks as a table for a spreadsheet: one row a student, one column an exercise."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from labutils.course.variants import disarmed
from labutils.exercises.catalog import exercises
from labutils.marking.marks import Marked


def marks_text(counting: Sequence[Marked], missing: Sequence[str] = ()) -> str:
    """The table as CSV: student, points, out_of, a column for each exercise, and remarks.

    counting: of each student and lab the submission that counts. missing: who handed nothing in. A cell is empty where
    there is no mark. It begins with a byte order mark, and nothing in it is taken for a formula.

    >>> print(marks_text([], ["Ada"]).strip("\\ufeff\\n"))
    student,points,out_of,remarks
    Ada,0,0,nothing handed in
    """
    names = {mark.exercise for each in counting for mark in each.marks}
    columns = [name for name in exercises() if name in names]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", "points", "out_of", *columns, "remarks"])
    total = sum({mark.exercise: mark.out_of for each in counting for mark in each.marks}.values())
    for student in dict.fromkeys(each.student for each in counting):
        own = [each for each in counting if each.student == student]
        points = {mark.exercise: mark.points for each in own for mark in each.marks}
        remarks = "; ".join(f"{each.file}: {each.reason}" for each in own if each.reason)
        cells = [plain(points[name]) if name in points else "" for name in columns]
        row = [student, plain(sum(points.values())), plain(total), *cells, remarks]
        writer.writerow([disarmed(cell) for cell in row])
    for student in missing:
        row = [student, "0", plain(total), *([""] * len(columns)), "nothing handed in"]
        writer.writerow([disarmed(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def plain(points: float) -> str:
    """Points without needless zeros.

    >>> plain(2.0), plain(0.5)
    ('2', '0.5')
    """
    return f"{points:g}"
