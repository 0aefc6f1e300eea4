"""The pictures of img/: all of the material's, drawn as they stand there, readable, used, and true to the labs."""

import json
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import font_manager
from PIL import Image

from labutils.course.catalog import labs
from labutils.errors import LabError
from labutils.show import style
from labutils.show.figures import CARRIES, FIGURES, cards, gallery, performance, rounding, write_figures
from labutils.show.figures.drawing import Canvas
from tests.show.layout import faults, tilted

MATERIAL = [
    "1-features", "2-components", "3-architecture", "4-performance", "5-delegates", "6-techniques", "7-quantization",
    "8-tflite", "9-process", "10-converter", "11-conversion", "12-saved-model", "13-saved-model-cli",
    "14-saved-model-result", "15-export-savedmodel", "16-example1", "17-example1-2", "18-example2", "19-command-lite",
    "20-quantization", "21-post-training", "22-post-training-int", "23-post-training-int", "24-full-int", "25-tfselect",
    "26-optimizing", "27-tflite-interpreter", "28-running-models", "29-basic-model-running",
]  # fmt: skip
CARDS = [name for name, figure in FIGURES.items() if figure.says]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("img")
    write_figures(folder)
    return folder


def figure_of(name):
    with mpl.rc_context(style.RC):
        return FIGURES[name].draw()


def same_picture(first: Path, second: Path) -> bool:
    """Alike to the eye: fonts are drawn a little differently from one machine to the next."""
    a, b = (np.asarray(Image.open(path).convert("L"), float) for path in (first, second))
    return a.shape == b.shape and np.abs(a - b).mean() < 1.5


def test_all_of_the_material_are_there_in_its_order():
    assert list(FIGURES)[: len(MATERIAL)] == MATERIAL


@pytest.mark.parametrize("name", FIGURES)
def test_the_picture_is_what_its_source_draws(drawn, root, name):
    for ending in ("png", "svg"):
        assert (root / "img" / f"{name}.{ending}").exists(), "run `labs figures`"
    committed = root / "img" / f"{name}.png"
    assert same_picture(drawn / committed.name, committed), f"{name} is drawn otherwise: run `labs figures`"
    assert committed.stat().st_size < 200_000 and Image.open(committed).width == 1800


def test_two_runs_draw_the_same_bytes(drawn, tmp_path):
    some = ["7-quantization", "18-example2", "26-optimizing"]
    write_figures(tmp_path, some)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name


def test_nothing_else_lies_in_the_folder(root):
    there = {path.name for path in (root / "img").iterdir() if not path.name.startswith(".")}
    assert there == {f"{name}.{ending}" for name in FIGURES for ending in ("png", "svg")} | {
        "README.md", "performance.json"
    }  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_a_reader_finds_nothing_to_mark(name):
    with mpl.rc_context(style.RC):
        figure = FIGURES[name].draw()
        assert [*faults(figure), *tilted(figure)] == []


@pytest.mark.parametrize("name", FIGURES)
def test_it_is_shown_in_a_lab_and_says_in_words_what_it_shows(name):
    shown = [lab.slug for lab in labs() if f"![](../img/{name}.png)" in lab.source.read_text()]
    assert shown, f"no lab shows {name}"
    assert len(FIGURES[name].alt) > 60 and not set("[]\n") & set(FIGURES[name].alt)


def test_the_words_stand_beside_the_source_alone():
    for lab in labs():
        assert not re.findall(r"!\[[^\]]+\]\(\.\./img/", lab.source.read_text()), lab.slug


def test_the_gallery_is_of_today(root):
    assert (root / "img" / "README.md").read_text() == gallery(root), "run `labs figures`"


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_what_its_cell_says(root, name):
    assert Image.open(root / "img" / f"{name}.png").text[CARRIES] == FIGURES[name].says(), "run `labs figures`"
    letters = [t.get_text() for t in figure_of(name).axes[0].texts if "Mono" in t.get_fontfamily()[0]]
    assert "".join(letters).replace(" ", "") == "".join(FIGURES[name].says().split())


def test_cards_are_code_and_commands_that_ran():
    assert len(CARDS) == 13
    assert "model.export(saved" in FIGURES["12-saved-model"].says()
    assert FIGURES["13-saved-model-cli"].says().startswith("$ saved_model_cli show")
    assert "shape: (-1, 10)" in FIGURES["14-saved-model-result"].says()
    assert FIGURES["19-command-lite"].says().count("$") == 3
    assert "TFLITE_BUILTINS_INT8" in FIGURES["24-full-int"].says()
    for name in CARDS:
        if not name.startswith(("13", "14", "19")):
            compile(FIGURES[name].says(), name, "exec")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (cards.Part("01", "no-such-cell"), "has no cell with the tag no-such-cell"),
        (cards.Part("77", "export"), "Lab 77 has no cell"),
        (cards.Part("01", "export", end="frobnicate"), "no line with 'frobnicate'"),
        (cards.Part("01", "export", start="frobnicate"), "no line with 'frobnicate'"),
    ],
)
def test_a_card_of_a_cell_that_is_gone_is_refused(part, said):
    with pytest.raises(LabError, match=said):
        part.text()


def test_fonts_come_with_matplotlib():
    for family in ("DejaVu Sans", "DejaVu Sans Mono"):
        path = Path(font_manager.findfont(family, fallback_to_default=False))
        assert path.is_relative_to(mpl.get_data_path())


def test_svg_needs_no_font(drawn):
    for path in drawn.glob("*.svg"):
        assert "<text" not in path.read_text()


def test_the_charts_show_what_was_measured(tmp_path, course):
    """The times that are kept are those of the chart, and measuring anew gives the same rows."""
    with pytest.raises(LabError, match="labs figures --record"):
        performance.recorded()
    (course / "img").mkdir()
    found = performance.measure(runs=2, alpha=0.35, pixels=64)
    performance.record(found)
    assert performance.recorded() == json.loads(json.dumps(found))
    times = [value for each in found["milliseconds"].values() for value in each.values()]
    texts = [text.get_text() for text in figure_of("4-performance").axes[0].texts]
    assert texts == [f"{value:.1f}" for value in reversed(times)] and min(times) > 0


def test_the_record_has_the_rows_that_are_measured_today():
    rows = {dtype: list(each) for dtype, each in performance.recorded()["milliseconds"].items()}
    assert rows["float32"][-3:] == rows["int8"] and len(rows["float32"]) == 5
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", performance.recorded()["date"]) and performance.recorded()["machine"]


def test_the_error_of_rounding_halves_with_each_bit():
    weights = rounding.kernel()
    for per_channel in (False, True):
        errors = [rounding.error(weights, bits, per_channel) for bits in rounding.BITS]
        ratios = [a / b for a, b in zip(errors[1:], errors[2:], strict=False)]
        assert all(1.9 < ratio < 2.5 for ratio in ratios)
    assert all(rounding.error(weights, b, True) < rounding.error(weights, b, False) for b in rounding.BITS)


def test_the_check_of_the_layout_finds_each_fault():
    def found(draw):
        canvas = Canvas(height=30)
        draw(canvas)
        return " / ".join([*faults(canvas.figure), *tilted(canvas.figure)])

    assert found(lambda c: c.chain(c.box(2, 5, 30, 20, "One"), c.box(60, 5, 30, 20, "Two"))) == ""
    assert "too small" in found(lambda c: c.text(50, 15, "tiny", 7, style.INK))
    assert "cut off" in found(lambda c: c.words(95, 15, "over the end"))
    assert "goes over the edge" in found(lambda c: c.box(40, 5, 12, 20, "A title that is too long"))
    assert "is on" in found(lambda c: (c.words(10, 15, "one word"), c.words(14, 15, "another")))
    assert "crosses" in found(lambda c: (c.words(30, 15, "in the way"), c.arrow((10, 15), (90, 15))))
    assert "crosses" in found(lambda c: (c.words(30, 15, "here"), c.arrow((10, 2), (33, 2), (33, 28), (90, 28))))
    assert "tilted" in found(lambda c: c.arrow((10, 15), (90, 15.5)))
