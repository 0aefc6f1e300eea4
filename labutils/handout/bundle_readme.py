"""The README of a release: how to set it up and open it, how to hand in, and what is in it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from labutils.course.catalog import Lab
from labutils.course.students import folder_names
from labutils.exercises.catalog import exercises
from labutils.handout.release_stamp import Stamp

SET_UP = """\
## Start

```sh
make lab
```

This sets everything up in this folder and opens the first lab in JupyterLab; later it starts at once. It needs Linux
(x86-64 or ARM), macOS on Apple silicon or Windows on x86-64, Python 3.11, 3.12 or 3.13, 4 GB of memory, 3 GB of disk,
and a network the first time. `uv` is used if you have it, `pip` if not.

**Without make** (Windows, for one; there write `py -3.12` for `python3.12` and `.venv\\Scripts\\` for `.venv/bin/`):

```sh
python3.12 -m venv .venv
.venv/bin/python -m pip install --require-hashes --requirement requirements.lock
.venv/bin/python -m pip install --no-deps --no-build-isolation --editable .
.venv/bin/labs open
```

**With conda:**

```sh
conda env create --file environment.yml
conda activate tflite-labs
pip install --no-deps --no-build-isolation --editable .
labs open
```
{BROWSER}
Something does not work? `.venv/bin/labs doctor` looks at your machine and names the cure. With conda, and wherever the
environment is active, each command is `labs` alone.
"""
BROWSER = """
`labs app setup` fetches LiteRT.js, which lab 10 shows a model with in a browser, from npm (`make lab` does so itself).
Without it that section says what is missing, and the lab goes on.
"""
ROOMS = """\
| room | purpose |
|---|---|
| `notebooks/` | the labs, not executed yet; `notebooks/source/` is what they are built from |
| `img/` | the pictures that they show |
| `labutils/`, `labs.py` | the helpers, and the weights of the models that these labs load |
| `Makefile`, `pyproject.toml`, `requirements.lock`, `environment.yml` | the set-up |
| `release.json` | which release this is |
"""
LICENCE = """\
## Licence

Code: [Apache-2.0](LICENSE). Texts and figures: [CC BY 4.0](LICENSE-CC-BY-4.0). The digits are those of scikit-learn
(E. Alpaydin and C. Kaynak, UCI, 1998). The weights were trained by the authors of the course.
"""


def readme(labs: Sequence[Lab], stamp: Stamp) -> str:
    """The README of a release of these labs."""
    numbers = [lab.number for lab in labs]
    plural = "s" * (len(labs) > 1)
    rows = "".join(f"| [{lab.number}](notebooks/{lab.notebook.name}) | {lab.title} | {lab.minutes} |\n" for lab in labs)
    parts = [
        f"# Device-based models with TensorFlow Lite: lab{plural} {_listed(numbers)}\n",
        _whose(stamp) + f"| lab | title | minutes |\n|---|---|---:|\n{rows}",
        SET_UP.replace("{BROWSER}", BROWSER if "10" in numbers else ""),
        _another(labs) + _exercises(numbers, stamp),
        _hand_in(labs, stamp),
        f"## What is in it\n\n{ROOMS}\n{_version(stamp)}",
        LICENCE,
    ]
    return "\n".join(part for part in parts if part)


def hand_in_name(lab: Lab, stamp: Stamp) -> str:
    """Under which name a notebook is to be handed in: whose it is, and which lab.

    >>> from labutils.course.catalog import find_lab
    >>> hand_in_name(find_lab("06"), Stamp((), "", "", "", False, "Zoë Li"))
    'Zoë_Li_06_interpreter.ipynb'
    """
    who = folder_names([stamp.student])[0] if stamp.student else "Your_Name"
    return f"{who}_{lab.notebook.name}"


def _whose(stamp: Stamp) -> str:
    if not stamp.student:
        return ""
    name = "".join(f"\\{letter}" if letter in r"\`*_[]<>#|" else letter for letter in stamp.student)
    return f"This copy is for **{name}**: values in its notebooks may differ from those of others.\n\n"


def _another(labs: Sequence[Lab]) -> str:
    return f"`.venv/bin/labs open {labs[-1].number}` opens another lab.\n\n" if len(labs) > 1 else ""


def _exercises(numbers: Sequence[str], stamp: Stamp) -> str:
    name = next((name for name in exercises() if name.split(".")[0] in numbers), "")
    if not name:
        return ""
    kept = f'`solution("{name}")` shows one way and why.' if stamp.solutions else "The solutions are with your teacher."
    said = (
        "You write each answer in the place of the `...`, and run the cell below it. That cell says *correct*, *not "
        f'yet* with the reason, or *not tried*; `hint("{name}")` helps, one step at a time. You may try as often as '
        f"you like, and leave out what you cannot do: nothing that is unanswered stops a notebook. {kept}"
    )
    return f"## The exercises\n\n{textwrap.fill(said, 120, break_on_hyphens=False)}\n"


def _hand_in(labs: Sequence[Lab], stamp: Stamp) -> str:
    rows = "".join(f"| `notebooks/{lab.notebook.name}` | `{hand_in_name(lab, stamp)}` |\n" for lab in labs)
    what = "each notebook" if len(labs) > 1 else "the notebook"
    return f"""\
## Hand in

Save {what} with Ctrl-S (on a Mac Cmd-S), and hand in a copy of it, nothing else:

| this file | under this name |
|---|---|
{rows}
Leave the first line of each exercise as it is, the one that begins with `def`: by its name your answer is found.
"""


def _version(stamp: Stamp) -> str:
    revision = f" ({stamp.revision})" if stamp.revision else ""
    solutions = "with" if stamp.solutions else "without"
    return f"Release of {stamp.date}, version {stamp.version}{revision}, {solutions} solutions.\n"


def _listed(numbers: Sequence[str]) -> str:
    *most, last = numbers
    return f"{', '.join(most)} and {last}" if most else last
