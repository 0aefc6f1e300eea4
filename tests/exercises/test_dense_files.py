"""The files that exercise 4 of lab 03 is judged by: the interpreter runs them, and they store what they are said to."""

import numpy as np
import pytest

from labutils.exercises.judges.stored_weights import OTHERS, QUANTIZED, dense_file
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model


@pytest.mark.parametrize("kind", [*QUANTIZED, *OTHERS])
@pytest.mark.parametrize("seed", range(3))
def test_files_run_and_hold_int8_only_where_they_should(kind, seed):
    settings = {**QUANTIZED, **OTHERS}[kind]
    content = dense_file(np.random.default_rng(seed), **settings)
    (graph,) = anatomy(content).subgraphs
    assert any(tensor.bytes and tensor.dtype == "int8" for tensor in graph.tensors) is (kind in QUANTIZED)
    model = open_model(content)
    (wants,) = model.inputs.values()
    assert np.dtype(wants.dtype).name == settings.get("ends", "float32")
    inputs = np.random.default_rng(seed).normal(0, 1, (2, *wants.shape)) / (0.05 if wants.dtype == np.int8 else 1)
    first, second = (model.predict(np.round(each).astype(wants.dtype)) for each in inputs)
    assert np.isfinite(first.astype(float)).all() and not np.array_equal(first, second)


def test_a_dense_layer_is_what_it_says():
    """Stored as float32, float16 and int8, the same layer answers nearly the same."""
    answers = []
    for stored in ("float32", "float16", "int8"):
        model = open_model(dense_file(np.random.default_rng(5), (stored,)))
        (wants,) = model.inputs.values()
        answers.append(model.predict(np.linspace(-1, 1, wants.shape[1], dtype=np.float32)[None]))
    assert np.abs(answers[1] - answers[0]).max() < 0.01
    assert np.abs(answers[2] - answers[0]).max() < 0.5
