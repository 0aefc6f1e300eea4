"""Pieces of a file are files: they run, and one after the other they compute what the whole does."""

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.cut import Cutter, cut
from labutils.tflite.files import ModelFileError
from labutils.tflite.runtime import open_model

NET, CNN, INTEGER = (
    asset(name) for name in ("mobilenet_v2_digits.tflite", "digits_cnn.tflite", "digits_cnn_int8.tflite")
)


def walk(path, x):
    """Every operator as a file of its own, each given what those before it have left."""
    graph, cutter = anatomy(path).subgraphs[0], Cutter(path)
    values = {graph.inputs[0]: x}
    for n, operator in enumerate(graph.operators):
        machine = open_model(cutter.cut(n, n)).interpreter
        taken = [i for i in dict.fromkeys(operator.inputs) if i in values]
        for entry, index in zip(machine.get_input_details(), taken, strict=True):
            machine.resize_tensor_input(entry["index"], values[index].shape)
        machine.allocate_tensors()
        for entry, index in zip(machine.get_input_details(), taken, strict=True):
            machine.set_tensor(entry["index"], values[index])
        machine.invoke()
        values[operator.outputs[0]] = machine.get_tensor(machine.get_output_details()[0]["index"])
    return values[graph.outputs[0]]


@pytest.mark.parametrize("path", [NET, CNN], ids=lambda path: path.stem)
def test_all_pieces_make_the_whole(path):
    shape = [abs(n) for n in next(iter(open_model(path).inputs.values())).shape]
    x = np.random.default_rng(1).uniform(-1, 1, shape).astype(np.float32)
    assert np.allclose(walk(path, x), open_model(path).predict(x), atol=1e-5)


def test_integer_pieces_make_the_whole():
    x = np.random.default_rng(1).integers(-128, 128, (1, 8, 8, 1), dtype=np.int8)
    assert np.abs(walk(INTEGER, x).astype(int) - open_model(INTEGER).run(x).astype(int)).max() <= 1


def test_piece_keeps_names_shapes_and_weights():
    whole, piece = anatomy(NET).subgraphs[0], anatomy(cut(NET, 3, 3)).subgraphs[0]
    before = [whole.tensors[i] for i in whole.operators[3].inputs]
    after = [piece.tensors[i] for i in piece.operators[0].inputs]
    assert [(t.name, t.shape, t.dtype, t.bytes) for t in before] == [(t.name, t.shape, t.dtype, t.bytes) for t in after]
    assert len(cut(NET, 3, 3)) < len(NET.read_bytes()) / 10


def test_what_is_used_later_is_an_output():
    """Where a shortcut leads across the cut, there are two."""
    graph = anatomy(NET).subgraphs[0]
    place = next(n for n, each in enumerate(graph.operators) if each.name == "ADD")
    assert len(anatomy(cut(NET, 0, place - 1)).subgraphs[0].outputs) == 2
    assert len(anatomy(cut(NET, 0, place)).subgraphs[0].outputs) == 1
    assert len(anatomy(cut(NET, place, place)).subgraphs[0].inputs) == 2


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (3, 2), (0, 65)])
def test_places_that_do_not_exist(first, last):
    with pytest.raises(LabError, match=f"has the operators 0 to 64, and not {first} to {last}"):
        cut(NET, first, last)


def test_no_model():
    with pytest.raises(ModelFileError, match="no .tflite model"):
        Cutter(b"too short")
