"""The page in headless Chromium, from its file: nothing leaves the machine, and everything can be read."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from labutils.report.page import write_report
from tests.report.made import write_execution, write_sweep

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    return write_report(write_sweep(tmp_path_factory.mktemp("ein Lauf"), 24))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_offline(browser, page_file, width, scheme):
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said, asked = [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page_file.as_uri())
    tab.click("#n1 summary")
    tab.wait_for_selector("#n1 .cell .prose strong:visible")
    assert tab.inner_text("#n1 .cell .prose strong") == "word"
    assert tab.locator("#n1 .cell").count() == 4 and tab.locator("#n1 .code .highlight").first.is_visible()
    for element in ("html", "body"):
        assert tab.evaluate(f"document.querySelector('{element}').scrollWidth") <= width
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))
    assert not said and [url for url in asked if not url.startswith(("file:", "data:"))] == []
    tab.close()


def test_what_a_notebook_brings_neither_runs_nor_asks(browser, tmp_path):
    evil = "<script>alert(1)</script><img src='https://example.org/a.png' onerror='alert(2)'><svg onload='alert(3)'>"
    evil += "<div style='background: url(https://example.org/b.png)'><iframe src='https://example.org'></iframe>"
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(4)'><image href='https://example.org/c.png'/></svg>"
    cells = [
        new_markdown_cell(evil),
        new_code_cell("x", outputs=[new_output("display_data", {"text/html": evil}),
                                    new_output("display_data", {"image/svg+xml": svg})]),
    ]  # fmt: skip
    write_execution(tmp_path / "a.ipynb", cells=cells, outcome="failed", message=evil, traceback=[evil])
    tab = browser.new_page()
    asked, opened = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    tab.goto(write_report(tmp_path).as_uri())
    tab.click("#n1 summary")
    tab.wait_for_selector("#n1 .cell img")
    tab.wait_for_timeout(300)
    assert not opened and [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert tab.locator("#n1 .no-picture").count() == 2
    tab.close()


def test_a_failure_leads_to_its_cell(browser, page_file):
    tab = browser.new_page()
    tab.goto(page_file.as_uri())
    tab.click(".failure a >> nth=0")
    tab.wait_for_selector("#n2[open] .cell.sought .error")
    assert tab.locator("#n2 .cell.sought .cell-name").inner_text() == "cell 4"
    assert tab.url.endswith("#n2") and "it diverged" in tab.inner_text("#n2 .cell.sought")
    tab.goto("about:blank")
    tab.goto(page_file.as_uri() + "#n3")  # as a link that was sent
    tab.wait_for_selector("#n3[open] .cell .code:visible")
    tab.close()


def test_charts_are_as_wide_as_their_card_and_letters_large_enough_on_a_phone(browser, page_file):
    tab = browser.new_page(viewport={"width": 360, "height": 800})
    tab.goto(page_file.as_uri())
    texts = "[...document.querySelectorAll('.chart svg text')]"
    heights = tab.evaluate(f"{texts}.map((text) => text.getBoundingClientRect().height)")
    assert heights and min(heights) >= 9
    for svg, card in tab.evaluate(
        "[...document.querySelectorAll('.chart svg')].map((s) => [s.clientWidth, s.closest('figure').clientWidth])"
    ):
        assert 0.85 * card < svg <= card
    tab.close()


def test_without_javascript_the_page_says_where_the_notebooks_are(browser, page_file):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(page_file.as_uri())
    assert page_file.parent.name in tab.inner_text("#notebooks noscript")
    assert tab.locator("#executions tbody tr").count() == 24
    context.close()


def test_what_is_open_is_printed_and_what_is_closed_is_not(browser, page_file):
    tab = browser.new_page()
    tab.goto(page_file.as_uri())
    tab.click("#n1 summary")
    tab.wait_for_selector("#n1 .cell .code")
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.locator("#n1").is_visible() and not tab.locator("#n4").is_visible()
    assert not tab.locator("nav").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    tab.close()
