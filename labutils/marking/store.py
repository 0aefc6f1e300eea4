"""The marks, in a database (SQLite): marking again adds to it, nothing in it is ever changed or taken out.

One transaction a submission, in a write-ahead log: whatever kills the marker, all that was judged is there.

    markings     each call of `labs mark`: when, what, with which rules, and when it came to its end
    submissions  each file that was judged in it: whose, which lab, its points, or the reason why there are none
    marks        each exercise of it: outcome, points, message, the answer itself, seconds
    notes        what a human should look at
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from labutils.errors import LabError
from labutils.marking.marks import Mark, Marked

VERSION = 1
FILE = "marks.sqlite"
TABLES = """
CREATE TABLE markings (
    id INTEGER PRIMARY KEY, begun TEXT NOT NULL, ended TEXT, place TEXT NOT NULL, rules TEXT NOT NULL,
    machine TEXT NOT NULL, versions TEXT NOT NULL);
CREATE TABLE submissions (
    id INTEGER PRIMARY KEY, marking INTEGER NOT NULL REFERENCES markings, student TEXT NOT NULL, file TEXT NOT NULL,
    digest TEXT NOT NULL, attempt INTEGER NOT NULL, lab TEXT NOT NULL, reason TEXT NOT NULL, points REAL NOT NULL,
    out_of REAL NOT NULL, seconds REAL NOT NULL, date TEXT NOT NULL, versions TEXT NOT NULL,
    UNIQUE (marking, file, digest));
CREATE TABLE marks (
    submission INTEGER NOT NULL REFERENCES submissions, place INTEGER NOT NULL, exercise TEXT NOT NULL,
    outcome TEXT NOT NULL, points REAL NOT NULL, out_of REAL NOT NULL, message TEXT NOT NULL, cell INTEGER,
    code TEXT NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (submission, exercise));
CREATE TABLE notes (submission INTEGER NOT NULL REFERENCES submissions, note TEXT NOT NULL);
CREATE INDEX of_student ON submissions (student, lab);
"""


class Store:
    """The database of a folder of marks. marking: the id of the one that is under way; 0: none."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self.path, self.marking = connection, path, 0

    def begin(self, place: str, rules: Mapping[str, Any], machine: str, versions: Mapping[str, str]) -> None:
        """Begins a marking of the submissions in that place."""
        values = (now(), place, json.dumps(rules), machine, json.dumps(versions))
        with self._writing():
            done = self._connection.execute(
                "INSERT INTO markings (begun, place, rules, machine, versions) VALUES (?, ?, ?, ?, ?)", values
            )
        self.marking = int(done.lastrowid or 0)

    def go_on(self) -> tuple[str, dict[str, Any]] | None:
        """Takes up the last marking where it has not come to its end: its place, and its rules; None where it has."""
        row = self._connection.execute("SELECT * FROM markings ORDER BY id DESC LIMIT 1").fetchone()
        if row is None or row["ended"]:
            return None
        self.marking = row["id"]
        return row["place"], json.loads(row["rules"])

    def end(self) -> None:
        """The marking that is under way has come to its end."""
        with self._writing():
            self._connection.execute("UPDATE markings SET ended = ? WHERE id = ?", (now(), self.marking))

    def done(self) -> set[tuple[str, str]]:
        """The files that this marking has judged, each with its digest."""
        rows = self._connection.execute("SELECT file, digest FROM submissions WHERE marking = ?", (self.marking,))
        return {(row["file"], row["digest"]) for row in rows}

    def add(self, marked: Marked) -> None:
        """Adds one submission with all that belongs to it, whole or not at all."""
        with self._writing():
            before = self._connection.execute(
                "SELECT count(*) FROM submissions WHERE student = ? AND lab = ?", (marked.student, marked.lab)
            ).fetchone()[0]
            values = (
                self.marking, marked.student, marked.file, marked.digest, before + 1, marked.lab, marked.reason,
                marked.points, marked.out_of, marked.seconds, marked.date, json.dumps(dict(marked.versions)),
            )  # fmt: skip
            done = self._connection.execute(
                "INSERT INTO submissions (marking, student, file, digest, attempt, lab, reason, points, out_of,"
                " seconds, date, versions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values,
            )  # fmt: skip
            self._connection.executemany(
                "INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (done.lastrowid, place, each.exercise, each.outcome, each.points, each.out_of, each.message,
                     each.cell, each.code, each.seconds)
                    for place, each in enumerate(marked.marks)
                ],
            )  # fmt: skip
            notes = [(done.lastrowid, note) for note in marked.notes]
            self._connection.executemany("INSERT INTO notes VALUES (?, ?)", notes)

    def marked(self) -> list[Marked]:
        """All submissions of this marking, in the order in which they were judged."""
        rows = self._connection.execute("SELECT * FROM submissions WHERE marking = ? ORDER BY id", (self.marking,))
        return [self._marked(row) for row in rows.fetchall()]

    def _marked(self, row: sqlite3.Row) -> Marked:
        found = self._connection.execute("SELECT * FROM marks WHERE submission = ? ORDER BY place", (row["id"],))
        fields = ("exercise", "outcome", "points", "out_of", "message", "cell", "code", "seconds")
        marks = tuple(Mark(**{name: mark[name] for name in fields}) for mark in found.fetchall())
        notes = self._connection.execute("SELECT note FROM notes WHERE submission = ? ORDER BY rowid", (row["id"],))
        return Marked(
            row["student"], row["file"], row["digest"], row["lab"], row["reason"], marks,
            tuple(note["note"] for note in notes), row["seconds"], row["date"], json.loads(row["versions"]),
        )  # fmt: skip

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; LabError where it cannot be written, and then nothing of it is."""
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
        except sqlite3.OperationalError as error:
            raise LabError(f"{self.path} cannot be written ({error}): free it, and go on with --resume.") from None


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The database of that folder, made if it is missing; LabError for a file that is none of ours.

    >>> import tempfile
    >>> with open_store(Path(tempfile.mkdtemp())) as store:
    ...     store.begin("submissions", {}, "here", {})
    ...     store.marking, store.marked()
    (1, [])
    """
    path = folder / FILE
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    except sqlite3.OperationalError as error:
        raise LabError(f"{path} cannot be opened ({error}): name another folder for the marks.") from None
    connection.row_factory = sqlite3.Row
    with contextlib.closing(connection):
        try:
            _prepare(connection, path)
        except sqlite3.OperationalError as error:
            raise LabError(f"{path} cannot be written ({error}): free it, or name another folder.") from None
        except sqlite3.DatabaseError:
            raise LabError(f"{path} is damaged, or no database of marks: put it aside, and mark anew.") from None
        yield Store(connection, path)


def now() -> str:
    """The time, as ISO 8601 with the zone."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and not tables:
        connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
    elif version != VERSION:
        raise LabError(f"{path} is of another version of the course: name another folder for the marks.")
