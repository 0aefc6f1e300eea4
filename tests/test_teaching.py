"""The teacher's page: its figures are those of the labs, its commands and queries work, its exercises exist."""

import ast
import re
import shlex
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from labutils.cli import make_parser
from labutils.course import catalog
from labutils.exercises.catalog import exercises
from labutils.marking import host, process
from labutils.marking.fence import Limits
from labutils.marking.marks import Mark, Marked
from labutils.marking.store import open_store
from labutils.paths import course_root
from tests import test_documents as documents

PAGE = course_root() / "docs" / "teaching.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROW = re.compile(
    r"^\|(?P<when>[^|\n]*\|)? \[(?P<number>\d\d) [^]]+\]\(\.\./(?P<notebook>[^)]+)\) \|(?P<cells>.+)\|$", re.M
)
SERVER = 0.17  # GB, as the page has it


@dataclass(frozen=True)
class Row:
    """A lab as a plan has it."""

    lab: catalog.Lab
    at_home: bool
    minutes: int
    cpu_seconds: float
    gigabytes: float
    marked: list[str]


def section(title: str) -> str:
    """What stands below that heading, up to the next one of any level."""
    return re.split(r"^#+ ", TEXT.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.M)[0]


def rows(plan: str) -> list[Row]:
    found = []
    for row in ROW.finditer(section(plan)):
        minutes, cpu, memory, marked = (cell.strip() for cell in row["cells"].split("|"))
        lab = catalog.find_lab(row["notebook"])
        assert lab.number == row["number"] and lab.notebook == (PAGE.parent / ".." / row["notebook"]).resolve()
        names = re.findall(r"`([^`]+)`", marked)
        found.append(Row(lab, "home" in (row["when"] or ""), int(minutes), float(cpu), float(memory[:-3]), names))
    return found


PLANS = {name: rows(name) for name in ("Half a day", "A day", "Four weeks")}
ROWS = [pytest.param(row, id=f"{plan}, {row.lab.number}") for plan, found in PLANS.items() for row in found]


@pytest.mark.parametrize("row", ROWS)
def test_a_plan_says_of_a_lab_what_its_header_and_the_measurement_say(row):
    """Minutes to the letter. What was measured moves a little each time: half as much again, and a quarter of a GB."""
    cost = catalog.measured().costs[row.lab.slug]
    assert row.minutes == row.lab.minutes
    assert row.cpu_seconds == pytest.approx(cost.cpu_seconds, rel=0.5, abs=5)
    assert row.gigabytes == pytest.approx(cost.peak_mb / 1000, abs=0.25)


@pytest.mark.parametrize("row", ROWS)
def test_a_plan_marks_exercises_of_its_labs_that_there_are(row):
    own = [name for name in exercises() if name.startswith(f"{row.lab.number}.")]
    assert set(row.marked) <= set(own) and bool(row.marked) == bool(own)


def minutes(plan: str, at_home: bool = False) -> int:
    return sum(row.minutes for row in PLANS[plan] if row.at_home == at_home)


def test_the_plans_fit_and_their_sums_are_right():
    assert f"{minutes('Half a day')} of 210 minutes" in section("Half a day") and minutes("Half a day") <= 180
    assert f"{minutes('A day')} of 420 minutes" in section("A day") and minutes("A day") <= 360
    home, weeks = minutes("Four weeks", at_home=True), " ".join(section("Four weeks").split())
    assert f"{minutes('Four weeks')} of 720 minutes in class are labs, {home} minutes are homework" in weeks
    assert {row.lab for row in PLANS["Four weeks"]} == set(catalog.labs())


def test_the_computing_time_that_the_page_speaks_of():
    costs = catalog.measured().costs.values()
    least, most = map(int, re.search(r"computes for (\d+) to (\d+) seconds", TEXT).groups())
    assert least == pytest.approx(min(cost.cpu_seconds for cost in costs), abs=5)
    assert most == pytest.approx(max(cost.cpu_seconds for cost in costs), rel=0.5)
    assert max(cost.seconds for cost in costs) < 120, "a plan promises less than two minutes of waiting"


def test_the_memory_of_a_user_follows_from_what_was_measured():
    peak = max(cost.peak_mb for cost in catalog.measured().costs.values()) / 1000 + SERVER
    stated = float(re.search(r"([\d.]+) GB at the peak of lab 11", TEXT)[1])
    assert f"{SERVER} GB of that" in " ".join(TEXT.split()) and stated == pytest.approx(peak, abs=0.25)
    assert peak + 0.95 < 3, "the limit has no room for a second lab any more"


def commands() -> list[str]:
    """Every `labs` command in the code blocks and in the prose; in a Dockerfile too."""
    blocks = re.findall(r"^```(?:sh|dockerfile)\n(.*?)^```", TEXT, re.S | re.M)
    found = [part.split("  #")[0] for block in blocks for part in re.split(r"\n| && |PYTHONPATH=\S+ ", block)]
    found += re.findall(r"`(labs [^`]+)`", TEXT)
    return sorted({each.strip() for each in found if each.strip().startswith("labs ")})


def test_the_page_has_the_four_commands():
    assert {"release", "mark", "export", "app"} <= {shlex.split(line)[1] for line in commands()}


@pytest.mark.parametrize("line", commands())
def test_commands_of_the_page_are_understood(line):
    documents.test_labs_commands_of_the_documents_are_understood(line)


def test_options_that_the_page_names_exist():
    """Of release and mark, where they stand alone in the prose."""
    choices = next(action for action in make_parser()._actions if action.choices).choices
    known = {
        option for name in ("release", "mark") for action in choices[name]._actions for option in action.option_strings
    }
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.S | re.M)
    spans = [span for span in re.findall(r"`(--[^`]+)`", prose) if not span.startswith(("--no-index", "--Mapping"))]
    named = {word for span in spans for word in span.split() if word.startswith("--")}
    assert {"--students", "--solutions", "--again", "--note", "--resume"} <= named <= known


def test_links_of_the_page():
    documents.test_links_and_pictures(PAGE)


def test_queries_of_the_page(tmp_path):
    """The first finds a student's attempts in their order, the second what was said most often in the last marking."""
    attempts, wrong = re.findall(r"^```sql\n(.*?)^```", TEXT, re.S | re.M)
    often, seldom = Mark("01.convert", "not yet", 0, 1, "often"), Mark("01.convert", "not yet", 0, 1, "seldom")
    with open_store(tmp_path) as store:
        for said in ([seldom] * 4, [often, seldom, often]):
            store.begin("submissions", {}, "here", {})
            for number, mark in enumerate(said):
                name = "Ada Lovelace" if number == 0 else f"Student {number}"
                store.add(Marked(name, f"{number}.ipynb", str(number), "01_single_neuron", "", (mark,)))
            store.end()
    connection = sqlite3.connect(tmp_path / "marks.sqlite")
    assert [row[:3] for row in connection.execute(attempts)] == [
        (1, 1, "01_single_neuron"),
        (2, 2, "01_single_neuron"),
    ]
    assert connection.execute(wrong).fetchall() == [("01.convert", 2, "often")]
    connection.close()


def test_the_limits_are_those_of_the_marker():
    limits = Limits()
    sizes = f"{limits.memory_mb / 1000:g} GB of memory, {limits.disk_mb / 1000:g} GB of files"
    stated = f"{limits.seconds:g} seconds, {sizes} and {process.PROCESSES} processes"
    assert stated in " ".join(TEXT.split()) and host.ALTOGETHER == 10 and "one notebook ten times that time" in TEXT


def test_the_hub_configuration_is_python_and_its_figures_are_those_of_the_text():
    block = re.search(r"^```python\n(.*?)^```", TEXT, re.S | re.M)[1]
    values = {ast.unparse(node.targets[0]): ast.literal_eval(node.value) for node in ast.parse(block).body}
    assert values["c.DockerSpawner.mem_limit"] == "3G" and "a limit of 3 GB" in TEXT
    assert values["c.Spawner.args"] == ["--MappingKernelManager.cull_idle_timeout=1800"] and "half an hour" in TEXT
    from labutils import warm

    assert values["c.Spawner.environment"]["JUPYTER_DEFAULT_PROVISIONER_NAME"] == warm.NAME


def test_the_page_keeps_its_measure():
    lines = TEXT.splitlines()
    assert len(lines) <= 260 and max(map(len, lines)) <= 120 and "\N{EM DASH}" not in TEXT
    assert not re.search(r"\]\(/|\]\(file:", TEXT) and Path(PAGE).read_bytes().endswith(b".\n")
