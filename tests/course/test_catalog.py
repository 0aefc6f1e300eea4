"""Which labs there are, and what they were measured to cost."""

import json

import pytest

from labutils.course import catalog
from labutils.errors import LabError


def test_a_lab_is_read_from_its_header(make_lab):
    lab = make_lab(slug="03_three", title="Three of a kind", quick="{steps: 2, mode: int8}")
    assert (lab.number, lab.slug, lab.title, lab.minutes) == ("03", "03_three", "Three of a kind", 5)
    assert lab.quick == {"steps": 2, "mode": "int8"}
    assert lab.notebook.name == "03_three.ipynb"


def test_labs_come_sorted(make_lab):
    for slug in ("10_ten", "02_two", "01_one"):
        make_lab(slug=slug)
    assert [lab.number for lab in catalog.labs()] == ["01", "02", "10"]


@pytest.mark.parametrize("name", ["01", "1", "01_count", "01_count.ipynb", "notebooks/source/01_count.py"])
def test_a_lab_has_many_names(make_lab, name):
    make_lab()
    assert catalog.find_lab(name).slug == "01_count"


@pytest.mark.parametrize("name", ["99", "", "1x", "counting", "../etc/passwd", "01_cuont", "٠١"])
def test_an_unknown_lab_names_those_that_there_are(make_lab, name):
    make_lab()
    with pytest.raises(LabError, match="the labs are 01_count"):
        catalog.find_lab(name)


def test_a_close_name_is_suggested(make_lab):
    make_lab()
    with pytest.raises(LabError, match=r"did you mean 01_count\?"):
        catalog.find_lab("cuont")


@pytest.mark.parametrize(
    "text",
    [
        "print(1)\n",
        "# ---\n# jupyter:\n#   lab: {title: x}\n# ---\n",
        "# ---\n# jupyter:\n#   lab: [\n# ---\n",
        "# ---\n# jupyter:\n#   lab: {title: x, minutes: 5, quick: 3}\n# ---\n",
        "# ---\n# jupyter: {}\n# ---\n",
    ],
)
def test_a_header_that_lacks_something_is_a_sentence(course, text):
    (course / "notebooks" / "source" / "01_bad.py").write_text(text)
    with pytest.raises(LabError, match=r"01_bad\.py"):
        catalog.labs()


def test_two_labs_cannot_share_a_number(make_lab):
    make_lab()
    with pytest.raises(LabError, match="share the number 01"):
        make_lab(slug="01_other")


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"01_count": {"cpu_seconds": 1}}', '{"01_count": {"a": 1}}'])
def test_a_missing_or_torn_record_means_not_measured(course, text):
    if text is not None:
        catalog.measured_path().write_text(text)
    assert catalog.measured().costs == {}


def test_a_record_is_read_back(course):
    cost = {"cpu_seconds": 1.5, "seconds": 2, "peak_mb": 300}
    catalog.measured_path().write_text(json.dumps({"machine": "m", "date": "d", "01_count": cost}))
    measured = catalog.measured()
    assert (measured.machine, measured.date, vars(measured.costs["01_count"])) == ("m", "d", cost)
