"""A made-up class: names of many scripts, messages of the course's own judges, and a page, read."""

import numpy as np
from bs4 import BeautifulSoup, Tag

from labutils.exercises.catalog import exercises
from labutils.exercises.judges import architecture, delivery, measures, sizes
from labutils.marking.marks import Mark, Marked

LAB1, LAB4 = "01_single_neuron", "04_quantization"
NAMES = (
    "Ada Lovelace", "Zoë Li", "Μαρία Παπαδοπούλου", "Дмитрий Иванов", "佐藤 花子", "김민준", "محمد الأحمد", "נועה כהן",
    "Bartholomew Featherstonehaugh-Cholmondeley van den Heuvel tot Westerflier", "O'Brien", "ada", "Nguyễn Thị Minh",
    "अनन्या शर्मा", "José Muñoz", "Łukasz Żółć", "X",
)  # fmt: skip
EVIL = "<script>alert(1)</script><img src='https://example.org/a.png' onerror='alert(2)'>"
WRONG = {
    "01.convert": "def to_tflite(model):\n    return tf.lite.TFLiteConverter.from_keras_model(model)\n",
    "01.newest_version": "def newest_version(names):\n    return max(names)\n",
    "01.weight_bytes": "def weight_bytes(shapes):\n    total = 0\n    for shape in shapes:\n"
    "        total += sum(shape)\n"
    "    return 4 * total  # four bytes each, for each of the numbers that a shape has, however many there may be\n",
}


def right(exercise: str, points: float = 1.0, seconds: float = 0.2) -> Mark:
    code = exercises()[exercise].solution
    return Mark(exercise, "correct", points, points, "Right, on inputs that were made up just now.", 30, code, seconds)


def messages(exercise: str, rng: np.random.Generator) -> str:
    """What the course's own judges say of wrong answers, the first ones most often."""
    trial = {
        "01.newest_version": delivery.versions, "01.largest_error": measures.largest_error,
        "01.weight_bytes": architecture.weight_bytes, "04.integer_bytes": sizes.integer_bytes,
    }.get(exercise)  # fmt: skip
    if trial is not None and rng.random() < 0.8:
        place = min(int(rng.geometric(0.5)) - 1, len(trial.wrong) - 1)
        return trial.wrong[place].sentence
    if exercise == "01.newest_version":
        names = [str(number) for number in rng.integers(1, 99, int(rng.integers(2, 6)))]
        return delivery.versions.differs((names,), min(names), max(names))
    function = exercises()[exercise].function
    return (
        "It returns nothing: does it end with `return`?",
        f"Line {rng.integers(2, 9)} of `{function}` stops with NameError: name 'x{rng.integers(9)}' is not defined. "
        "Import or define that name, or spell it as in the stub.",
        "It returns the converter, which has not converted yet: call its `convert()`.",
    )[int(rng.integers(3))]


def mark(exercise: str, rng: np.random.Generator, skill: float) -> Mark:
    seconds = float(rng.lognormal(2.2 if exercise in ("01.convert", "04.repair") else -2.5, 0.5))
    draw, stub = rng.random(), exercises()[exercise].stub
    if draw < skill:
        return right(exercise, seconds=seconds)
    if draw < skill + 0.08:
        hint = f'Write your answer in place of the `...`, and run both cells. `hint("{exercise}")` helps.'
        return Mark(exercise, "not tried", 0, 1, hint, 31, stub, 0.0)
    if draw > 0.985:
        said = f"`{exercises()[exercise].function}` was stopped after 3 s in its own lines: which loop never ends?"
        return Mark(exercise, "stopped", 0, 1, said, 31, "while True:\n    pass\n", 3.1)
    if draw > 0.975:
        return Mark(exercise, "tampered", 0, 1, "It changed `numpy.allclose`.", 31, "np.allclose = max\n", seconds)
    code = WRONG.get(exercise, stub.replace("...", "return 42  # that is the answer"))
    return Mark(exercise, "not yet", 0, 1, messages(exercise, rng), 31, code, seconds)


def submission(student: str, lab: str, rng: np.random.Generator, **known: object) -> Marked:
    skill = float(rng.beta(4, 2))
    names = [name for name in exercises() if name.startswith(lab[:2])]
    marks = tuple(mark(name, rng, skill) for name in names)
    given = {"notes": (), "date": "2026-11-24T14:22:00+00:00", **known}
    return Marked(student, f"{student}/{lab}.ipynb", "ab12", lab, "", marks, seconds=20.0, **given)


def students(count: int) -> list[str]:
    return [NAMES[place] if place < len(NAMES) else f"Student {place:03}" for place in range(count)]


def make_class(count: int, *labs: str, seed: int = 7) -> list[Marked]:
    """A class; every tenth file is a PDF, every ninth has a note, and the second student hands in twice."""
    rng = np.random.default_rng(seed)
    made = []
    for lab in labs or (LAB1,):
        for place, student in enumerate(students(count)):
            if place % 10 == 9:
                reason = f"{student}.pdf is no notebook: its first bytes are a PDF's"
                made.append(Marked(student, f"{student}.pdf", "cd34", "" if place % 20 == 9 else lab, reason))
                continue
            notes = ("01.convert reads a file beside the notebook",) if place % 9 == 4 else ()
            made.append(submission(student, lab, rng, notes=notes))
    return [*made, submission(students(count)[1], LAB1, rng)] if count > 1 else made


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def words(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())
