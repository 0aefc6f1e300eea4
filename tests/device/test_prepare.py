"""Pictures become inputs by rules: shown on small ones by hand, and on any by what has to stay the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as made

from labutils import data
from labutils.device.card import Picture, Port
from labutils.device.prepare import coverage, interpolation, prepare_drawing, prepare_photograph
from labutils.errors import LabError
from tests.device.cards import card_of

unit = st.floats(0, 1, width=32)
cards = st.builds(
    lambda side, channels, dtype, share, low: card_of(
        side, channels, dtype, grain=max(1, round(side * share)), low=low
    ),
    st.integers(1, 20), st.sampled_from((1, 3)), st.sampled_from(("float32", "uint8", "int8")), unit,
    st.sampled_from((0.0, -1.0)),
)  # fmt: skip


@st.composite
def drawings(draw, least=1, most=40):
    """Any drawing that holds ink."""
    shape = draw(st.tuples(st.integers(least, most), st.integers(least, most)))
    drawing = draw(made.arrays(np.float64, shape, elements=unit))
    drawing[draw(st.integers(0, shape[0] - 1)), draw(st.integers(0, shape[1] - 1))] = 1
    return drawing


def real(stored, card):
    """What the model's input stands for."""
    port = card.input
    return (stored.astype(float) - port.zero_point) * port.scale if port.scale else stored


@given(drawings(), cards)
def test_a_drawing_has_the_inputs_shape_dtype_and_range(drawing, card):
    stored = prepare_drawing(drawing, card)
    assert stored.shape == card.input.shape and stored.dtype == card.input.dtype
    slack = card.input.scale or 1e-6
    found = real(stored, card)
    assert card.picture.low - slack <= found.min() and found.max() <= card.picture.high + slack


@given(made.arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 30), st.just(3)), elements=unit),
       st.integers(1, 12), st.sampled_from((1, 3)), st.sampled_from(("float32", "uint8", "int8")))  # fmt: skip
def test_a_photograph_has_the_inputs_shape_dtype_and_range(photograph, side, channels, dtype):
    card = card_of(side, channels, dtype, "photograph", low=-1)
    stored = prepare_photograph(photograph, card)
    assert stored.shape == card.input.shape and stored.dtype == card.input.dtype
    slack = card.input.scale or 1e-6
    assert -1 - slack <= real(stored, card).min() and real(stored, card).max() <= 1 + slack


@given(made.arrays(np.float32, (8, 8), elements=unit))
def test_a_digit_of_the_grain_that_touches_all_edges_comes_through_unchanged(digit):
    digit[0, 3] = digit[7, 2] = digit[4, 0] = digit[1, 7] = 1
    assert np.array_equal(prepare_drawing(digit, card_of(8, 1, "float32"))[0, :, :, 0], digit)


@given(drawings(), st.integers(0, 9), st.integers(0, 9), st.integers(1, 3))
def test_neither_the_place_on_the_sheet_nor_the_size_of_the_pen_matters(drawing, above, left, times):
    card = card_of(6, 1, "float32", grain=3)
    larger = np.pad(np.kron(drawing, np.ones((times, times))), ((above, 4), (left, 7)))
    np.testing.assert_allclose(prepare_drawing(larger, card), prepare_drawing(drawing, card), atol=1e-6)


@given(drawings())
def test_no_ink_is_lost(drawing):
    rows, columns = np.nonzero(drawing > 0.1)
    box = drawing[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    cells = prepare_drawing(drawing, card_of(5, 1, "float32"))
    assert cells.sum() * (max(box.shape) / 5) ** 2 == pytest.approx(box.sum(), rel=1e-5)


def test_proportions_are_kept_and_the_box_is_centred():
    drawing = np.zeros((20, 20))
    drawing[2:10, 5:7] = 1  # eight high, two wide
    found = prepare_drawing(drawing, card_of(4, 1, "float32"))[0, :, :, 0]
    assert found.tolist() == [[0, 0.5, 0.5, 0]] * 4


def test_what_is_not_ink_is_kept_within_the_box_and_dropped_outside():
    drawing = np.full((6, 6), 0.1)
    drawing[1, 1] = drawing[2, 2] = 0.5
    assert prepare_drawing(drawing, card_of(2, 1, "float32")).ravel().tolist() == pytest.approx([0.5, 0.1, 0.1, 0.5])


def test_an_enlarged_digit_is_what_the_mobilenet_was_trained_with():
    images = data.digits("test")[0][:20]
    images[:, 0, 3] = images[:, 7, 2] = images[:, 4, 0] = images[:, 1, 7] = 16  # so that nothing is cut off
    card = card_of(64, 3, "float32", grain=8, low=-1.0)
    for image in images:
        np.testing.assert_allclose(prepare_drawing(image / 16, card), data.for_mobilenet(image[None]), atol=1e-6)


def test_all_channels_of_a_drawing_are_equal():
    found = prepare_drawing(np.random.default_rng(0).random((9, 7)), card_of(9, 3, "float32", grain=4))
    assert np.array_equal(found[..., 0], found[..., 1]) and np.array_equal(found[..., 0], found[..., 2])


@pytest.mark.parametrize("shape", [(5, 9), (9, 5)])
def test_a_photograph_is_cut_to_its_middle(shape):
    photograph = np.zeros((*shape, 3))
    middle = np.random.default_rng(1).random((5, 5, 3))
    photograph[(shape[0] - 5) // 2 :, (shape[1] - 5) // 2 :][:5, :5] = middle
    found = prepare_photograph(photograph, card_of(5, 3, "float32", "photograph"))
    np.testing.assert_allclose(found[0], middle, atol=1e-7)


def test_a_middle_that_begins_at_half_a_pixel_takes_half_of_it():
    photograph = np.repeat(np.array([[0.0, 0.2, 0.4, 1.0]])[..., np.newaxis], 3, axis=-1).repeat(3, axis=0)
    found = prepare_photograph(photograph, card_of(1, 3, "float32", "photograph"))
    assert found.ravel() == pytest.approx([(0.5 * 0 + 0.2 + 0.4 + 0.5 * 1) / 3] * 3)


def test_a_grey_model_gets_the_brightness():
    colours = np.eye(3)[np.newaxis].repeat(3, axis=0)  # three columns: red, green, blue
    found = prepare_photograph(colours, card_of(3, 1, "float32", "photograph"))
    assert found[0, 0, :, 0].tolist() == pytest.approx([0.299, 0.587, 0.114])


def test_bytes_are_255ths():
    grey = np.random.default_rng(2).integers(0, 256, (9, 9), np.uint8)
    card = card_of(5, 1, "float32")
    assert np.array_equal(prepare_drawing(grey, card), prepare_drawing(grey / 255, card))


@pytest.mark.parametrize(("low", "half_way"), [(0.0, 128), (-1.0, 127)])
def test_black_and_white_are_the_ends_of_what_is_stored(low, half_way):
    card = card_of(3, 1, "uint8", grain=3, low=low)
    stored = prepare_drawing(np.array([[1, 0, 1], [0, 0.5, 0], [1, 0, 1.0]]), card)
    assert sorted(set(stored.ravel().tolist())) == [0, half_way, 255]


def quarter_steps(dtype, zero_point):
    """A card whose input stores quarters."""
    card = card_of(2, 1, dtype)
    port = Port("image", (1, 2, 2, 1), dtype, 0.25, zero_point)
    return type(card)("q", "q", 1, port, card.output, Picture("drawing", 0, 1, 2), card.labels)


def test_a_half_is_rounded_up_everywhere():
    drawing = np.array([[0.125, 0.375], [0.625, 1]])  # 0.5, 1.5, 2.5 and 4 quarters: numpy.round says 0, 2, 2, 4
    assert prepare_drawing(drawing, quarter_steps("int8", 0)).ravel().tolist() == [1, 2, 3, 4]
    assert prepare_drawing(drawing, quarter_steps("int8", -3)).ravel().tolist() == [-2, -1, 0, 1]


@pytest.mark.parametrize(("dtype", "zero_point", "most"), [("int8", 125, 127), ("uint8", 253, 255)])
def test_what_does_not_fit_is_clipped(dtype, zero_point, most):
    assert prepare_drawing(np.ones((2, 2)), quarter_steps(dtype, zero_point)).ravel().tolist() == [most] * 4


@given(st.integers(1, 30), st.integers(1, 30))
def test_cells_that_cover_all_pixels_take_each_once(cells, size):
    weights = coverage(cells, 0, size / cells, size)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_allclose(weights.sum(axis=0), cells / size)


@given(st.integers(1, 30), st.integers(1, 30))
def test_an_enlargement_takes_whole_pixels(cells, size):
    np.testing.assert_allclose(interpolation(cells, size).sum(axis=1), 1)


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (np.zeros((9, 9)), "Nothing is drawn"), (np.full((9, 9), 0.1), "Nothing is drawn"),
        (np.zeros((9, 9, 3)), r"\(9, 9, 3\)"), (np.zeros((0, 9)), r"\(0, 9\)"), (np.full((9, 9), 1.5), "from 0 to 1"),
        (np.full((9, 9), np.nan), "from 0 to 1"), (np.full((9, 9), 16, np.int64), "from 0 to 1"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(picture, says):
    with pytest.raises(LabError, match=says):
        prepare_drawing(picture, card_of(8, 1, "float32"))


def test_the_kind_has_to_be_the_cards():
    with pytest.raises(LabError, match="digits takes a photograph, not a drawing: call prepare_photograph"):
        prepare_drawing(np.ones((9, 9)), card_of(8, 1, "float32", "photograph"))
    with pytest.raises(LabError, match="call prepare_drawing"):
        prepare_photograph(np.ones((9, 9, 3)), card_of(8, 1, "float32"))
    with pytest.raises(LabError, match="three channels, not 4"):
        prepare_photograph(np.ones((9, 9, 4)), card_of(8, 1, "float32", "photograph"))


def test_an_integer_model_needs_a_scale():
    card = card_of(2, 1, "uint8")
    bare = type(card)("b", "b", 1, Port("image", (1, 2, 2, 1), "uint8"), card.output, card.picture, card.labels)
    with pytest.raises(LabError, match="without a scale"):
        prepare_drawing(np.ones((2, 2)), bare)
