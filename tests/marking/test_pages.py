"""The pages of a marking: what they say, whom they say it to, and what they never do."""

import re
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from bs4 import BeautifulSoup, Tag

from labutils.course.catalog import find_lab
from labutils.course.students import folder_names
from labutils.errors import LabError
from labutils.exercises.catalog import exercises
from labutils.exercises.judges import architecture, delivery
from labutils.marking.marks import OUTCOMES, Mark, Marked
from labutils.marking.pages import charts
from labutils.marking.pages.classroom import class_page, eye
from labutils.marking.pages.feedback import feedback_page
from labutils.marking.pages.misconceptions import misconceptions, normal
from labutils.marking.pages.sections import SECTIONS
from labutils.marking.pages.standing import outcome_counts, standings
from labutils.marking.pages.words import sign
from labutils.marking.pages.writing import write_pages
from tests.marking.made_class import EVIL, LAB1, LAB4, WRONG, make_class, right, soup, students, words


@pytest.fixture(scope="module")
def marked() -> list[Marked]:
    return make_class(32)


@pytest.fixture(scope="module")
def teacher(marked) -> BeautifulSoup:
    return soup(class_page(marked, missing=["Grace Hopper", "Alan Turing"], noticed=["two answers are alike"]))


# What a student reads


def test_a_student_reads_points_outcomes_messages_and_where_to_go_next():
    said = "It compares the names as texts, where `'9'` comes after `'10'`: compare their values."
    wrong = Mark("01.newest_version", "not yet", 0, 2, said, 47, WRONG["01.newest_version"])
    empty = Mark("01.largest_error", "not tried", 0, 1, 'Write your answer. `hint("01.largest_error")` helps.', 53)
    given = Marked("Zoë Li", "zoe.ipynb", "", LAB1, "", (right("01.convert", 1.5), wrong, empty),
                   date="2026-11-24T14:22:00+00:00")  # fmt: skip
    page = soup(feedback_page([given], "Look at `max`.\n\nUntil Thursday."))
    assert words(page.h1) == "Zoë Li" and page.html["lang"] == "en"
    assert words(page.header) == "Zoë Li 01 · A single neuron, from training to a file · marked on 24 November 2026 " \
                                 "1.5 of 4.5 points"  # fmt: skip
    assert [words(p) for p in page.select(".note p")] == ["Look at max .", "Until Thursday."]
    first, second, third = page.select("article")
    assert words(first.select_one(".head")) == "Exercise 1 · Convert ✓ correct 1.5 of 1.5 points"
    assert words(second.select_one(".head")) == "Exercise 2 · The newest version ✗ not yet 0 of 2 points"
    assert words(third.select_one(".head")) == "Exercise 4 · The largest error ○ not tried 0 of 1 point"
    assert [code.get_text() for code in second.select(".message code")] == ["'9'", "'10'"]
    assert words(second.summary) == "Your answer, in cell 47 of your notebook"
    assert second.pre.get_text().strip() == WRONG["01.newest_version"].strip()
    section = "2 · Export a SavedModel, with its version"
    hint = 'hint("01.newest_version")'
    assert words(second.select_one(".next")) == f"→ Read {section} again, and run {hint} in a cell of the lab."
    assert words(third.select_one(".next")) == "→ Read 4 · Parity: the habit that this course rests on again."
    assert first.select_one(".next") is None and third.pre is None
    assert [a["href"] for a in page.select(".steps a")] == [f"#{article['id']}" for article in page.select("article")]


def test_what_has_no_marks_gets_its_reason_and_a_cure():
    page = soup(feedback_page([Marked("Ada", "in/ada.pdf", "", "", "it is no notebook: it begins as a PDF")]))
    text = words(page.main)
    assert "It is no notebook: it begins as a PDF. File: ada.pdf" in text and "ends in .ipynb" in text
    assert page.title.get_text() == "Ada: no points yet" and page.select_one(".score") is None


@pytest.mark.parametrize("outcome, more", [("stopped", "runs on without an end"), ("tampered", "names of your own")])
def test_who_was_stopped_or_changed_the_judge_is_told_what_that_means(outcome, more):
    given = Mark("01.convert", outcome, 0, 1, "It was so.", 3, "while True: pass")
    page = soup(feedback_page([Marked("Ada", "a.ipynb", "", LAB1, "", (given,))]))
    assert more in words(page.article) and outcome in words(page.article)


def test_of_several_files_the_best_counts_and_the_others_are_named():
    low, high, same = (
        Marked("Ada", f"x/{name}.ipynb", "", LAB1, "", (right("01.convert", points),))
        for name, points in (("low", 1), ("high", 2), ("same", 2))
    )
    broken = Marked("Ada", "x/broken.ipynb", "", LAB1, "it is cut off")
    page = soup(feedback_page([low, high, same, broken, Marked("Ada", "f.ipynb", "", LAB4, "", (right("04.repair"),))]))
    assert "3 of 3 points, in all labs together" in words(page.header)
    others = [words(li) for li in page.select("section details.fold li")]
    assert others == ["low.ipynb : 1 of 1 point", "high.ipynb : 2 of 2 points",
                      "broken.ipynb : no points. It is cut off."]  # fmt: skip
    assert [words(h2) for h2 in page.select("h2")] == [
        "01 · A single neuron, from training to a file: 2 of 2 points", "04 · Quantization: 1 of 1 point"
    ]  # fmt: skip


def test_a_long_answer_is_folded_and_a_very_long_one_cut():
    long = Mark("01.convert", "not yet", 0, 1, "No.", 3, "x = 1\n" * 60)
    endless = Mark("01.newest_version", "not yet", 0, 1, "No.", 4, "y" * 1_000_000)
    page = soup(feedback_page([Marked("Ada", "a.ipynb", "", LAB1, "", (long, endless))]))
    first, second = page.select("article")
    assert not first.details.has_attr("open") and first.pre.get_text().count("x = 1") == 60
    assert len(second.pre.get_text()) == 8_000 and "992,000 letters more are in the notebook" in words(second)


# Whom pages are for


def test_no_page_holds_anothers_name_answer_or_file_nor_any_note(tmp_path):
    made = []
    for place, student in enumerate(students(30)):
        given = Mark("01.convert", "not yet", 0, 1, f"message{place}m", 3, f"secret_{place}_ = {place}")
        notes = (f"note{place}n of the teacher",)
        made.append(Marked(student, f"file{place}f.ipynb", f"digest{place}d", LAB1, "", (given,), notes))
    *files, whole = write_pages(made, tmp_path, noticed=["noticed by the teacher"])
    names = folder_names([each.student for each in made])
    everything = {place: (tmp_path / "feedback" / f"{name}.html").read_text() for place, name in enumerate(names)}
    assert len(files) == 30 and sorted(files) == sorted((tmp_path / "feedback").iterdir())
    for place, html in everything.items():
        text = soup(html).get_text()
        assert f"message{place}m" in text and f"secret_{place}_" in text
        assert not re.search(r"note\d+n|noticed by|of the teacher|digest\d+d", html)
        for other, student in enumerate(students(30)):
            if other != place:
                assert f"message{other}m" not in html and f"secret_{other}_" not in html
                assert f"file{other}f" not in html
                assert len(student) < 4 or student not in html
    teacher = whole.read_text()
    assert all(f"note{place}n of the teacher" in teacher for place in range(30)) and "Noticed by the teacher" in teacher


def test_no_page_shows_a_solution_or_a_hint_itself():
    for exercise in exercises().values():
        given = Mark(exercise.name, "not yet", 0, 1, "No.", 3, "x")
        page = soup(feedback_page([Marked("Ada", "a.ipynb", "", LAB1, "", (given,))]))
        text = words(page.main)
        assert all(" ".join(hint.split()) not in text for hint in exercise.hints)
        assert " ".join(exercise.solution.split()) not in text and "solution(" not in text


def test_files_of_two_students_never_share_a_page():
    with pytest.raises(ValueError, match="one student's"):
        feedback_page([Marked("Ada", "a", "", LAB1, "r"), Marked("ada", "b", "", LAB1, "r")])
    with pytest.raises(ValueError, match="these are 0"):
        feedback_page([])


# What the teacher reads


def test_the_summary_counts_and_measures(marked, teacher):
    assert [words(li) for li in teacher.select(".outcomes li")] == ["✓ 29 marked", "✗ 3 not markable", "○ 2 missing"]
    facts = {words(div.dt): [words(dd) for dd in div.select("dd")] for div in teacher.select(".facts > div")}
    points = [each.points for each in standings(marked) if each.marked]
    assert facts["Students"] == ["32", "who handed in 33 files"]
    assert facts["Mean"] == [f"{np.mean(points):.3g}", "of 5 points"]
    low, high = np.percentile(points, [25, 75])
    assert facts["Median"] == [f"{np.median(points):g}", f"half of them from {low:g} to {high:g}, all from "
                               f"{min(points):g} to {max(points):g}"]  # fmt: skip


def widths(svg: Tag, key: str) -> dict[str, float]:
    """By the id of its piece, how long a bar is drawn."""
    found = {}
    for group in svg.select(f"g[id^='{key}-']"):
        path = group.find("path", recursive=False)
        if path is not None and path.get("d"):
            numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path["d"])]
            found[group["id"].removeprefix(f"{key}-")] = max(numbers[::2]) - min(numbers[::2])
    return found


def test_the_bars_are_as_long_as_the_numbers_of_the_data(marked, teacher):
    found = standings(marked)
    svg = teacher.select("#charts svg")[0]
    drawn = widths(svg, "o0")
    unit = drawn["01.convert-correct"] / outcome_counts(found, "01.convert")["correct"]
    told = 0
    for exercise in (name for name in exercises() if name.startswith("01.")):
        counts = outcome_counts(found, exercise)
        by_hand = {}
        for each in found:
            for given in each.counted.get(LAB1, Marked("", "", "", "", "")).marks:
                if given.exercise == exercise:
                    by_hand[given.outcome] = by_hand.get(given.outcome, 0) + 1
        assert counts == by_hand and sum(counts.values()) == 29
        for outcome in OUTCOMES:
            length = drawn.get(f"{exercise}-{outcome}".replace(" ", "-"), 0)
            assert length == pytest.approx(unit * counts.get(outcome, 0), abs=0.1)
            told += f"{counts[outcome]} {outcome}" in svg["aria-label"] if outcome in counts else 1
    assert told == 25
    rows = teacher.select_one("figure").select("tbody tr")
    table = {words(tr.td): [int(words(td)) for td in tr.select("td")[1:]] for tr in rows}
    assert table["1 · Convert"] == [outcome_counts(found, "01.convert").get(each, 0) for each in OUTCOMES]


def test_the_distribution_holds_every_marked_student_once(marked, teacher):
    points = [each.points for each in standings(marked) if each.marked]
    figure = teacher.select("#charts figure")[1]
    rows = {words(tr.td): int(words(tr.select("td")[1])) for tr in figure.select("tbody tr")}
    assert rows == {f"{n}": points.count(n) for n in range(6)} and sum(rows.values()) == 29
    labels = [words(text) for text in figure.svg.select("text")]
    assert f"mean {np.mean(points):.3g}" in labels and f"median {np.median(points):g}" in labels
    assert "students" in labels and "points, of 5" in labels


@pytest.mark.parametrize("points, out_of, names", [
    ([0, 1, 3], 3, ["0", "1", "2", "3"]),
    ([0.5, 2], 2, ["0", "0.5", "1", "1.5", "2"]),
    ([0, 1 / 3, 100], 100, [f"{n}–{n + 10}" for n in range(0, 100, 10)]),
    ([0, 0], 0, ["0"]),
])  # fmt: skip
def test_points_fall_into_bins(points, out_of, names):
    found = charts.bins(points, out_of)
    assert [name for name, _ in found] == names and sum(number for _, number in found) == len(points)
    assert charts.points_chart(points, out_of, "k").startswith("<svg")


def test_times_have_their_unit_and_the_slowest_its_name(marked, teacher):
    figure = teacher.select("#charts figure")[2]
    times = [(mark.seconds, mark.exercise, each.student) for each in standings(marked)
             for what in each.counted.values() for mark in what.marks if mark.outcome != "not tried"]  # fmt: skip
    seconds, exercise, student = max(times)
    caption = words(figure.figcaption)
    assert exercise == "01.convert" and caption == f"Slowest: {seconds:.0f} s, 1 · Convert, the answer of {student}"
    assert any(words(text).startswith("seconds") for text in figure.svg.select("text"))
    own = [each for each, name, _ in times if name == "01.largest_error"]
    row = next(tr for tr in figure.select("tbody tr") if "largest error" in words(tr))
    assert float(words(row.select("td")[1])) == pytest.approx(np.median(own), rel=0.05)


def test_mistakes_that_differ_in_numbers_and_examples_are_one():
    differs = delivery.versions.differs
    says = [differs((["3", "12"],), "3", "12"), differs((["7", "41", "latest"],), "7", "41"),
            differs((["1", "2"],), None, "2"), differs((["1", "2"],), "2.bak", "2")]  # fmt: skip
    assert normal(says[0]) == normal(says[1]) and len(set(map(normal, says))) == 3
    shapes = architecture.weight_bytes.differs
    assert normal(shapes(([(3, 4), (), (5,)],), 7.5, 92)) == normal(shapes(([(7, 7, 3, 12)] * 40,), 1.25e9, 7056))
    assert normal("It returns a float64 array.") != normal("It returns a float32 array.")
    kept = "The model's answers and the file's differ."
    assert normal(kept) == kept and len(normal("'" + "\\a" * 5_000)) < 5_000
    made = []
    for place, said in enumerate([*says[:2], "It gives the mean.", says[2]]):
        given = Mark("01.newest_version", "not yet", 0, 1, said, 1, "x" * (9 - place))
        made.append(Marked(f"S{place}", "", "", LAB1, "", (given, right("01.convert"))))
    made.append(Marked("S0", "again", "", LAB1, "", made[0].marks))
    first, *rest = misconceptions(standings(made))
    assert first.students == ("S0", "S1") and first.code == "x" * 8 and len(rest) == 2
    item = soup(class_page(made)).select_one("#wrong li")
    assert words(item.select_one(".many")) == "2 students" and words(item.select_one(".message")) == says[1]
    assert [words(a) for a in item.select(".names a")] == ["S0", "S1"]
    assert all(not each.has_attr("open") for each in item.select("details"))


def test_what_needs_an_eye_is_told_by_student(teacher):
    text = words(teacher.select_one("#eye"))
    assert "Two answers are alike." in text and "Missing Alan Turing , Grace Hopper" in text
    for place, student in enumerate(students(32)):
        assert (f"{student} : 01.convert reads a file beside the notebook." in text) == (place % 9 == 4)
    assert "O'Brien : O'Brien.pdf is no notebook: its first bytes are a PDF's." in text


def test_a_note_that_stands_with_several_labs_or_files_is_said_once():
    same = "the answer to 01.convert is the same as that of Zoë"
    made = [Marked("Ada", "a", "", LAB1, "", (right("01.convert"),), (same, "it opens a file")),
            Marked("Ada", "late", "", LAB1, "", notes=("it is late",)),
            Marked("Ada", "b", "", LAB4, "", (right("04.repair"),), (same,))]  # fmt: skip
    assert eye(standings(made)) == [
        ("Ada", [f"T{same[1:]}.", "lab 01: It opens a file.", "lab 01: late: It is late."])
    ]  # fmt: skip


def test_the_table_has_every_student_with_points_by_exercise(marked, teacher):
    rows = {words(tr.th): [words(td) for td in tr.select("td")] for tr in teacher.select("#students tbody tr")}
    assert len(rows) == 34 and rows["Grace Hopper"] == ["missing", *"–" * 5]
    assert rows["O'Brien"] == ["not markable", *"–" * 5]
    for standing in standings(marked):
        if standing.marked:
            marks = standing.counted[LAB1].marks
            own = rows[" ".join(standing.student.split())]
            assert own[0] == f"{standing.points:g}"
            assert own[1:] == [f"{sign(mark.outcome)} {mark.points:g} , {mark.outcome}" for mark in marks]
    head = teacher.select_one("#students thead")
    assert "1 · Convert of 1" in words(head) and all(th["scope"] == "col" for th in head.select("th"))


def test_several_labs_have_a_table_and_charts_each():
    made = make_class(12, LAB1, LAB4)
    page = soup(class_page(made))
    assert words(page.h1) == "The class: 2 labs"
    assert [words(h3) for h3 in page.select("#charts h3")] == [
        "All labs together", "01 · A single neuron, from training to a file", "04 · Quantization"
    ]  # fmt: skip
    assert len(page.select("#charts figure")) == 7 and len(page.select("#students table")) == 3
    whole = next(tr for tr in page.select("#students tr") if words(tr).startswith("Zoë Li"))
    cells = [float(words(td)) for td in whole.select("td")]
    assert cells[0] == cells[1] + cells[2] == next(s for s in standings(made) if s.student == "Zoë Li").points
    assert "lab 04" in words(page.select_one("#wrong"))


@pytest.mark.parametrize("made", [[], make_class(1), make_class(10)[9:10]], ids=["nobody", "one", "one PDF"])
def test_a_class_of_nobody_or_one(made, tmp_path):
    page = soup(class_page(made, missing=["Grace"]))
    levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False) if b < 4)
    assert "1 missing" in words(page.header) and "nan" not in words(page).lower()
    assert len(write_pages(made, tmp_path / "new")) == len(made) + 1
    assert all(page.find(id=a["href"][1:]) for a in page.select("nav a"))


def test_out_of_may_be_given():
    page = soup(class_page(make_class(3), out_of=20))
    assert "of 20 points" in words(page.select_one(".facts"))


# What pages never do


def test_hostile_text_is_text():
    given = Mark("01.convert", "not yet", 0, 1, EVIL + " `" + EVIL + "`", 3, f"'{EVIL}' # \x1b[31m \ud800 \x00")
    made = [Marked(EVIL, EVIL + ".ipynb", "", LAB1, "", (given,), (EVIL,)), Marked("</style>" + EVIL, "", "", "", EVIL)]
    made.append(Marked("$x$\ud800", EVIL, "", EVIL, "", (Mark(EVIL, EVIL, 0, 1, EVIL, 1, EVIL, 1.0),)))
    pages = [feedback_page([each], EVIL) for each in made] + [class_page(made, missing=[EVIL], noticed=[EVIL])]
    for html in pages:
        assert "<script>alert" not in html and "<img" not in html and not re.search("[\x00-\x08\x1b]", html)
        html.encode("utf-8")
        page = soup(html)
        assert len(page.select("script")) == ("roll" in html.split("</style>")[1])
        policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'") and "unsafe-inline'; script" in policy or "script" not in policy
        assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
        addresses = [tag.get("href") or tag.get("src") for tag in page.find_all(href=True) + page.find_all(src=True)]
        assert all(each.startswith(("#", "data:", "feedback/")) for each in addresses)
    assert "alert(1)" in soup(pages[0]).h1.get_text()


def test_every_exercise_leads_to_a_heading_that_its_lab_has(root):
    assert set(SECTIONS) == set(exercises())
    for name, section in SECTIONS.items():
        lines = find_lab(name[:2]).source.read_text(encoding="utf-8").splitlines()
        assert any(line in (f"# ## {section}", f"# ### {section}") for line in lines), (name, section)


# How they are written


def test_pages_of_an_earlier_marking_go_and_all_else_stays(tmp_path):
    write_pages(make_class(8), tmp_path)
    (tmp_path / "feedback" / "mine.html").write_text("<p>a page of the teacher's own</p>")
    (tmp_path / "feedback" / "voices").mkdir()
    (tmp_path / "feedback" / "voices" / "ada.ogg").write_bytes(b"ogg")
    files = write_pages(make_class(3), tmp_path)
    assert files[-1] == tmp_path / "class.html" and len(files) == 4
    there = {path.name for path in (tmp_path / "feedback").iterdir()}
    assert there == {*(path.name for path in files[:-1]), "mine.html", "voices"}
    assert (tmp_path / "feedback" / "voices" / "ada.ogg").read_bytes() == b"ogg"
    assert {path.name for path in tmp_path.iterdir()} == {"feedback", "class.html"}
    links = [a["href"] for a in soup(files[-1].read_text()).select("#students th a")]
    assert all((tmp_path / unquote(link)).is_file() for link in links) and len(links) == 3


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_they_are_written_whole_or_not_at_all(tmp_path, monkeypatch, nth):
    write_pages(make_class(4), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.html")}
    real, calls = Path.replace, []

    def full(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == nth:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LabError, match="No space left on device.*name another folder"):
        write_pages(make_class(9, seed=3), tmp_path)
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path):
    (tmp_path / "feedback").write_text("a file")
    with pytest.raises(LabError, match="is a file, and the students' pages belong there"):
        write_pages(make_class(1), tmp_path)
    with pytest.raises(LabError, match="name a folder"):
        write_pages(make_class(1), tmp_path / "feedback")


def test_names_of_any_form_have_pages_of_their_own(tmp_path):
    names = ["ada", "Ada", "CON", "a/b", "..", "\ud800", "\ud801", "x" * 300, "e\u0301", "ß", "SS"]
    made = [Marked(name, "", "", LAB1, f"reason of {place}z") for place, name in enumerate(names)]
    files = write_pages(made, tmp_path)
    assert len({path.name.casefold() for path in files}) == len(names) + 1
    assert all(path.parent == tmp_path / "feedback" for path in files[:-1])
    texts = [path.read_text() for path in files[:-1]]
    assert all(sum(f"eason of {place}z" in text for text in texts) == 1 for place in range(len(names)))


def test_the_same_marks_give_the_same_pages():
    made = make_class(5)
    assert class_page(made) == class_page(made) and feedback_page(made[:1]) == feedback_page(made[:1])
