"""A class of forty, marked once by the command, and what the fence of this machine can do."""

import contextlib
import io
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from labutils import cli
from labutils.marking import fence
from labutils.marking.marks import Marked
from labutils.marking.store import open_store
from tests.marking.synthetic import make_class, students
from tests.marking.synthetic_draft import Expected

FORTY = 40


@dataclass(frozen=True)
class Class:
    """A class that was marked. around: what its hostile submissions aimed at."""

    expected: list[Expected]
    marked: dict[str, Marked]
    folder: Path
    code: int
    said: str
    around: Path


@pytest.fixture(scope="session")
def fenced() -> dict[str, bool]:
    """What of the fence holds here."""
    readable = fence.readable_places(Path(cli.__file__).parents[1])
    return fence.standing(readable, fence.stranger(0))


@pytest.fixture(scope="session")
def of_forty(tmp_path_factory: pytest.TempPathFactory, fenced: dict[str, bool]) -> Iterator[Class]:
    around, folder = tmp_path_factory.mktemp("around"), tmp_path_factory.mktemp("forty")
    around.chmod(0o777)  # nothing but the fence stands in the way
    with socket.create_server(("127.0.0.1", 0)) as server:
        expected = make_class(
            folder / "in", FORTY, outside=around / "written.txt", port=server.getsockname()[1], output_mb=5,
            hostile=all(fenced.values()),
        )  # fmt: skip
        (folder / "names.csv").write_text("\n".join([*students(expected), "Nobody Noone"]), encoding="utf-8")
        said = io.StringIO()
        command = ["mark", str(folder / "in"), "--students", str(folder / "names.csv"), "-o", str(folder / "marks")]
        with contextlib.redirect_stdout(said):
            code = cli.main([*command, "--time-limit", "12"])
    with open_store(folder / "marks") as store:
        store.marking = 1
        marked = {each.file: each for each in store.marked()}
    yield Class(expected, marked, folder / "marks", code, said.getvalue(), around)
