"""The widget's kernel side, with messages as a browser sends them."""

import json

import numpy as np
import pytest

from labutils import data
from labutils.device.card import read_card
from labutils.device.widget import BrowserApp
from labutils.errors import LabError
from labutils.tflite.runtime import open_model


@pytest.fixture
def made(cnn_uint8, monkeypatch):
    """A widget, and all that it has sent: (message, buffers)."""
    sent = []
    monkeypatch.setattr(BrowserApp, "send", lambda self, message, buffers=None: sent.append((message, buffers)))
    return BrowserApp(cnn_uint8, read_card(cnn_uint8)), sent


def digits(model, count):
    (spec,) = open_model(model).inputs.values()
    return spec.quantize(data.for_cnn(data.digits("test")[0][:count]))


def answered(app, one, browser, **more):
    """The message of a browser that has computed."""
    app._handle_custom_msg({"milliseconds": 0.5, "variant": "compat", **more}, [one.tobytes(), browser.tobytes()])


@pytest.mark.usefixtures("runtime")
def test_it_sends_the_files_that_are_asked_for(made, cnn_uint8):
    app, sent = made
    for name in app.files:
        app._handle_custom_msg({"want": name}, [])
    assert [message["file"] for message, _ in sent] == app.files and len(sent) == 7
    got = {message["file"]: buffers[0] for message, buffers in sent}
    assert got["model.tflite"] == cnn_uint8.read_bytes()
    app._handle_custom_msg({"want": "/etc/passwd"}, [])
    app._handle_custom_msg({"something": "else"}, [])
    assert len(sent) == 7


def test_the_state_holds_no_files(made):
    app, _ = made
    assert len(json.dumps(app.get_state())) < 60_000


def test_what_was_drawn_is_computed_again_and_told(made, cnn_uint8):
    app, sent = made
    one = digits(cnn_uint8, 1)
    right = open_model(cnn_uint8).run(one)
    counts = []
    app.observe(lambda change: counts.append(change["new"]), "answered")
    answered(app, one, right)
    answered(app, one, np.roll(right, 1))
    assert counts == [1, 2] and [answer.difference for answer in app.answers] == [0, app.answers[1].difference]
    assert app.answers[1].difference > 100
    label = right.argmax()
    assert [message["compare"] for message, _ in sent] == [
        f"The kernel says {label} too: the largest difference is 0.", f"The kernel says {label}: the two differ."
    ]  # fmt: skip


def test_ready_made_inputs_keep_their_number(made, cnn_uint8):
    app, sent = made
    three = digits(cnn_uint8, 3)
    app.classify(three[:2])
    assert sent == []  # nobody listens yet
    app._handle_custom_msg({"listens": True}, [])
    assert [message["classify"] for message, _ in sent] == [0, 1]
    app._handle_custom_msg({"listens": True}, [])  # the page was loaded again: nothing is sent twice
    sent.clear()
    app.classify(three)
    assert [message["classify"] for message, _ in sent] == [0, 1, 2]
    for (message, buffers), one in zip(sent[:3], three, strict=True):
        assert buffers[0] == one.tobytes()
        answered(app, one[None], open_model(cnn_uint8).run(one[None]), number=message["classify"])
    assert [answer.number for answer in app.answers] == [0, 1, 2] and len(sent) == 3
    assert all(answer.difference == 0 and answer.kernel_milliseconds > 0 for answer in app.answers)


@pytest.mark.parametrize("change", [lambda x: x.astype(np.float32), lambda x: x[0], lambda x: x[:, :4]])
def test_other_inputs_are_refused(made, cnn_uint8, change):
    app, sent = made
    with pytest.raises(LabError, match="uint8 of the shape"):
        app.classify(change(digits(cnn_uint8, 2)))
    assert sent == []


def test_a_model_that_no_browser_runs_is_refused(cnn_int8):
    with pytest.raises(LabError, match="inference_input_type = tf.uint8"):
        BrowserApp(cnn_int8, read_card(cnn_int8))


def test_without_the_runtime_it_says_what_to_run(cnn_float, monkeypatch, tmp_path):
    monkeypatch.setenv("LABS_LITERT_JS", str(tmp_path / "nowhere"))
    app = BrowserApp(cnn_float.read_bytes(), read_card(cnn_float))
    assert "labs app setup" in app.problem and app.files == ["model.tflite"]
