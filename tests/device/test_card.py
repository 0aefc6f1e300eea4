"""The card beside a model: what it says, and that nothing wrong passes for one."""

import json

import numpy as np
import pytest

from labutils.device.card import card_path, make_card, read_card, write_card
from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.files import write_model
from labutils.tflite.runtime import open_model

DIGITS = "0123456789"


def sentence(refused) -> str:
    """The message, once it is one sentence."""
    text = str(refused.value)
    assert "\n" not in text and text.endswith(".")
    return text


@pytest.mark.parametrize("name", ["cnn_float", "cnn_uint8", "cnn_int8", "mobilenet_uint8"])
def test_it_agrees_with_the_model(request, name):
    model = request.getfixturevalue(name)
    card, opened = read_card(model), open_model(model)
    for port, specs in ((card.input, opened.inputs), (card.output, opened.outputs)):
        (spec,) = specs.values()
        assert (port.name, port.shape, port.dtype) == (spec.name, spec.shape, spec.dtype.name)
        assert (port.scale, port.zero_point) == (spec.scale, spec.zero_point)
    assert (card.model, card.bytes, card.labels) == (model.name, model.stat().st_size, tuple(DIGITS))
    assert model.with_name("labels.txt").read_text().split() == list(DIGITS)


def test_bytes_get_a_name(cnn_float):
    card = make_card(cnn_float.read_bytes(), DIGITS, name="größer")
    assert (card.name, card.model) == ("größer", "größer.tflite")
    assert json.loads(card.json())["name"] == "größer"


def test_numbers_of_numpy_are_numbers(cnn_float):
    card = make_card(cnn_float, DIGITS, low=np.float32(-0.5), high=np.int64(2), grain=np.uint8(4))
    assert json.loads(card.json())["picture"] == {"kind": "drawing", "low": -0.5, "high": 2, "grain": 4}


def classifier(tf, folder, shape=(1, 4, 4, 1), classes=3, **more):
    """A file whose ends have these shapes."""
    keep = tf.Module()
    spec = tf.TensorSpec(shape, tf.float32, name="image")
    size = int(np.prod([each or 1 for each in shape[1:]]))
    weights = tf.constant(np.ones((size, classes), np.float32))

    def serve(image):
        scores = tf.reshape(image, [-1, size]) @ weights
        return {"scores": scores} | dict.fromkeys(more.get("outputs", ()), scores + 1)

    keep.serve = tf.function(serve, input_signature=[spec])
    converter = tf.lite.TFLiteConverter.from_concrete_functions([keep.serve.get_concrete_function()], keep)
    return write_model(folder / "made.tflite", converter.convert())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"shape": (1, 4, 5, 1)}, "takes 1 x 4 x 5 x 1: an app needs 1 x side x side x 1 or 3"),
        ({"shape": (1, 4, 4, 2)}, "takes 1 x 4 x 4 x 2"),
        ({"shape": (2, 4, 4, 1)}, "takes 2 x 4 x 4 x 1"),
        ({"shape": (1, 16)}, "takes 1 x 16"),
        ({"classes": 1}, "gives 1 x 1: an app needs 1 x classes"),
        ({"outputs": ["more"]}, "has inputs: 1, outputs: 2"),
        ({"shape": (None, 4, 4, 1)}, "leaves its batch free: convert it with one of 1"),
    ],
)
def test_what_is_no_classifier_of_pictures_is_refused(tf, tmp_path, settings, said):
    model = classifier(tf, tmp_path, **settings)
    with pytest.raises(LabError) as refused:
        make_card(model, "abc")
    assert said in sentence(refused)


def test_a_file_without_its_weights_is_refused(tf, neuron_keras):
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [tf.function(lambda x: neuron_keras(x)).get_concrete_function(tf.TensorSpec([1, 1], tf.float32))], neuron_keras
    )
    with pytest.raises(LabError, match="lacks its weights"):
        make_card(converter.convert(), DIGITS)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"labels": "012"}, "has 10 classes, and 3 labels were given"),
        ({"labels": [*"012345678", " "]}, "A label is empty"),
        ({"labels": [*"012345678", "9\n"]}, "longer than a line"),
        ({"kind": "sketch"}, "choose drawing or photograph"),
        ({"low": 1}, "Black is 1 and white is 1.0"),
        ({"high": float("nan")}, "finite"),
        ({"high": float("inf")}, "finite"),
        ({"high": 10**400}, "finite"),
        ({"low": "black"}, "finite"),
        ({"grain": 0}, "from 1 to 8"),
        ({"grain": 9}, "from 1 to 8"),
        ({"grain": 4.5}, "from 1 to 8"),
    ],
)
def test_what_cannot_be_is_refused(cnn_float, settings, said):
    with pytest.raises(LabError) as refused:
        make_card(cnn_float, **{"labels": DIGITS} | settings)
    assert said in sentence(refused)


def spoilt(values):
    """Texts that are no card, made of one that is."""
    yield "", "is no card"
    yield "{", "is no card"
    yield "[1, 2]", "is no card"
    yield "[" * 100_000, "is no card"
    yield json.dumps(values)[:-30], "is no card"
    for name in values:
        yield json.dumps({key: value for key, value in values.items() if key != name}), "is no card"
        yield json.dumps(values | {name: None}), ""
        yield json.dumps(values | {name: 7}), ""
    for end in ("input", "output"):
        for name, wrong in {"shape": [1, 2], "dtype": "int8", "scale": 0.5, "zero_point": 3, "name": "other"}.items():
            yield json.dumps(values | {end: values[end] | {name: wrong}}), "belongs to another model"
    yield json.dumps(values | {"more": 1}), "is no card"
    for name, wrong in {"kind": "x", "grain": 99, "low": 1, "high": "white", "more": 1}.items():
        yield json.dumps(values | {"picture": values["picture"] | {name: wrong}}), ""


def test_a_spoilt_card_is_a_sentence(cnn_float, tmp_path):
    path = tmp_path / "card.json"
    for text, said in spoilt(json.loads(card_path(cnn_float).read_text())):
        path.write_text(text)
        with pytest.raises(LabError) as refused:
            read_card(cnn_float, path)
        assert said in sentence(refused)


def test_a_missing_a_binary_and_a_folder_for_a_card(cnn_float, tmp_path):
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    for name, said in {"none.json": "There is no card", "binary.json": "cannot be read", ".": "cannot be read"}.items():
        with pytest.raises(LabError) as refused:
            read_card(cnn_float, tmp_path / name)
        assert said in sentence(refused)


def test_the_card_of_another_model(cnn_float, cnn_uint8):
    with pytest.raises(LabError) as refused:
        read_card(cnn_float, card_path(cnn_uint8))
    assert "belongs to another model" in sentence(refused)


def test_an_unfit_asset_says_why():
    with pytest.raises(LabError, match="leaves its batch free"):
        make_card(asset("mobilenet_v2_digits.tflite"), DIGITS)


def test_a_folder_that_cannot_be_written_leaves_nothing(cnn_float, tmp_path):
    with pytest.raises(LabError, match="cannot be written"):
        write_card(read_card(cnn_float), tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
