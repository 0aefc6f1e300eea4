"""Right, wrong and empty answers to every exercise of every lab, marked behind the fence."""

import pytest

from labutils.exercises.catalog import exercises, labs
from labutils.marking.run import Outcome, Rules, Watcher, mark
from labutils.sweep.cluster import Where
from tests.marking.synthetic import make_class


@pytest.fixture(scope="module")
def classes(tmp_path_factory, root):
    """Of each lab a right, a wrong and an empty notebook: what to expect of them, and what marking found."""
    folder = tmp_path_factory.mktemp("every")
    folder.chmod(0o755)
    expected = {}
    for number in labs():
        (notebook,) = (root / "notebooks").glob(f"{number}_*.ipynb")
        for seed, kind in enumerate(("right", "wrong", "empty")):
            own = f"{kind}{number}"
            (made,) = make_class(folder / own, 1, seed, notebook.stem, kinds=[kind])
            (written,) = (path for path in (folder / own).rglob("*.ipynb"))
            (folder / "in").mkdir(exist_ok=True)
            written.rename(folder / "in" / f"{own}.ipynb")
            expected[own] = made.outcomes
    outcome: Outcome = mark(folder / "in", folder / "marks", Rules(), Where(2), Watcher())
    return expected, {each.student: each for each in outcome.marked}


def test_every_lab_is_marked_as_its_answers_deserve(classes):
    expected, marked = classes
    assert set(marked) == set(expected) and len(marked) == 3 * len(labs())
    off = []
    for student, outcomes in expected.items():
        found = {mark.exercise: mark.outcome for mark in marked[student].marks}
        assert marked[student].reason == "" and marked[student].lab[:2] == student[-2:]
        off += [(name, found.get(name), ways) for name, ways in outcomes.items() if found.get(name) not in ways]
    assert not off


def test_all_points_together(classes):
    _, marked = classes
    points = dict.fromkeys(("right", "wrong", "empty"), 0.0)
    for student, each in marked.items():
        points[student[:-2]] += each.points
    assert points == {"right": len(exercises()), "wrong": 0, "empty": 0}
    for each in marked.values():
        assert all(mark.message for mark in each.marks) and not each.notes
