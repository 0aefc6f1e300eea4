"""The house: arrows run down, no room is overfull, the linter has nothing to say."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "labutils"
# Each floor may use the floors below it, and rooms of its own floor; nothing imports upward.
FLOORS = [
    {"errors", "warm"},
    {"files"},
    {"paths", "data", "models", "fetch", "pretrained", "legacy", "tflite"},
    {"exercises"},
    {"course", "device", "museum", "show", "support"},
    {"handout", "report", "sweep"},
    {"marking"},
    {"cli"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """The rooms of labutils that a module imports, at its top or inside its functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "labutils":
            below = node.module.split(".")[1:]
            names |= {below[0]} if below else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("labutils.")}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_run_down_and_modules_stay_small(path):
    room = room_of(path)
    for used in imported_rooms(path):
        assert FLOOR[used] <= FLOOR[room], f"{room} imports {used}, which is above it"
        assert room == "cli" or used != "cli"
    assert len(path.read_text().splitlines()) <= 320


def test_rooms_do_not_go_in_a_circle():
    edges = {room: set() for room in FLOOR}
    for path in MODULES:
        edges[room_of(path)] |= imported_rooms(path) - {room_of(path)}

    def walk(room, trail):
        assert room not in trail, " -> ".join([*trail, room])
        for other in edges[room]:
            walk(other, [*trail, room])

    for room in edges:
        walk(room, [])


def test_functions_stay_small():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno <= 45, f"{path.name}: {node.name}"


def test_importing_a_module_changes_nothing_outside_it(root):
    """Doctest imports every module into the process that runs all tests: what one sets there, all others get."""
    modules = [path for path in MODULES if path.stem not in ("__main__", "__init__")]
    names = [".".join(path.relative_to(root).with_suffix("").parts) for path in modules]
    code = (
        "import importlib, os\n"
        "before = dict(os.environ)\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        "    changed = {k for k in before.keys() | os.environ.keys() if before.get(k) != os.environ.get(k)}\n"
        "    assert not changed, f'{name} changes {changed}'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_linter_is_content(root):
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
