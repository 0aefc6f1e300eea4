"""`labs practice`: a lab without its code, which never overwrites what a learner has written."""

import nbformat
import pytest

from labutils import cli
from labutils.course.catalog import find_lab, labs
from labutils.course.practice import write_practice

BODY = """
# %% [markdown]
# Look: ![](../img/2-components.png)

# %% tags=["parameters"]
steps: int = 3  # counts up to here [1..9]

# %% tags=["setup"]
import math

# %% tags=["secret"]
print(math.pi)

# %% tags=["exercise-x"]
def x():
    ...

# %%
check("01.x", x)
"""


@pytest.fixture
def lab(make_lab, course):
    (course / "img").mkdir()
    (course / "img" / "README.md").write_text("![Two parts.](2-components.png)\n")
    return make_lab(BODY)


def test_prose_stays_and_code_goes(lab):
    cells = {tag: cell for cell in nbformat.read(write_practice(lab), 4).cells
             for tag in cell.metadata.get("tags", ["check" if cell.cell_type == "code" else "prose"])}  # fmt: skip
    assert cells["prose"].source.endswith("![Two parts.](../../img/2-components.png)")
    assert cells["secret"].source == ""
    assert cells["setup"].source == "import math" and "steps" in cells["parameters"].source
    assert "..." in cells["exercise-x"].source and cells["check"].source.startswith("check(")


def test_what_is_there_is_not_touched(lab, course, capsys):
    assert cli.main(["practice", "01"]) == 0
    first = course / "build" / "practice" / "01_count.ipynb"
    first.write_text("mine")
    assert cli.main(["practice", "01"]) == 0
    assert first.read_text() == "mine" and first.with_name("01_count-2.ipynb").exists()
    assert capsys.readouterr().out.splitlines()[-1].endswith("01_count-2.ipynb")


def test_a_folder_that_cannot_be_made_is_a_sentence(lab, course, capsys):
    (course / "build").write_text("in the way")
    assert cli.main(["practice", "01"]) == 2
    assert "cannot be made" in capsys.readouterr().err
    assert cli.main(["practice", "77"]) == 2


def test_every_lab_can_be_practised(tmp_path, monkeypatch):
    from labutils.course import practice

    monkeypatch.setattr(practice, "course_root", lambda: tmp_path)
    for lab in labs():
        cells = nbformat.read(write_practice(find_lab(lab.slug)), 4).cells
        blank = [cell for cell in cells if cell.cell_type == "code" and not cell.source]
        assert len(blank) > 10, lab.slug
