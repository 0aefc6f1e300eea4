"""A run that was really executed: two points of a throw-away lab, one of which fails."""

from labutils.course.execute import execute_lab
from labutils.report.page import write_report
from tests.report.made import read, words

BODY = """\
# %% [markdown]
# # Counting
#
# The sum is $n (n - 1) / 2$.
# %% tags=["parameters"]
steps: int = 3  # counts up to here [1..9]

# %% tags=["count"]
import json

from labutils.course.session import record

if steps > 2:
    json.loads("{")
print(sum(range(steps)))

# %% tags=["record"]
record("ms", median=0.5 * steps)
"""


def test_what_labs_run_writes_is_what_the_page_reads(make_lab, course):
    lab = make_lab(BODY)
    for steps in (2, 3):
        folder = course / "run" / str(steps)
        folder.mkdir(parents=True)
        execute_lab(lab, {"steps": steps}, folder)
    soup = read(write_report(course / "run"))
    assert words(soup.h1) == "Lab 01, Counting: 2 executions"
    assert [words(li) for li in soup.select(".outcomes li")] == ["✓ 1 passed", "✗ 1 failed"]
    card = soup.select_one(".failure")
    assert "in cell 3 (count)" in words(card.h3) and "steps = 3" in words(card)
    lines = card.pre.get_text().splitlines()
    assert lines[0].startswith("Cell In[") and any("json.loads(" in line and "---->" in line for line in lines)
    assert any(line.startswith("json/decoder.py, line") and "frames" in line for line in lines)
    assert lines[-1].startswith("JSONDecodeError: ") and len(lines) < 12
    rows = [words(row) for row in soup.select("#executions tbody tr")]
    assert rows[0].startswith("1 2 ✓ passed") and rows[0].endswith(" 1") and rows[1].endswith(" –")
    names = [cell.split(":")[0] for cell in soup.select_one("#n2 .notebook")["data-cells"].split(";")]
    assert "cell 3 (count)" in names and "the values given" in names
    assert "The sum is $n (n - 1) / 2$." in str(soup)
