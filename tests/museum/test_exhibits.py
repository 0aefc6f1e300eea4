"""The catalogue and lab 11 say the same, and every exhibit names a section that exists."""

import ast
import re

import pytest

from labutils.course.catalog import find_lab
from labutils.course.source import read_source
from labutils.errors import LabError
from labutils.museum import EXHIBITS, catalog, contents
from labutils.museum.exhibit import CRASH, KINDS, MESSAGE, SILENCE
from labutils.museum.tidy import one_line


@pytest.fixture(scope="module")
def cells():
    return read_source(find_lab("11").source).cells


def headings(number: str, cells=None) -> list[str]:
    found = cells or read_source(find_lab(number).source).cells
    lines = [line for cell in found if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    return [line.lstrip("#").strip() for line in lines if re.match("##+ ", line)]


def test_it_is_worth_a_visit():
    kinds = [each.kind for each in EXHIBITS.values()]
    assert len(kinds) >= 36 and set(kinds) == set(KINDS)
    assert kinds.count(MESSAGE) >= 30 and kinds.count(SILENCE) >= 12 and kinds.count(CRASH) >= 2


def test_rooms_and_exhibits_stand_in_the_lab_in_the_same_order(cells):
    rooms = [f"{number} · {name}" for number, name in enumerate(catalog.ROOMS, 1)]
    order = [title for room, each in zip(rooms, catalog.ROOMS.values(), strict=True)
             for title in (room, *(exhibit.title for exhibit in each))]  # fmt: skip
    assert [title for title in headings("11", cells) if title in order] == order


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_is_complete(name, cells):
    exhibit, tag = EXHIBITS[name], name.replace("_", "-")
    assert re.fullmatch("[a-z][a-z0-9_]{1,40}", name)
    for sentence in (exhibit.why, exhibit.cure):
        assert sentence.endswith(".") and len(sentence) < 220
    assert exhibit.section in headings(exhibit.lab)
    assert (exhibit.kind == MESSAGE) <= bool(exhibit.messages) and (exhibit.kind != MESSAGE) <= bool(exhibit.signs)
    mistake, cure = (code_of(cells, f"{kind}-{tag}") for kind in ("exhibit", "cure"))
    assert re.search(rf'(exhibit|heard)\("{name}"|terminal\(', mistake)
    assert re.search(r"\bassert\b|\bagrees\(|assert_fully_integer\(|AssertionError", cure), "a cure needs its proof"


def code_of(cells, tag: str) -> str:
    found = [cell.source for cell in cells if tag in cell.metadata.get("tags", []) and cell.cell_type == "code"]
    assert len(found) == 1, tag
    ast.parse(found[0])
    return found[0]


def test_messages_are_in_one_line_and_begin_with_their_type():
    for exhibit in EXHIBITS.values():
        for message in exhibit.messages:
            assert message == one_line(message)
            assert re.match(r"([A-Z]\w+(Error|Warning)|Exception): ?", message + " ")


def test_the_contents_lead_to_every_exhibit(cells):
    links = re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", contents()._repr_markdown_())
    assert sorted(title for title, _ in links) == sorted(each.title for each in EXHIBITS.values())
    assert all(target.replace("-", " ") == title.replace("-", " ") for title, target in links)
    assert all(exhibit.title in str(contents()) for exhibit in EXHIBITS.values())


def test_an_unknown_name_is_a_sentence():
    with pytest.raises(LabError, match="no exhibit 'wrong_type': did you mean 'wrong_dtype'"):
        catalog.named("wrong_type")
