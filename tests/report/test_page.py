"""The page: what it says, in which order; what it never does."""

import base64
import io
import re
import time

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from labutils.course.results import results
from labutils.errors import LabError
from labutils.report.page import page, write_report
from tests.report.made import read, words, write_execution, write_sweep

EVIL = "<script>alert(1)</script>"
REFERENCES = re.compile(
    r"""(?:\b(?:src|srcset|poster|data|action|xlink:href)\s*=\s*["']?|url\(\s*["']?|@import\s+)([^"'\s)>]*)"""
)
LOADING = ("img", "script", "link", "iframe", "object", "embed", "source", "video", "audio", "image", "use", "base")


def outside(html: str) -> list[str]:
    """What a browser might load from elsewhere."""
    found = [address for address in REFERENCES.findall(html) if address and not address.startswith(("data:", "#"))]
    return [address for address in found if "//" in address or "." in address]


def test_it_says_how_it_ended_in_order(sweep_page):
    assert sweep_page.html["lang"] == "en"
    assert words(sweep_page.title) == words(sweep_page.h1) == "01_count: 12 executions"
    assert [words(li) for li in sweep_page.select(".outcomes li")] == ["✓ 7 passed", "✗ 4 failed", "◔ 1 timeout"]
    assert [words(h) for h in sweep_page.find_all("h2")] == [
        "What did not pass", "Charts", "All executions", "Notebooks"
    ]  # fmt: skip
    facts = {words(div.dt): [words(dd) for dd in div.find_all("dd")] for div in sweep_page.select(".facts > div")}
    assert facts["Time"] == ["18 s in all", "1.5 s is the median of 12"]
    assert facts["CPU time"][0] == "15 s in all" and facts["Peak memory"][0] == "400 MB"
    assert facts["Versions"] == ["numpy 2.4.6"] and "2 CPUs" in facts["Machine"][0]
    assert "What varies: steps in 4 values and rate in 3 values. 24 November 2026, 14:22 (UTC)." in words(
        sweep_page.header
    )


def test_headings_are_in_order_and_the_contents_lead_somewhere(sweep_page, labs_page):
    for soup in (sweep_page, labs_page):
        levels = [int(h.name[1]) for h in soup.find_all(re.compile("h[1-6]")) if not h.find_parent("template")]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
        links = [a["href"][1:] for a in soup.select("nav a")]
        assert len(links) >= 4 and all(soup.find(id=name) for name in links)


def test_equal_failures_stand_together_with_what_they_have_in_common(sweep_page):
    cards = sweep_page.select(".failure")
    assert [words(card.h3) for card in cards] == ["✗ failed , 4 executions, in cell 4", "◔ timeout , in cell 3"]
    first = words(cards[0])
    assert "ValueError: it diverged" in first and "All have rate = 0.1, and no other execution has." in first
    trace = cards[0].pre.get_text()
    assert "----> 2 train(x)" in trace and "keras/two.py, line 20 (library code, the last of 2 frames)" in trace
    assert "\x1b" not in trace and "keras/one.py" not in trace
    assert [a["href"] for a in cards[0].select("a")] == ["#n2", "#n5", "#n8", "#n11"]
    assert "steps = 200, rate = 0.1" in words(cards[0].li) and cards[0].a["data-cell"] == "cell 4"
    assert cards[1].pre is None and "it was still running after 600 s" in words(cards[1])


def test_failures_come_before_charts_and_are_left_out_where_there_are_none(sweep_page, labs_page):
    sections = [section.get("id") for section in sweep_page.find_all("section")]
    assert sections == ["summary", "failures", "charts", "executions", "notebooks"]
    assert not labs_page.select("#failures") and "What did not pass" not in words(labs_page.nav)


def test_the_table_has_a_row_each_and_states_constants_once(sweep_page):
    table = sweep_page.select_one("#executions table")
    heads = [words(th) for th in table.thead.find_all("th")]
    assert heads == ["No.", "steps", "rate", "outcome", "time s", "CPU time s", "peak memory MB", "right share",
                     "median ms", "error"]  # fmt: skip
    rows = [[td.get_text() for td in tr.find_all("td")] for tr in table.tbody.find_all("tr")]
    assert len(rows) == 12
    assert rows[0][:5] == ["1", "100", "0.03", "✓ passed", "1.10"] and rows[0][7:9] == ["0.800", "0.530"]
    assert rows[1][3] == "✗ failed" and rows[1][7:] == ["–", "–", "–"]
    section = words(sweep_page.select_one("#executions"))
    assert "seed = 7" in section and "file 1,060 bytes, kind dense" in section
    assert table.tbody.a["href"] == "#n1" and sweep_page.find(id="n1").name == "details"


def test_numbers_of_a_column_have_equally_many_decimals(sweep_page):
    for place in (4, 7, 8, 9):
        cells = [tr.find_all("td")[place].get_text() for tr in sweep_page.select("#executions tbody tr")]
        assert len({len(cell.partition(".")[2]) for cell in cells if cell != "–"}) == 1


def test_several_labs_have_costs_and_what_each_recorded(labs_page):
    assert words(labs_page.h1) == "A run of 3 labs" and "Labs 04, 05 and 06." in words(labs_page.header)
    machine = [words(dd) for dd in labs_page.select(".facts dd") if "CPUs" in words(dd)]
    assert machine == ["Linux x86_64, 2 CPUs, Python 3.11.7 (executions 1, 3)",
                       "Darwin arm64, 8 CPUs, Python 3.12.1 (executions 2)"]  # fmt: skip
    recorded = {words(each.summary): words(each) for each in labs_page.select("#executions details") if each.table}
    four = next(text for name, text in recorded.items() if "04_four" in name)
    assert "bytes_float 1,654,780" in four and "accuracy_int8 0.950" in four and "latency_int8 0.050" in four
    assert "04_four: seed = 4" in words(labs_page.select_one("#executions details"))


def test_the_csv_is_the_table_of_results(sweep, sweep_page):
    link = sweep_page.find("a", download=True)
    head, _, content = link["href"].partition(",")
    assert head == "data:text/csv;charset=utf-8;base64" and link["download"].endswith(".csv")
    table = pd.read_csv(io.BytesIO(base64.b64decode(content)))
    assert list(table.columns) == list(results([sweep]).columns) and len(table) == 12
    assert table["notebook"][0] == "points/00001.ipynb"


def test_nothing_that_others_wrote_becomes_markup(tmp_path):
    cells = [
        new_markdown_cell(f"{EVIL} <img src=x onerror=alert(2)> [l](javascript:alert(3)) <b onclick='alert(4)'>b</b>"),
        new_code_cell(f"print('{EVIL}')", outputs=[
            new_output("stream", text=EVIL),
            new_output("display_data", {"text/html": f"<p onload='alert(5)' style='color:url(//x.org/a)'>{EVIL}"}),
            new_output("display_data", {"text/markdown": f"{EVIL}<svg onload=alert(6)>"}),
            new_output("display_data", {"image/png": f'AAAA"{EVIL}'}),
            new_output("display_data", {"text/latex": f"${EVIL}$"}),
            new_output("display_data", {"application/javascript": "alert(7)", "text/plain": "plain"}),
        ], metadata={"tags": [EVIL, '"><b>']}),
    ]  # fmt: skip
    for number in (1, 2):
        write_execution(
            tmp_path / f"{number}.ipynb", {EVIL: number, "text": EVIL}, {EVIL[:20]: {EVIL: 0.1 * number}},
            outcome="failed", cell=f"cell 4 ({EVIL})", message=f"ValueError: {EVIL}", traceback=[f"Cell {EVIL}"],
            cells=cells, lab=f"01_{EVIL}", machine=EVIL, versions={EVIL: EVIL},
        )  # fmt: skip
    html = write_report(tmp_path).read_text(encoding="utf-8")
    soup = read(tmp_path / "report.html")
    assert len(soup.find_all("script")) == 1 and "alert" not in soup.script.get_text()
    for element in soup.find_all(True):
        assert not any(name.startswith("on") for name in element.attrs), element
        assert not str(element.get("href", "")).lower().startswith("javascript"), element
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and not outside(html)
    assert f"ValueError: {EVIL}" in words(soup.select_one(".failure"))


def test_the_page_loads_nothing(sweep, labs_run, sweep_page, labs_page):
    for folder, soup in ((sweep, sweep_page), (labs_run, labs_page)):
        html = (folder / "report.html").read_text(encoding="utf-8")
        assert not outside(html)
        for element in soup.find_all(LOADING):
            for name in ("src", "href", "xlink:href", "data"):
                assert str(element.get(name, "data:")).startswith(("data:", "#")), element
    policy = sweep_page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:;") and "script-src 'sha256-" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]


def test_ids_are_unique_and_links_within_the_page_arrive(sweep_page, labs_page):
    for soup in (sweep_page, labs_page):
        ids = [element["id"] for element in soup.find_all(id=True)]
        assert len(ids) == len(set(ids))
        for element in soup.find_all(href=re.compile("^#")):
            assert element["href"][1:] in ids
        for used in re.findall(r'(?:xlink:href="|url\()#([^")]+)', str(soup)):
            assert used in ids


def test_each_piece_stands_in_the_page_once(tmp_path):
    start = time.perf_counter()
    write_report(write_sweep(tmp_path / "many", 200))
    assert time.perf_counter() - start < 30
    soup = read(tmp_path / "many" / "report.html")
    templates = [template["id"].removeprefix("p-") for template in soup.find_all("template")]
    assert len(set(templates)) == len(templates)
    assert sum("One <strong>word</strong>" in str(template) for template in soup.find_all("template")) == 1
    used = [notebook["data-cells"] for notebook in soup.select(".notebook")]
    assert len(used) == 200
    pieces = {piece for cells in used for cell in cells.split(";") for piece in cell.split(":")[1].split(",")}
    assert pieces == set(templates) and len(templates) < 20
    assert (tmp_path / "many" / "report.html").stat().st_size < 1_000_000
    assert len(soup.select("#executions tbody tr")) == 200


def test_pictures_are_left_out_of_a_page_that_is_full(tmp_path):
    for number in range(1, 4):
        picture = base64.b64encode(bytes([number]) * 3000).decode()
        cells = [new_code_cell("draw()", outputs=[new_output("display_data", {"image/png": picture})])]
        write_execution(tmp_path / f"{number}.ipynb", {"n": number}, cells=cells,
                        outcome="failed" if number == 3 else "passed")  # fmt: skip
    table = results([tmp_path])
    assert page(table, tmp_path).count("data:image/png") == 3
    html = page(table, tmp_path, limit=3000)
    assert html.count("data:image/png") == 1
    assert base64.b64encode(bytes([3]) * 3000).decode() in html  # what did not pass comes first
    for name in ("1.ipynb", "2.ipynb"):
        assert f"A picture is left out, since the page is long: it is in {name}." in html


def test_what_was_not_run_is_borne(tmp_path):
    write_execution(tmp_path / "1.ipynb", {"steps": 1}, {"ms": {"median": 1.0}})
    table = results([tmp_path])
    missing = [
        {"lab": "01_count", "outcome": "not run", "parameter.steps": 2, "notebook": "", "point": 2},
        {"lab": "01_count", "outcome": "lost", "parameter.steps": 3, "notebook": None, "point": 3},
        {"lab": "01_count", "outcome": "not run", "parameter.steps": 4, "notebook": float("nan"), "point": 4},
        {"lab": "01_count", "outcome": "new kind", "parameter.steps": 5, "notebook": str(tmp_path / "gone.ipynb"),
         "message": "m", "point": 5},
    ]  # fmt: skip
    (tmp_path / "page.html").write_text(page(pd.concat([table.assign(point=1), pd.DataFrame(missing)]), tmp_path))
    soup = read(tmp_path / "page.html")
    assert [words(li) for li in soup.select(".outcomes li")] == [
        "✓ 1 passed", "? 1 lost", "○ 2 not run", "• 1 new kind"
    ]  # fmt: skip
    assert words(soup.h1) == "01_count: 3 of 5 executions"
    assert len(soup.select("#executions tbody tr")) == 5 and len(soup.select("details.execution")) == 1
    rows = [words(tr) for tr in soup.select("#executions tbody tr")]
    assert rows[1] == "2 2 ○ not run – – – –" and "nan" not in " ".join(rows).lower()
    assert [words(card.h3) for card in soup.select(".failure")][-1] == "○ not run , 2 executions"
    nothing = page(pd.DataFrame(missing[:1]), tmp_path)
    assert "Notebooks</h2>" not in nothing and "Charts</h2>" not in nothing and "1 not run" in nothing


def test_where_there_is_nothing_a_sentence_says_so(tmp_path):
    (tmp_path / "empty").mkdir()
    for name, said in {"empty": "no executed notebooks", "nowhere": "There is no file"}.items():
        with pytest.raises(LabError, match=said):
            write_report(tmp_path / name)
    write_execution(tmp_path / "run" / "1.ipynb")
    with pytest.raises(LabError, match="cannot be written"):
        write_report(tmp_path / "run", tmp_path / "no such folder" / "page.html")
    assert not list(tmp_path.rglob("*.html")) and not list(tmp_path.rglob("*.part"))


def test_the_page_goes_where_it_is_sent(tmp_path):
    write_execution(tmp_path / "a run" / "Größe 1.ipynb", {"steps": 1})
    out = write_report(tmp_path / "a run", tmp_path / "página.html")
    assert out == tmp_path / "página.html" and "Größe 1.ipynb" in out.read_text(encoding="utf-8")
    assert not (tmp_path / "a run" / "report.html").exists()
    assert write_report(tmp_path / "a run" / "Größe 1.ipynb") == tmp_path / "a run" / "Größe 1.html"


def test_the_same_run_gives_the_same_page(sweep):
    table = results([sweep])
    assert page(table, sweep) == page(table, sweep)


def test_sweeps_of_several_labs_have_a_table_each_and_numbers_of_their_own(tmp_path):
    for lab in ("01_one", "02_two"):
        for point in (1, 2):
            values = {"ms": {f"of_{lab}": float(point)}}
            write_execution(tmp_path / lab / f"{point}.ipynb", {"n": point}, values, lab=lab)
    table = results([tmp_path]).assign(point=[1, 2, 1, 2])
    (tmp_path / "page.html").write_text(page(table, tmp_path))
    soup = read(tmp_path / "page.html")
    assert [details["id"] for details in soup.select("details.execution")] == ["n1", "n2", "n3", "n4"]
    tables = soup.select("#executions table")
    assert len(tables) == 3 and "of_02_twoms" in tables[2].thead.get_text() and "of_01" not in tables[2].get_text()
