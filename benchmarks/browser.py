"""The browser app: how long until it has made its first prediction, and its latency against the interpreter's."""

import shutil
import tempfile
from pathlib import Path
from statistics import median

from labutils import data, models
from labutils.device.app import SERVED_POLICY, app_files, build_app
from labutils.device.card import make_card, write_card
from labutils.device.serving.server import app_server
from labutils.errors import LabError
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model
from labutils.tflite.variants import freeze, variant

ROUNDS = 7
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Ready is the app when the model has run once. The model is then run on what the keyboard draws.
NOTE = """
window.answers = [];
document.addEventListener("answer", ({detail}) => window.answers.push(detail.milliseconds), true);
new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-ready]")) return;
  window.ready = performance.now();
  observer.disconnect();
}).observe(document, {subtree: true, attributes: true, childList: true});
"""


def deliver(folder: Path, name: str) -> Path:
    """A full uint8 file with its card."""
    make, prepare, low = {"cnn": (models.digits_cnn, data.for_cnn, 0),
                          "mobilenet": (models.mobilenet_v2_digits, data.for_mobilenet, -1)}[name]  # fmt: skip
    path = folder / f"{name}.tflite"
    with quiet():
        frozen = freeze(make("digits"))
    path.write_bytes(variant(frozen, "full uint8", prepare(data.digits("train")[0][:60])))
    write_card(make_card(path, "0123456789", low=low, grain=8), folder)
    return path


def opened(browser, address: str) -> tuple[float, float]:
    """Milliseconds from opening to the first prediction, and of one inference once the model is warm."""
    page = browser.new_page()
    page.add_init_script(NOTE)
    page.goto(address)
    page.wait_for_selector("[data-ready]")
    page.locator("canvas[role=application]").focus()
    for key in [" ", *["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"] * 10]:
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    ready, times = page.evaluate("[ready, answers]")
    page.close()
    return ready, median(times)


def main() -> None:
    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        print("there is no Chromium on this machine")
        return
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for subject in ("cnn", "mobilenet"):
            try:
                model = deliver(folder, subject)
                page = build_app(model, folder / f"{subject}.html").as_uri()
            except LabError as missing:
                print(missing)
                return
            kernel = latency({"kernel": open_model(model).invoke})["kernel"].median
            with app_server(app_files(model), SERVED_POLICY) as server:
                for way, address in {"one file": page, "served": server.url}.items():
                    ready, times = zip(*(opened(browser, address) for _ in range(ROUNDS)), strict=True)
                    print(f"{subject:10}{way:10}first prediction {median(ready):5.0f} ms, then {median(times):.3f} ms: "
                          f"{median(times) / kernel:.2f} times the interpreter's")  # fmt: skip
        browser.close()
