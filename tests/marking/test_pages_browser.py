"""The pages of a marking in headless Chromium, from their files: offline, on a phone and a laptop, light and dark."""

import pytest

from labutils.marking.marks import Marked
from labutils.marking.pages.classroom import file_names
from labutils.marking.pages.writing import write_pages
from tests.marking.made_class import EVIL, LAB1, LAB4, make_class, right, students

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_they_are_read_offline_on_every_screen(browser, tmp_path_factory, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    folder = tmp_path_factory.mktemp("Noten, größer")
    made = [*make_class(18, LAB1, LAB4), Marked(EVIL, "e.ipynb", "", LAB1, "", (right("01.convert"),), (EVIL,))]
    files = write_pages(made, folder, ["Grace"], [EVIL], EVIL)
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said, asked = [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda request: asked.append(request.url))
    names = file_names(students(18))
    for file in (files[-1], folder / "feedback" / names["Ada Lovelace"], folder / "feedback" / names["O'Brien"]):
        tab.goto(file.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, file.name
        ids = tab.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
        assert len(ids) == len(set(ids))
        tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, file.name
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()
    assert not said and [url for url in asked if not url.startswith(("file:", "data:"))] == []
    tab.close()


def test_letters_of_charts_neither_overlap_nor_leave_their_chart(browser, tmp_path):
    tab = browser.new_page(viewport={"width": 390, "height": 900})
    for count in (1, 30):
        tab.goto(write_pages(make_class(count, LAB4), tmp_path)[-1].as_uri())
        for svg in tab.query_selector_all("#charts svg"):
            boxes = svg.evaluate(BOXES)
            frame = svg.bounding_box()
            assert boxes and min(box["height"] for box in boxes) >= 8
            for place, one in enumerate(boxes):
                assert frame["x"] - 1 <= one["left"] and one["right"] <= frame["x"] + frame["width"] + 1, one["text"]
                for other in boxes[place + 1 :]:
                    apart = (one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
                             or one["bottom"] <= other["top"] + 4 or other["bottom"] <= one["top"] + 4)  # fmt: skip
                    assert apart, (one["text"], other["text"])
    tab.close()


BOXES = """(svg) => [...svg.querySelectorAll('text')].map((text) => {
  const {left, right, top, bottom, height} = text.getBoundingClientRect();
  return {left, right, top, bottom, height, text: text.textContent};
})"""


def test_the_table_is_sorted_by_a_click_and_stands_without_a_script(browser, tmp_path):
    made = make_class(12)
    file = write_pages(made, tmp_path, ["Grace"])[-1]
    tab = browser.new_page()
    tab.goto(file.as_uri())
    points = "[...document.querySelectorAll('#students tbody tr')].map((row) => row.cells[1].textContent.trim())"
    tab.click("#students thead th:nth-child(2) button")
    found = tab.evaluate(points)
    numbers = [float(each) for each in found if each[0].isdigit()]
    assert numbers == sorted(numbers, reverse=True) and set(found[len(numbers) :]) == {"not markable", "missing"}
    assert tab.get_attribute("#students thead th:nth-child(2)", "aria-sort") == "descending"
    tab.click("#students thead th:nth-child(2) button")
    assert tab.evaluate(points)[-1] == f"{max(numbers):g}"
    tab.close()
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(file.as_uri())
    assert tab.locator("#students tbody tr").count() == 13 and tab.locator("#students button").count() == 0
    context.close()
