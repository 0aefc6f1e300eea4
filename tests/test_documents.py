"""Links lead somewhere, pictures say in words what they show, commands in the README exist, prose names no machine."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from labutils.cli import make_parser
from labutils.course import catalog, console
from labutils.paths import course_root
from labutils.show.figures import FIGURES
from labutils.support import record

ROOT = course_root()
DOCUMENTS = [*ROOT.glob("*.md"), ROOT / "img" / "README.md", *(ROOT / "notebooks").glob("*.ipynb")]
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
LARGER = {"02": 120, "03": 120, "08": 180, "09": 90, "11": 120}  # labs that may take more than 60 CPU-seconds


def prose(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text()
    cells = json.loads(path.read_text())["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures(path):
    for picture, text, target in LINK.findall(re.sub(r"`[^`\n]+`", "", prose(path))):
        if target.startswith(("https://", "#")):
            continue
        assert (path.parent / target).exists(), f"{path.name} points to {target}"
        if picture:
            assert text == FIGURES[Path(target).stem].alt, f"{path.name}: {target} has another text than its source"


def test_readme_has_the_measured_table():
    table = console.catalog_markdown(catalog.labs(), catalog.measured()).strip()
    found = re.search(r"<!-- labs:.*?-->\n(.*?)<!-- /labs -->", (ROOT / "README.md").read_text(), re.S)
    assert found[1].strip() == table, "paste what `labs list --markdown` prints into the README"


def test_readme_has_the_support_matrix():
    found = re.search(r"<!-- support:.*?-->\n(.*?)<!-- /support -->", (ROOT / "README.md").read_text(), re.S)
    table = record.markdown(record.recorded())
    assert found[1].strip() == table, "paste what `labs support --markdown` prints into the README"


def test_the_measured_costs_are_within_the_promise():
    """At most 60 CPU-seconds a lab, more for those that train or start much, and 1.5 GB, as measured and recorded."""
    costs = catalog.measured().costs
    assert set(costs) == {lab.slug for lab in catalog.labs()}, "run `labs run --all --record`"
    for slug, cost in costs.items():
        limit = LARGER.get(slug[:2], 60)
        assert cost.cpu_seconds <= limit and cost.peak_mb <= 1500, slug


def commands() -> list[str]:
    """Every `labs ...` line of the code blocks, and every one that stands in the prose."""
    texts = [prose(path) for path in DOCUMENTS if path.name != "CHANGELOG.md"]
    blocks = [block for text in texts for block in re.findall(r"```sh\n(.*?)```", text, re.S)]
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    inline = [span for text in texts for span in re.findall(r"`(labs [^`]+)`", text)]
    return sorted({re.sub(r"^\S*/labs", "labs", line) for line in [*lines, *inline]})


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("labs ")])
def test_labs_commands_of_the_documents_are_understood(line):
    words = shlex.split(line)[1:]
    if set(line) & set("<…"):
        return
    if len(words) == 1:  # the command's name alone, in prose
        words.append("--help")
    if "--help" in words:
        with pytest.raises(SystemExit) as ended:
            make_parser().parse_args(words)
        assert ended.value.code == 0
    else:
        make_parser().parse_args(["01" if word == "NN" else word for word in words])


def test_papermill_line_of_the_readme(tmp_path):
    """Plain papermill, as the README has it, but for the place of the result."""
    line = next(
        span for span in re.findall(r"`(papermill [^`]+)`", (ROOT / "README.md").read_text())
    ).replace("out.ipynb", str(tmp_path / "out.ipynb"))
    command = [sys.executable, "-m", *shlex.split(line)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "steps = 200" in (tmp_path / "out.ipynb").read_text()


def test_no_registry_and_no_path_of_a_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    registry = re.compile(r"https?://[\w.-]*(?:py" r"pi|pythonhosted|np" r"mjs)\.(?:org|com)", re.I)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".png", ".npz", ".tflite"} or not path.is_file():
            continue
        assert not registry.search(path.read_text(errors="replace")), name


def test_readme_states_the_accuracies_that_were_measured():
    measured = json.loads((ROOT / "labutils" / "assets" / "training.json").read_text())
    mobilenet, cnn = measured["mobilenet_v2_digits"], measured["digits_cnn"]
    text = " ".join((ROOT / "README.md").read_text().split())
    for share in (mobilenet["test_accuracy"], mobilenet["test_accuracy_mean"], cnn["test_accuracy"]):
        assert f"{100 * share:.1f} %" in text
