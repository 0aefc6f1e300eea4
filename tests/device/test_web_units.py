"""The app's JavaScript by itself, in headless Chromium, held against Python's arithmetic."""

import base64
import re

import numpy as np
import pytest

from labutils.device.app import LETTERS, VIEW, WEB, joined
from labutils.device.card import Card, Picture, Port
from labutils.device.prepare import coverage, interpolation, prepare_drawing, prepare_photograph

pytestmark = pytest.mark.browser
TESTED = ("coverage", "interpolation", "asInk", "prepare", "real", "probabilities", "fromBase85")
# A card, for JavaScript: its Python counterpart is made of the same values.
CARD = """({side, channels, dtype, scale, zero, kind, low, high, grain}) => ({
  input: {shape: [1, side, side, channels], dtype, scale, zero_point: zero}, picture: {kind, low, high, grain}})"""


@pytest.fixture(scope="module")
def js(browser):
    """A page that has the functions as names of its own."""
    context = browser.new_context()
    page = context.new_page()
    page.evaluate(f"() => {{ window.cardOf = {CARD}; }}")
    code = f"{joined(*VIEW, 'app.js')}\nObject.assign(window, {{{', '.join(TESTED)}}});"
    page.add_script_tag(content=code, type="module")
    page.wait_for_function("() => Boolean(window.fromBase85)")
    yield page
    context.close()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 7, 8, 1000, 1001, 1002, 1003])
def test_base_85_is_pythons(js, size):
    content = np.random.default_rng(size).integers(0, 256, size, dtype=np.uint8).tobytes()
    text = base64.b85encode(content).decode().translate(LETTERS)
    assert not set(text) & set("<>&\"'\\")
    assert bytes(js.evaluate("text => Array.from(fromBase85(text))", text)) == content


def cards(rng, kind):
    """Cards of both dtypes and other sizes, as Python and as JavaScript have them."""
    for dtype in ("float32", "uint8"):
        side, channels = int(rng.integers(1, 40)), int(rng.choice([1, 3]))
        grain = int(rng.integers(1, side + 1))
        low, high = sorted(rng.uniform(-2, 2, 2).round(2).tolist())
        scale, zero = (0.0, 0) if dtype == "float32" else ((high - low + 0.01) / 255, 128)
        values = {"side": side, "channels": channels, "dtype": dtype, "scale": scale, "zero": zero, "kind": kind,
                  "low": low, "high": high, "grain": grain}  # fmt: skip
        port = Port("image", (1, side, side, channels), dtype, scale, zero)
        yield Card("m", "m.tflite", 0, port, port, Picture(kind, low, high, grain), ("a", "b")), values


def prepared(js, rgba, values):
    height, width = rgba.shape[:2]
    return js.evaluate(
        "([data, width, height, values]) => {"
        "  const found = prepare({data: new Uint8ClampedArray(data), width, height}, cardOf(values));"
        "  return found && Array.from(found);"
        "}",
        [rgba.ravel().tolist(), width, height, values],
    )


def close(found, expected):
    """Equal but for float32's last digits, and, of integers, one step where the two sum up in another order."""
    limit = 1 if expected.dtype == np.uint8 else 1e-5
    return np.abs(np.array(found) - expected.ravel().astype(np.float64)).max() <= limit


@pytest.mark.parametrize("seed", range(12))
def test_a_drawing_is_prepared_as_in_python(js, seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(3, 60, 2)
    grey = np.where(rng.random((height, width)) < 0.2, rng.integers(0, 256, (height, width)), 0).astype(np.uint8)
    grey[rng.integers(height), rng.integers(width)] = 255  # never empty
    rgba = np.dstack([grey] * 3 + [np.full_like(grey, 255)])
    for card, values in cards(rng, "drawing"):
        assert close(prepared(js, rgba, values), prepare_drawing(grey, card))


@pytest.mark.parametrize("seed", range(12))
def test_a_photograph_is_prepared_as_in_python(js, seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(1, 60, 2)
    rgb = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
    rgba = np.dstack([rgb, np.full((height, width), 255, np.uint8)])
    for card, values in cards(rng, "photograph"):
        assert close(prepared(js, rgba, values), prepare_photograph(rgb, card))


def test_nothing_drawn_is_nothing_to_classify(js):
    _, values = next(cards(np.random.default_rng(0), "drawing"))
    assert prepared(js, np.zeros((5, 5, 4), np.uint8), values) is None


@pytest.mark.parametrize(("cells", "size"), [(8, 3), (3, 8), (1, 1), (5, 5)])
def test_weights_are_pythons(js, cells, size):
    found = js.evaluate("([c, n]) => coverage(c, -0.7, 1.3, n).map(row => Array.from(row))", [cells, size])
    assert np.allclose(found, coverage(cells, -0.7, 1.3, size))
    found = js.evaluate("([c, n]) => interpolation(c, n).map(row => Array.from(row))", [cells, size])
    assert np.allclose(found, interpolation(cells, size))


def test_ink_on_paper_is_turned_round(js):
    paper = np.full((6, 6), 0.9)
    paper[2:4, 2:4] = 0.1
    found = np.array(js.evaluate("values => Array.from(asInk(Float64Array.from(values), 6))", paper.ravel().tolist()))
    expected = np.zeros((6, 6))
    expected[2:4, 2:4] = 1
    assert np.allclose(found.reshape(6, 6), expected)
    again = js.evaluate("values => Array.from(asInk(Float64Array.from(values), 6))", expected.ravel().tolist())
    assert np.allclose(again, expected.ravel())
    plain = js.evaluate("values => Array.from(asInk(Float64Array.from(values), 6))", [0.9] * 36)
    assert not any(plain)


@pytest.mark.parametrize("scores", [[0.1, 0.7, 0.2], [-3.0, 4.0, 1.0], [100.0, 900.0, 1000.0], [0.0, 0.0]])
def test_scores_become_probabilities(js, scores):
    found = np.array(js.evaluate("scores => probabilities(scores)", scores))
    powers = np.exp(np.array(scores) - max(scores))
    already = min(scores) >= 0 and abs(sum(scores) - 1) < 0.1
    assert np.allclose(found, scores if already else powers / powers.sum())


def test_stored_numbers_become_real(js):
    assert js.evaluate("real([0, 10, 255], {scale: 0.5, zero_point: 10})") == [-5, 0, 122.5]
    assert js.evaluate("real([0.25], {scale: 0})") == [0.25]


def test_parts_need_only_what_stands_before_them():
    """What `joined` relies on: no part imports one that follows, and no two give one name to two things."""
    assert {path.name for path in WEB.glob("*.js")} == {*VIEW, "app.js", "widget.js"}
    for last in ("app.js", "widget.js"):
        names, before = [], set()
        for name in (*VIEW, last):
            text = (WEB / name).read_text("utf-8")
            assert set(re.findall(r'from "\./(.+?)"', text)) <= before
            names += re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", text, re.M)
            before.add(name)
        assert len(set(names)) == len(names)
