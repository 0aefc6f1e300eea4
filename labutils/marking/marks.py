"""What marking finds: a mark for each exercise, and all that is known of one submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labutils.exercises.render import CORRECT, NOT_TRIED, NOT_YET

STOPPED = "stopped"  # the outcome of an exercise whose answer broke a limit, or ended the process that judged it
TAMPERED = "tampered"  # the outcome of an answer that changed what judges it
OUTCOMES = (CORRECT, NOT_YET, NOT_TRIED, STOPPED, TAMPERED)


@dataclass(frozen=True)
class Mark:
    """One exercise of one submission.

    exercise: its name, such as "01.convert". outcome: one of OUTCOMES. points: what it earned, out of `out_of`.
    message: the sentence that says why; students read it. cell: of the notebook, counted from 1, whose answer
    counted; None where there is none. code: that answer, as the student wrote it. seconds: judging took.
    """

    exercise: str
    outcome: str
    points: float
    out_of: float
    message: str = ""
    cell: int | None = None
    code: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Marked:
    """One submission, marked.

    student: whose it is. file: what was handed in, as told from the folder of submissions. digest: SHA-256 of it, as
    hexadecimal. lab: its name, such as "01_single_neuron"; "" where that is not known. reason: why there are no marks
    ("it is no notebook: ..."); "" where there are. marks: one for each exercise of the lab, in the order of the lab.
    notes: what a human should look at, a sentence each; students do not read them. seconds: it took altogether. date:
    ISO 8601, with the zone. versions: of the packages that results depend on.
    """

    student: str
    file: str
    digest: str
    lab: str
    reason: str
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    date: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """What it earned altogether."""
        return sum(mark.points for mark in self.marks)

    @property
    def out_of(self) -> float:
        """What it could have earned."""
        return sum(mark.out_of for mark in self.marks)
