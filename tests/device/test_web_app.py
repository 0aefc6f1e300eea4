"""The app in headless Chromium, with the network cut: it computes what the Python interpreter computes."""

import contextlib
import io
import time

import numpy as np
import pytest
from PIL import Image

from labutils import data
from labutils.device.app import SERVED_POLICY, app_files, build_app
from labutils.device.card import read_card
from labutils.device.serving.server import File, app_server
from labutils.tflite.runtime import open_model

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("runtime")]
DIGITS = 20
LISTEN = """
window.answers = [];
document.addEventListener("answer", ({detail}) => window.answers.push(
  {...detail, input: Array.from(detail.input), output: Array.from(detail.output)}), true);
"""
CHOOSE = "input[type=file]:not([capture])"


def png(image: np.ndarray, pixels: int = 128) -> bytes:
    """A test digit as a picture file, white on black."""
    side = Image.fromarray((image * (255 / 16)).astype(np.uint8)).resize((pixels, pixels), Image.Resampling.NEAREST)
    side.save(buffer := io.BytesIO(), "png")
    return buffer.getvalue()


@contextlib.contextmanager
def opened(browser, address, **settings):
    """A page of its own, which notes every answer, every request, and all that is said on the console."""
    context = browser.new_context(**settings)
    context.set_offline(address.startswith("file:"))
    page = context.new_page()
    page.requests, page.said = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.add_init_script(LISTEN)
    page.goto(address)
    yield page
    context.close()


def wait_for(page, count, seconds=20):
    """The first answers. The page's policy allows no wait_for_function, which evaluates a text."""
    start = time.monotonic()
    while page.evaluate("answers.length") < count:
        assert time.monotonic() - start < seconds, (page.inner_text("body"), page.said)
        page.wait_for_timeout(10)
    return page.evaluate("answers")


def load_digit(page, image):
    page.set_input_files(CHOOSE, {"name": "digit.png", "mimeType": "image/png", "buffer": png(image)})


@contextlib.contextmanager
def address_of(way, model, folder):
    """Where the app of a model is to be opened, in one of three ways."""
    if way == "served":
        with app_server(app_files(model), policy=SERVED_POLICY) as server:
            yield server.url
        return
    page = build_app(model, folder / "app.html")
    if way == "file":
        yield page.as_uri()
    else:
        with app_server({"/": File(page.read_bytes(), "text/html; charset=utf-8")}, policy="") as server:
            yield server.url


WAYS = [("file", "cnn_float"), ("http", "cnn_float"), ("served", "cnn_float"), ("file", "cnn_uint8"),
        ("served", "cnn_uint8"), ("file", "mobilenet_uint8"), ("served", "mobilenet_uint8")]  # fmt: skip


@pytest.mark.parametrize(("way", "name"), WAYS)
def test_twenty_digits_are_answered_as_by_python(browser, request, tmp_path, way, name):
    model = request.getfixturevalue(name)
    kernel, spec = open_model(model), next(iter(open_model(model).inputs.values()))
    images, labels = (each[:DIGITS] for each in data.digits("test"))
    with address_of(way, model, tmp_path) as address, opened(browser, address) as page:
        page.wait_for_selector("[data-ready]")
        for count, image in enumerate(images, 1):
            load_digit(page, image)
            wait_for(page, count)
        answers = page.evaluate("answers")
        assert page.said == []
        outside = [url for url in page.requests if not url.startswith((address, "blob:", "data:"))]
        assert outside == []
    assert {answer["variant"] for answer in answers} == {"relaxed" if way == "served" else "compat"}
    given = np.stack([np.array(answer["input"], spec.dtype).reshape(spec.shape[1:]) for answer in answers])
    found, expected = np.array([answer["output"] for answer in answers], np.float64), kernel.run(given)
    assert np.abs(found - expected).max() <= (1e-4 if spec.dtype == np.float32 else 1)
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()
    assert (found.argmax(axis=1) == labels).sum() >= DIGITS - 3  # each digit was cut out and centred anew


def test_one_file_is_small(mobilenet_uint8, tmp_path):
    assert mobilenet_uint8.stat().st_size > 500_000
    assert build_app(mobilenet_uint8, tmp_path / "app.html").stat().st_size < 4_500_000


@pytest.fixture(scope="module")
def cnn_page(cnn_uint8, tmp_path_factory):
    return build_app(cnn_uint8, tmp_path_factory.mktemp("app") / "app.html").as_uri()


def by_mouse(page, *points):
    """A stroke through points, each in parts of the sheet."""
    box = page.locator("canvas[role=application]").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


TURN = np.linspace(0, 2 * np.pi, 20)
STROKES = {
    "0": list(zip(0.5 + 0.22 * np.sin(TURN), 0.5 - 0.36 * np.cos(TURN), strict=True)),
    "1": [(0.4, 0.25), (0.52, 0.15), (0.52, 0.85)],
    "7": [(0.3, 0.15), (0.7, 0.15), (0.45, 0.85)],
}


@pytest.mark.parametrize("digit", STROKES)
def test_a_drawn_digit(browser, cnn_page, root, digit):
    with opened(browser, cnn_page) as page:
        page.wait_for_selector("[data-ready]")
        by_mouse(page, *STROKES[digit])
        wait_for(page, 1)
        page.wait_for_timeout(300)
        (root / "build" / "screenshots").mkdir(parents=True, exist_ok=True)
        page.screenshot(path=root / "build" / "screenshots" / f"app-{digit}.png")
        assert page.inner_text("output").startswith(f"{digit}, with ")
        assert page.inner_text("li.most").startswith(digit)


def test_a_finger_draws_on_a_phone_and_nothing_is_cut_off(browser, cnn_page, root):
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    with opened(browser, cnn_page, **phone) as page:
        page.wait_for_selector("[data-ready]")
        page.touchscreen.tap(180, 250)
        wait_for(page, 1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.wait_for_timeout(200)
        page.screenshot(path=root / "build" / "screenshots" / "app-phone.png", full_page=True)


def test_the_keyboard_draws_and_clears(browser, cnn_page):
    with opened(browser, cnn_page) as page:
        page.wait_for_selector("[data-ready]")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('role')") == "application"
        for key in ["ArrowUp"] * 6 + [" "] + ["ArrowDown"] * 12:
            page.keyboard.press(key)
        wait_for(page, 1)
        assert page.inner_text("output").startswith("1, with ")
        page.keyboard.press("Delete")
        assert page.inner_text("output").startswith("Draw ")
        assert page.locator("li.most").count() == 0


def test_the_camera_takes_a_picture(browser, cnn_page):
    with opened(browser, cnn_page, permissions=["camera"]) as page:
        page.wait_for_selector("[data-ready]")
        page.get_by_role("button", name="Camera").click()
        page.get_by_role("button", name="Take the picture").click()
        wait_for(page, 1)
        assert page.locator("video").is_hidden()


def test_without_a_camera_it_says_so(browser, cnn_page):
    with opened(browser, cnn_page) as page:
        page.wait_for_selector("[data-ready]")
        refused = "Promise.reject(new DOMException('', 'NotFoundError'))"
        page.evaluate(f"navigator.mediaDevices.getUserMedia = () => {refused}; 0")
        page.get_by_role("button", name="Camera").click()
        page.locator("[role=alert] >> text=no camera was found: choose a picture from a file.").wait_for()


def test_what_is_no_picture_is_refused_in_a_sentence(browser, cnn_page):
    with opened(browser, cnn_page) as page:
        page.wait_for_selector("[data-ready]")
        page.set_input_files(CHOOSE, {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
        page.locator("[role=alert] >> text=choose a PNG or JPEG file.").wait_for()
        load_digit(page, data.digits("test")[0][0])  # and the next one is taken
        wait_for(page, 1)
        assert page.inner_text("[role=alert]") == ""


@pytest.mark.parametrize("part", ["model.tflite", "core.js.gz", "compat.wasm.gz"])
def test_a_damaged_part_is_told(browser, cnn_uint8, tmp_path, part):
    files = app_files(cnn_uint8)
    files |= {f"/{part}": File(b"\x00" * 64, "application/octet-stream"), "/relaxed.wasm.gz": files["/compat.wasm.gz"]}
    with app_server(files, policy=SERVED_POLICY) as server, opened(browser, server.url) as page:
        page.locator("output >> text=The model cannot run here.").wait_for()
        assert page.inner_text("[role=alert]").endswith((": try a newer one.", ": build the app anew."))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_accessibility(browser, cnn_page, root, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, cnn_page, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        page.wait_for_selector("[data-ready]")
        load_digit(page, data.digits("test")[0][3])
        wait_for(page, 1)
        page.wait_for_timeout(300)
        page.screenshot(path=root / "build" / "screenshots" / f"app-{scheme}-{width}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_any_classifier_a_photograph_and_a_thousand_names(browser, tf, tmp_path):
    """A model of photographs with many classes, whose scores are no probabilities."""
    from labutils.device.card import make_card, write_card
    from labutils.tflite.files import write_model

    keep = tf.Module()
    weights = tf.constant(np.random.default_rng(0).normal(0, 1, (12, 40)).astype(np.float32))
    spec = tf.TensorSpec([1, 2, 2, 3], tf.float32, name="photo")
    keep.serve = tf.function(lambda photo: {"scores": tf.reshape(photo, [1, 12]) @ weights}, input_signature=[spec])
    content = tf.lite.TFLiteConverter.from_concrete_functions([keep.serve.get_concrete_function()], keep).convert()
    model = write_model(tmp_path / "many.tflite", content)
    names = [f"class <b>{n}</b> & “{n}”" for n in range(40)]
    write_card(make_card(model, names, low=-1, kind="photograph"), tmp_path)
    assert read_card(model).labels == tuple(names)
    with opened(browser, build_app(model, tmp_path / "many.html").as_uri()) as page:
        page.wait_for_selector("[data-ready]")
        Image.fromarray(data.photograph("coffee")).save(buffer := io.BytesIO(), "jpeg")
        page.set_input_files(CHOOSE, {"name": "c.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()})
        answer = wait_for(page, 1)[0]
        rows = page.locator("ol.bars li").all_inner_texts()
    expected = open_model(model).predict(np.array(answer["input"], np.float32).reshape(1, 2, 2, 3))[0]
    assert np.allclose(answer["output"], expected, atol=1e-5)
    assert len(rows) == 12 and rows[0].startswith(names[int(expected.argmax())])
