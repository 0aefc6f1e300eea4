"""Quantization-aware training gives a file of integers that the course's own runtime runs, nearly as right as float."""

import numpy as np
import pytest

from labutils import data
from labutils.errors import LabError
from labutils.models import asset, digits_cnn
from labutils.tflite import qat
from labutils.tflite.anatomy import anatomy
from labutils.tflite.integer import float_operators
from labutils.tflite.runtime import open_model

SPLITS = {name: (data.for_cnn(data.digits(name)[0]), data.digits(name)[1]) for name in data.SPLIT_SIZES}
ZEROS = [np.zeros(shape, np.float32) for shape in qat.SHAPES]


@pytest.fixture(scope="module")
def weights(tf):
    return digits_cnn("digits").get_weights()


@pytest.fixture(scope="module")
def trained(qat_environment, weights):
    return qat.train(weights, SPLITS["train"], SPLITS["validation"], epochs=2)


def right(model) -> float:
    images, labels = SPLITS["test"]
    return float((open_model(model).predict(images).argmax(axis=1) == labels).mean())


def test_the_file_holds_integers_only(trained):
    found = anatomy(trained.model)
    assert float_operators(found) == {} and not found.has_unfrozen_variables
    assert set(found.dtypes) == {"int8", "int32"}


def test_it_is_nearly_as_right_as_float(trained):
    assert right(asset("digits_cnn.tflite")) - right(trained.model) <= 0.02 and right(trained.model) > 0.95


def test_it_has_learnt(trained, weights):
    assert len(trained.loss) == len(trained.validation_accuracy) == 2 and trained.loss[1] < trained.loss[0] < 0.5
    untrained = qat.train(ZEROS, SPLITS["train"], SPLITS["validation"], epochs=1, learning_rate=1e-9)
    assert untrained.accuracy[0] < 0.3, "the weights that are given are the ones it starts from"


def test_the_same_seed_gives_the_same_file(trained, weights):
    again = qat.train(weights, SPLITS["train"], SPLITS["validation"], epochs=2)
    assert again.loss == pytest.approx(trained.loss, rel=1e-3) and abs(right(again.model) - right(trained.model)) < 0.01


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": ZEROS[:-1]}, "8 arrays"),
        ({"weights": [ZEROS[0].T, *ZEROS[1:]]}, "Array 0"),
        ({"train": data.digits("train")}, "data.for_cnn"),
        ({"validation": (16 * SPLITS["validation"][0], SPLITS["validation"][1])}, "validation go beyond"),
        ({"validation": (SPLITS["validation"][0], SPLITS["validation"][1][:7])}, "one label for each"),
        ({"epochs": 0}, "above 0"),
    ],
)
def test_what_does_not_fit_is_refused_before_a_child_starts(monkeypatch, change, said):
    monkeypatch.setattr(qat.child, "run", None)
    with pytest.raises(LabError, match=said):
        qat.train(**{"weights": ZEROS, "train": SPLITS["train"], "validation": SPLITS["validation"]} | change)


def test_without_the_toolkit_it_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_FLEX", str(tmp_path / "nothing"))
    assert not qat.installed()
    with pytest.raises(LabError, match="labs flex install"):
        qat.train(ZEROS, SPLITS["train"], SPLITS["validation"])
