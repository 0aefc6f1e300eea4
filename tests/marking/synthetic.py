"""A class whose marks are known beforehand: submissions of every kind, written to a folder as platforms name them.

No test of its own: tests and benchmarks import it. Nothing of what it writes is executed here.
"""

import json
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from labutils.course.students import folder_names
from tests.marking.synthetic_draft import FLOOD, Draft, Expected, Surroundings
from tests.marking.synthetic_hostile import HOSTILE
from tests.marking.synthetic_kinds import KINDS, PAIRS, PLAIN, right

ALL = {**KINDS, **HOSTILE}
GIVEN = """
Ada Alan Amélie Ångela Björn Chloë Đức Élodie François Grace Håkon Ines İpek Jörg Katalin Łucja Maja Noël Ólafur Pelé
Quentin Renée Søren Şule Théo Ünal Věra Wiktor Xénia Yaël Zoë Žofia Анна Борис Ελένη Νίκος نور יעל 花子 수진 वेद ნინო
Արամ ማርታ
"""
FAMILY = """
Lovelace Turing Müller Nguyễn O'Brien Sørensen Čapek Gómez Smith-Jones Wałęsa Đorđević Strauß Иванова Παππάς حداد כהן
田中 김 शर्मा ბერიძე Պետրոսյան ታደሰ
"""
STEP = 2**16


def make_class(
    folder: Path,
    count: int,
    seed: int = 0,
    lab: str = "01_single_neuron",
    *,
    outside: Path | None = None,
    port: int = 9,
    prey: Path | None = None,
    output_mb: float = 200.0,
    hostile: bool = False,
    kinds: Sequence[str] | None = None,
) -> list[Expected]:
    """Writes that many submissions into the folder, and says what marking each has to come to, in the order of files.

    The same arguments give the same files. From 40 submissions on every kind is there, from 160 on every variant of
    each; the plain ones are most frequent. outside, port, prey, output_mb, hostile: see `Surroundings`; outside is
    `written-outside.txt` beside the folder, and prey the folder itself, unless named. kinds: only these, such as
    "right" or "exits", or "exits: Python" for one variant.
    """
    folder.mkdir(parents=True, exist_ok=True)
    around = Surroundings(
        (outside or folder.parent / "written-outside.txt").absolute(),
        port,
        (prey or folder).absolute(),
        output_mb,
        hostile,
    )
    rng = random.Random(f"{seed} {lab}")
    names = _names(rng)
    written = []
    for kind, make in _plan(count, rng, kinds):
        drafts = [Draft(lab, next(names), rng, around) for _ in range(2 if kind.split(":")[0] in PAIRS else 1)]
        make(*drafts)
        for draft in drafts:
            file = _file(draft, rng, len(written))
            _write(folder / unicodedata.normalize(rng.choice(["NFC", "NFD"]), file), draft)
            written.append(Expected(draft.student, file, kind, draft.outcomes, draft.reason, draft.note))
    return sorted(written, key=lambda each: each.file)


def students(expected: Sequence[Expected]) -> list[str]:
    """The list of a class, by name."""
    return sorted({each.student for each in expected})


def _plan(count: int, rng: random.Random, kinds: Sequence[str] | None) -> list[tuple[str, Callable[..., None]]]:
    """What to make, so that it comes to that many submissions: first of every kind one, then of every variant."""
    plain = [(name, make) for name, make in PLAIN.items() if kinds is None or name in kinds]
    variants = {
        kind: [(f"{kind}: {name}", make) for name, make in ways.items() if _asked(kind, name, kinds)]
        for kind, ways in ALL.items()
    }
    rest = [way for ways in variants.values() for way in ways[1:]]
    queue = [*plain, *(ways[0] for ways in variants.values() if ways)]
    rng.shuffle(rest)
    while rest:  # as many plain ones as others
        queue += [rest.pop(), *([rng.choice(plain)] if plain else [])]
    every = [way for ways in variants.values() for way in ways]
    chosen, size = [], 0
    while size < count:
        way = queue.pop(0) if queue else rng.choice(plain if plain and rng.random() < 0.8 or not every else every)
        if way[0].split(":")[0] in PAIRS and size + 2 > count:
            way = ("right", right)
        chosen.append(way)
        size += 2 if way[0].split(":")[0] in PAIRS else 1
    rng.shuffle(chosen)
    return chosen


def _asked(kind: str, variant: str, kinds: Sequence[str] | None) -> bool:
    return kinds is None or kind in kinds or f"{kind}: {variant}" in kinds


def _names(rng: random.Random) -> Iterator[str]:
    """Names of many scripts, none twice."""
    names = [f"{given} {family}" for given in GIVEN.split() for family in FAMILY.split()]
    rng.shuffle(names)
    yield from (unicodedata.normalize("NFC", name) for name in names)
    yield from (f"Student {number}" for number in range(10_000, 100_000))


def _file(draft: Draft, rng: random.Random, number: int) -> str:
    """Where the submission goes, as one of the learning platforms would name it."""
    name, lab = draft.student, f"{draft.lab}{draft.ending}"
    sortable = "".join(reversed(name.split())).lower()
    moodle = f"{name}_{1_000_000 + number}_assignsubmission_file_"
    if draft.dated:
        date = "2026-11-02-10-15-30" if draft.dated == "first" else "2026-11-09-23-59-59"
        return f"Lab 1_{name}_attempt_{date}_{lab}"
    forms = [
        f"{name}{draft.ending}", f"{folder_names([name])[0]}/{lab}", f"{moodle}/{lab}", f"{moodle}{lab}",
        f"{12_345 + number}-{67_890 + number} - {name} - Nov 2, 2026 1015 AM/{lab}", f"{name} - {lab}",
        f"submitted/{name}/{draft.lab}/{lab}", f"{sortable}_{12_345 + number}_67890_{lab}",
    ]  # fmt: skip
    return unicodedata.normalize("NFC", rng.choice(forms))


def _write(path: Path, draft: Draft) -> None:
    """Writes the draft; what is too large for memory in chunks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = draft.content
    if content is None:
        content = json.dumps(draft.notebook, ensure_ascii=False, indent=1).encode()
    with path.open("xb") as file:
        before, found, behind = content.partition(FLOOD.encode())
        file.write(before)
        if found:
            for _ in range(max(1, round(draft.surroundings.output_mb * 2**20 / STEP))):
                file.write(b"0123456789abcdef" * (STEP // 16))
        file.write(behind)
