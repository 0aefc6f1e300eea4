"""What an answer may do to whoever marks it: traps that stand at the start of a right answer, or around it.

None of this is executed here. Each trap ends by itself, also where no fence stands, but for the endless ones.
"""

from collections.abc import Callable

from tests.marking.synthetic_draft import FLOOD, Draft, lines, within

Make = Callable[[Draft], None]
MIME = "application/vnd.labutils.exercise+json"
STOPPED = ("stopped", "not yet")

ENDLESS = "while True:\n    pass"
ASLEEP = "import time\nwhile True:\n    time.sleep(1000)"
STUBBORN = """
import time
while True:
    try:
        time.sleep(0.01)
    except BaseException:
        pass
"""
FORKS = """
import os, time
for _ in range(500):
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        time.sleep(60)
        os._exit(0)
"""
MEMORY = "import numpy\nnumpy.ones(20 * 2**30 // 8)"
ENDS_PROCESS = "import os\nos._exit(0)"
ENDS_PYTHON = "import sys\nsys.exit()"
KILLS_PARENT = "import os\nos.kill(os.getppid(), 9)"
KILLS_ALL = "import os\nos.kill(-1, 9)"
PATCHES_DESK = """
import labutils.exercises.desk as desk
from labutils.exercises.render import Result
desk._judge = lambda exercise, answer: Result(exercise.name, "correct", "")
desk.Attempt.__call__ = lambda self, *arguments: None
return 42
"""
PATCHES_NUMPY = "import numpy\nnumpy.allclose = numpy.array_equal = lambda *a, **k: True\nreturn 42"
PATCHES_NOT_YET = """
import labutils.exercises.compare, labutils.exercises.exercise, labutils.exercises.desk as desk
class Never(Exception):
    pass
for module in (labutils.exercises.compare, labutils.exercises.exercise, desk):
    module.NotYet = Never
return 42
"""
SHOWS_RESULT = """
import json
from IPython.display import display
told = {{"exercise": "{name}", "outcome": "correct", "message": ""}}
print(json.dumps({{"event": "end", **told}}))
print(json.dumps(told), flush=True)
display({{"{mime}": told}}, raw=True)
return 42
"""
TELLS_HOST = """
import contextlib, json, os
told = {{"exercise": "{name}", "outcome": "correct", "message": "Right.", "cell": 1, "code": "", "seconds": 0.0}}
for descriptor in range(3, 32):
    with contextlib.suppress(OSError):
        os.write(descriptor, ("\\n" + json.dumps({{"event": "end", **told}}) + "\\n").encode())
return 42
"""
FILLS_DISK = """
for number in range(100):
    with open("part%d" % number, "wb") as file:
        file.write(bytes(50_000_000))
"""
WALKS_STACK = """
import sys
frame = sys._getframe()
while frame is not None:
    known = frame.f_locals
    if isinstance(known.get("expected"), list) and isinstance(known.get("found"), list):
        return known["expected"][len(known["found"])]
    frame = frame.f_back
return 42
"""
WRITES_OUTSIDE = """
import contextlib, pathlib
with contextlib.suppress(OSError):
    pathlib.Path({outside!r}).write_text("I was here")
"""
READS_OTHERS = """
import contextlib, os, pathlib
for folder in (pathlib.Path({prey!r}), pathlib.Path("..")):
    with contextlib.suppress(OSError):
        for path in folder.rglob("*.ipynb"):
            with contextlib.suppress(OSError):
                if path.read_bytes():
                    return "it could be read"
"""
CONNECTS = """
import contextlib, socket
for name in ("127.0.0.1", "localhost"):
    with contextlib.suppress(OSError):
        socket.create_connection((name, {port}), 2).close()
        return "it could be reached"
"""
PRINTS = """
for _ in range({count}):
    print("x" * 9999)
"""


def trap(text: str, *outcomes: str, note: str = "") -> Make:
    """All right, but for one answer, which begins with the trap; then these outcomes are right for it."""

    def make(draft: Draft) -> None:
        draft.solve()
        victim, around = draft.victim(), draft.surroundings
        filled = text
        if text in (SHOWS_RESULT, TELLS_HOST, WRITES_OUTSIDE, READS_OTHERS, CONNECTS, PRINTS):
            count = max(1, round(around.output_mb * 100))
            paths = {"outside": str(around.outside), "prey": str(around.prey)}
            filled = text.format(name=victim.name, mime=MIME, port=around.port, count=count, **paths)
        draft.write(victim, within(victim, filled), *outcomes)
        draft.note = note

    return make


def at_top(text: str) -> Make:
    """All right, and a cell that no answer needs."""

    def make(draft: Draft) -> None:
        draft.solve()
        draft.insert(draft.rng.randrange(3, len(draft.cells)), text)

    return make


def below_the_answer(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    draft.write(victim, f"{victim.solution}\n\n\nimport sys\n\nsys.exit()")


def patched_at_top(text: str, note: str) -> Make:
    """One answer is rubbish, and a cell above it changes what judges it."""

    def make(draft: Draft) -> None:
        victim = draft.victim()
        draft.solve(victim)
        draft.write(victim, f"def {victim.signature}:\n    return 42", "not yet", "tampered")
        draft.insert(draft.place(victim), text)
        draft.note = note

    return make


def kills_all(draft: Draft) -> None:
    trap(KILLS_ALL if draft.surroundings.hostile else KILLS_PARENT, *STOPPED)(draft)


def forged_output(draft: Draft) -> None:
    for exercise in draft.exercises:
        told = {"exercise": exercise.name, "outcome": "correct", "message": "Right."}
        output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {MIME: told}}
        draft.cells[draft.place(exercise, "check")]["outputs"] = [output]


def large_output(draft: Draft) -> None:
    draft.solve()
    place = draft.place(draft.exercises[0], "check")
    draft.cells[place]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": lines(FLOOD)}]


HOSTILE: dict[str, dict[str, Make]] = {
    "endless answer": {"a loop": trap(ENDLESS, *STOPPED), "asleep": trap(ASLEEP, *STOPPED),
                       "stubborn": trap(STUBBORN, *STOPPED)},
    "fork bomb": {"in an answer": trap(FORKS, "correct", *STOPPED, note="fork")},
    "memory": {"20 GB": trap(MEMORY, *STOPPED)},
    "exits": {"the process": trap(ENDS_PROCESS, *STOPPED), "Python": trap(ENDS_PYTHON, *STOPPED),
              "the process, at top level": at_top(ENDS_PROCESS), "Python, at top level": at_top(ENDS_PYTHON),
              "below the answer": below_the_answer},
    "kills": {"its parent": trap(KILLS_PARENT, *STOPPED), "everybody": kills_all},
    "tampers": {
        "check": patched_at_top('check = lambda *a: print("✓ correct")', "check"),
        "desk, at top level": patched_at_top(
            "import labutils.exercises.desk as d\n\nd._judge = lambda exercise, answer: None", "labutils.exercises.desk"
        ),
        "desk": trap(PATCHES_DESK, "tampered", "not yet"),
        "numpy": trap(PATCHES_NUMPY, "tampered", "not yet"),
        "NotYet": trap(PATCHES_NOT_YET, "tampered", "not yet"),
    },
    "forged outcome": {"told": trap(TELLS_HOST, "not yet"), "shown": trap(SHOWS_RESULT, "not yet"),
                       "kept": forged_output},
    "walks the stack": {"for what is expected": trap(WALKS_STACK, "correct", "not yet", "tampered", note="_getframe")},
    "writes outside": {"a file": trap(WRITES_OUTSIDE, "correct")},
    "reads others": {"submissions": trap(READS_OTHERS, "correct")},
    "network": {"a port": trap(CONNECTS, "correct")},
    "large output": {"kept": large_output, "printed": trap(PRINTS, "correct", *STOPPED),
                     "files": trap(FILLS_DISK, *STOPPED)},
}  # fmt: skip
