"""Every lab in JupyterLab, as a learner meets it: Run All, no error, no log noise, widgets and pictures there.

What was seen is kept as pictures in build/screenshots.
"""

import json
import re
import time

import pytest

from labutils.course.catalog import labs
from labutils.exercises.quizzes.quiz import questions

pytestmark = pytest.mark.browser
RUN_LIMIT = 180  # seconds


@pytest.fixture
def page(browser, jupyter):
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.requests = []
    page.on("request", lambda request: page.requests.append(request.url))
    yield page
    context.close()


def open_lab(page, jupyter, lab):
    address, _, token = jupyter.groups()
    page.goto(f"{address}/lab/tree/notebooks/{lab.notebook.name}?reset&token={token}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_selector("#jp-main-statusbar >> text=Idle", timeout=60_000)  # before that, Run All loses cells


def run_all(page):
    page.click("text=Run >> nth=0")
    page.click("text=Run All Cells >> nth=0")
    start = time.monotonic()
    while time.monotonic() - start < RUN_LIMIT:
        page.wait_for_timeout(500)
        prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
        if prompts and all(text.strip("[]: \n").isdigit() for text in prompts) and not fresh(page):
            break
    else:
        pytest.fail(f"not done after {RUN_LIMIT} s: {prompts}")
    page.wait_for_timeout(500)


def fresh(page):
    """Whether the stored outputs are still being replaced: the kernel is busy."""
    return page.locator("#jp-main-statusbar >> text=Busy").count() > 0


def picture(page, root, lab, name):
    folder = root / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{lab.slug}-{name}.png")


def check_pictures(page):
    """Every picture of the prose is there, and says in words what it shows."""
    for image in page.locator(".jp-RenderedMarkdown img").all():
        assert image.evaluate("element => element.complete && element.naturalWidth > 0"), image.get_attribute("src")
        assert len(image.get_attribute("alt") or "") > 40


def shoot_all_of_it(page, root, lab):
    """The notebook from top to bottom, a screenful at a time."""
    panel = page.locator(".jp-WindowedPanel-outer").first
    height = panel.evaluate("element => element.scrollHeight")
    step = panel.evaluate("element => element.clientHeight") - 40
    for number, top in enumerate(range(0, height, step)):
        panel.evaluate(f"element => element.scrollTop = {top}")
        page.wait_for_timeout(150)
        picture(page, root, lab, f"{number:02}")


def move(page, place, value):
    """Types a value into a slider's number, as a learner does who wants that one exactly."""
    readout = page.locator(".widget-readout").nth(place)
    readout.scroll_into_view_if_needed()
    readout.fill(value)
    readout.press("Enter")


def neuron_slider(page):
    """Lab 01: the learner moves x, and both models answer."""
    move(page, 0, "-3.5")
    answer = page.locator(".widget-html-content").first
    page.wait_for_function("element => element.innerText.includes('-8.0000')", arg=answer.element_handle())
    numbers = [float(word) for word in answer.inner_text().split() if word.lstrip("-").replace(".", "").isdigit()]
    assert numbers[0] == pytest.approx(numbers[1], abs=1e-3) and numbers[0] == pytest.approx(-8, abs=0.2)


def grid_sliders(page):
    """Lab 04: fewer bits, another chart."""
    chart = page.locator(".widget-image").first
    before = chart.get_attribute("src")
    move(page, 0, "3")
    page.wait_for_function("([e, src]) => e.src != src", arg=[chart.element_handle(), before])


def operator_list(page):
    """Lab 05: another operator, and what stands in its file."""
    page.locator(".widget-dropdown select").last.scroll_into_view_if_needed()
    page.locator(".widget-dropdown select").last.select_option("svd")
    page.wait_for_selector(".widget-html-content >> text=Custom ops: Svd")


def tree_walk(page):
    """Lab 07: no data, half the size is enough; the model is converted that way and its place on the chart shown."""
    row = page.locator(".widget-hbox", has=page.locator("text=half"))
    row.scroll_into_view_if_needed()
    row.get_by_role("button", name="yes").click()
    page.wait_for_selector(".widget-html-content >> text=→ float16")
    page.get_by_role("button", name="Convert and measure").click()
    page.wait_for_selector(".widget-html-content >> text=/[0-9,]+ bytes, .* right, .* ms/", timeout=60_000)
    page.locator(".widget-image").last.wait_for(state="visible")


def drawing(page):
    """Lab 10: the browser has answered twenty digits as the kernel does; a stroke is answered by both."""
    said = page.locator(".widget-html-content >> text=20 of 20 the same class")
    said.wait_for(timeout=60_000)
    assert float(re.search(r"largest difference (\S+) \(uint8\)", said.inner_text())[1]) <= 1
    app = page.locator(".labs-app")
    app.scroll_into_view_if_needed()
    box = app.locator("canvas[role=application]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 0.75 * box["height"], steps=8)
    page.mouse.up()
    app.locator(".parity >> text=The kernel says").wait_for()


def duel(page):
    """Lab 09: a file against another; who takes how much longer, and the chart of both."""
    page.get_by_role("button", name="Measure").scroll_into_view_if_needed()
    page.get_by_role("button", name="Measure").click()
    said = page.locator(".widget-html-content >> text=/takes [0-9.]+ times as long as/")
    said.wait_for(timeout=60_000)
    page.locator(".widget-image").last.wait_for(state="visible")


def look_up(page):
    """Lab 11: a message from anywhere finds its exhibit."""
    box = page.locator(".widget-text input").first
    box.scroll_into_view_if_needed()
    box.fill("RuntimeError: There is at least 1 reference to internal data in the interpreter")
    box.press("Enter")
    page.wait_for_selector(".widget-html-content >> text=A view that is kept")


def quiz_clicks(page, root, lab):
    """Every first answer is chosen, then the right one: a reason each time, with its sign."""
    for row, question in zip(page.locator(".labs-quiz > .widget-vbox").all(), questions(lab.number), strict=True):
        row.scroll_into_view_if_needed()
        for place in (0, question.solution):
            row.locator("input[type=radio]").nth(place).check()
            said = "right" if question.answers[place].right else "not quite"
            row.locator(f"[role=status] >> text={said}").wait_for()
    picture(page, root, lab, "quiz")


WIDGETS = {"01": neuron_slider, "04": grid_sliders, "05": operator_list, "07": tree_walk, "09": duel, "10": drawing,
           "11": look_up}


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
def test_run_all(page, jupyter, course, root, lab):
    open_lab(page, jupyter, lab)
    picture(page, root, lab, "opened")
    run_all(page)
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts() == []
    has_widgets = any(call in lab.source.read_text() for call in ("widgets.", "\nquiz("))
    assert (page.locator(".jupyter-widgets").count() > 0) == has_widgets
    check_pictures(page)
    shoot_all_of_it(page, root, lab)
    if lab.number in WIDGETS:
        WIDGETS[lab.number](page)
        picture(page, root, lab, "widget")
    if page.locator(".labs-quiz").count():
        quiz_clicks(page, root, lab)
    outside = [url for url in page.requests if not url.startswith(("http://127.0.0.1", "data:", "blob:", "ws://127."))]
    assert outside == []
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1000)
    saved = json.loads((course / "notebooks" / lab.notebook.name).read_text())
    assert all(cell["execution_count"] for cell in saved["cells"] if cell["cell_type"] == "code")
