"""Marking: three hundred submissions of every kind, thirty against nbgrader, and what more workers bring."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.sweeps import busy
from labutils.course.catalog import find_lab
from labutils.course.variants import with_defaults
from labutils.handout.nbgrader import write_course
from labutils.marking.marks import Marked
from labutils.marking.run import Outcome, Progress, Rules, Watcher, mark
from labutils.sweep.cluster import Where
from tests.marking.synthetic import make_class, students
from tests.marking.synthetic_draft import Expected

SLUG = "01_single_neuron"
CLASS, FEW = 300, 30
PLAIN = ("right", "half", "wrong")  # of what a class usually hands in


class Clock(Watcher):
    """When the first host was ready: TensorFlow is imported once, whatever the number of workers."""

    ready = 0.0

    def changed(self, progress: Progress, marked: Marked | None) -> None:
        self.ready = self.ready or time.perf_counter()


def marked(place: Path, out: Path, workers: int, names: list[str] | None = None) -> tuple[Outcome, float, float]:
    """What marking comes to, how many seconds it takes, and how many of them without the start."""
    start, clock = time.perf_counter(), Clock()
    outcome = mark(place, out, Rules(students=tuple(names) if names else None), Where(workers), clock)
    end = time.perf_counter()
    return outcome, end - start, end - clock.ready


def wrong(expected: list[Expected], outcome: Outcome) -> list[str]:
    """The submissions that did not end as they have to."""
    found = []
    by_file = {each.file: each for each in outcome.marked}
    for each in expected:
        one = by_file.get(each.file)
        if one is None or one.student != each.student:
            found.append(f"{each.kind}: not found")
        elif each.outcomes is None:
            found += [] if each.reason in one.reason else [f"{each.kind}: {one.reason!r}"]
        else:
            outcomes = {mark.exercise: mark.outcome for mark in one.marks}
            off = {name: outcomes.get(name) for name, ways in each.outcomes.items() if outcomes.get(name) not in ways}
            found += [f"{each.kind}: {off or one.reason}"] if off or one.reason else []
    return found


def whole_class(folder: Path) -> None:
    """Three hundred, of which more than half are plain, and the others of all other kinds."""
    outside = folder / "outside"
    outside.mkdir()
    outside.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        expected = make_class(
            folder / "in", CLASS, outside=outside / "written.txt", port=port, hostile=sys.platform == "linux"
        )
        before = busy()
        outcome, seconds, _ = marked(folder / "in", folder / "marks", os.cpu_count() or 1, students(expected))
        processor = busy() - before
    off = wrong(expected, outcome)
    kinds = len({each.kind for each in expected})
    print(f"{CLASS} submissions of {kinds} kinds   {seconds:6.1f} s, {processor:.0f} s of processors")
    print(f"  with the right mark or reason   {CLASS - len(off)}")
    print(f"  written outside                 {len(list(outside.iterdir()))} files")
    print("\n".join(f"  {line}" for line in off))


def write_few(folder: Path) -> tuple[Path, Path]:
    """Thirty plain submissions, as nbgrader wants them: its course folder, and the folder of what was handed in."""
    course = folder / "course"
    write_course(course, [find_lab(SLUG)])
    original = course / "source" / SLUG / f"{SLUG}.ipynb"
    notebook = json.loads(original.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):  # the quick values: the least that it has to execute
            cell["source"] = with_defaults("".join(cell["source"]), find_lab(SLUG).quick)
    original.write_text(json.dumps(notebook), encoding="utf-8")
    nbgrader(course, "generate_assignment", SLUG)
    released = json.loads((course / "release" / SLUG / f"{SLUG}.ipynb").read_text(encoding="utf-8"))
    make_class(folder / "answers", FEW, kinds=PLAIN)
    for number, path in enumerate(sorted((folder / "answers").rglob("*.ipynb"))):
        own = course / "submitted" / f"student{number:02}" / SLUG
        own.mkdir(parents=True)
        answers = answered(released, json.loads(path.read_text(encoding="utf-8")))
        (own / f"{SLUG}.ipynb").write_text(json.dumps(answers), encoding="utf-8")
    return course, course / "submitted"


def answered(released: dict, handed_in: dict) -> dict:
    """The released notebook with the answers of another that was handed in, by the tags of their cells."""
    given = {tag: cell["source"] for cell in handed_in["cells"] for tag in cell["metadata"].get("tags", [])}
    notebook = json.loads(json.dumps(released))
    for cell in notebook["cells"]:
        for tag in cell["metadata"].get("tags", []):
            if tag.startswith("exercise-"):
                cell["source"] = given[tag]
    return notebook


def nbgrader(folder: Path, *words: str) -> float:
    """Seconds that a command of nbgrader takes."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    start = time.perf_counter()
    line = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(line, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return time.perf_counter() - start


def graded(course: Path) -> dict[str, float]:
    """The points of each student in nbgrader's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {each.student.id: each.score for each in book.assignment_submissions(SLUG)}


def against_nbgrader(folder: Path) -> None:
    course, handed_in = write_few(folder)
    outcome, first, _ = marked(handed_in, folder / "first", 2)
    theirs = nbgrader(course, "autograde", SLUG)
    _, second, _ = marked(handed_in, folder / "second", 2)
    ours = (first + second) / 2
    points = {each.student: each.points for each in outcome.counting}
    same = sum(points[student] == found for student, found in graded(course).items())
    print(f"{FEW} submissions of lab 01, {os.cpu_count()} CPUs, the same points for {same} of them")
    print(f"nbgrader autograde           {theirs:6.1f} s")
    print(f"labs mark, two workers       {ours:6.1f} s   {theirs / ours:4.1f} times quicker")


def workers(folder: Path) -> None:
    """One worker against two, in turns, on the same submissions: what the second one brings, of what it could."""
    make_class(folder / "in", FEW, kinds=("right",))
    taken: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for turn, count in enumerate((1, 2, 2, 1)):
        taken[count].append(marked(folder / "in", folder / f"marks{turn}", count)[1:])
    for place, what in enumerate(("with the start", "judging alone")):
        one, two = (sum(each[place] for each in taken[count]) / 2 for count in (1, 2))
        share = f"{one / two / 2:.0%} of linear"
        print(f"{FEW} right submissions, {what}: one worker {one:.1f} s, two {two:.1f} s, {share}")


def main() -> None:
    for part in (whole_class, against_nbgrader, workers):
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o755)
            part(Path(name))
