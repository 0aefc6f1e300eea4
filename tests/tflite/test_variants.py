"""Every path gives the file that its settings promise, and the same one that the public API gives."""

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.converter import ConversionError
from labutils.tflite.integer import float_operators
from labutils.tflite.parity import parity
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model
from labutils.tflite.variants import PATHS, code, freeze, variant, variants


@pytest.fixture(scope="module")
def cnn(tf):
    from labutils.models import digits_cnn

    return digits_cnn("digits")


@pytest.fixture(scope="module")
def images():
    from labutils import data

    return data.for_cnn(data.digits("train")[0][:60])


@pytest.fixture(scope="module")
def frozen(cnn):
    return freeze(cnn)


@pytest.fixture(scope="module")
def files(frozen, images):
    return variants(frozen, images)


def test_all_eight_in_order(files):
    assert list(files) == list(PATHS) and len(files) == 8
    for content in files.values():
        found = anatomy(content)
        assert not found.has_unfrozen_variables
        assert found.signatures[0].key == "serving_default"
        assert list(found.signatures[0].inputs) == ["image"] and list(found.signatures[0].outputs) == ["output_0"]
        assert all(-1 not in tensor.shape for tensor in found.subgraphs[0].tensors)


@pytest.mark.parametrize(
    ("name", "border", "held"),
    [
        ("float", "float32", {"float32", "int32"}),
        ("dynamic range", "float32", {"float32", "int32", "int8"}),
        ("float16", "float32", {"float32", "float16", "int32"}),
        ("integer", "float32", {"float32", "int32", "int8"}),
        ("full int8", "int8", {"int32", "int8"}),
        ("full uint8", "uint8", {"int32", "int8", "uint8"}),
        ("16x8", "float32", {"float32", "int16", "int64", "int32", "int8"}),
        ("Select", "float32", {"float32", "int32"}),
    ],
)
def test_dtypes_of_a_path(files, name, border, held):
    model = open_model(files[name])
    assert {spec.dtype.name for spec in (*model.inputs.values(), *model.outputs.values())} == {border}
    assert set(anatomy(files[name]).dtypes) == held


@pytest.mark.parametrize("name", PATHS)
def test_answers_are_nearly_those_of_the_model(files, cnn, images, name):
    with quiet():
        expected = cnn.predict(images, verbose=0)
    tolerance = {"float": 1e-5, "Select": 1e-5, "float16": 0.01}.get(name, 0.2)
    assert parity(files[name], expected, images, tolerance).agrees


@pytest.mark.parametrize("name", PATHS)
def test_code_that_is_shown_gives_the_same_file(tf, frozen, files, images, name):
    converter = frozen.converter()
    exec(code(name), {"tf": tf, "converter": converter, "samples": images})
    with quiet():
        assert converter.convert() == files[name]


def test_a_batch_of_four(cnn, images):
    frozen = freeze(cnn, batch=4)
    content = variant(frozen, "full int8", images)
    assert open_model(content).inputs["image"].shape == (4, 8, 8, 1)
    assert not float_operators(anatomy(content))


def test_two_inputs_by_name(tf):
    import keras

    one, two = keras.Input((3,), name="one"), keras.Input((3,), name="two")
    frozen = freeze(keras.Model([one, two], keras.layers.Subtract()([one, two])))
    values = {"one": np.full((2, 3), 5, np.float32), "two": np.full((2, 3), 3, np.float32)}
    assert open_model(variant(frozen, "float")).predict(values).tolist() == [[2.0] * 3] * 2
    found = open_model(variant(frozen, "integer", values)).predict(values)
    assert found == pytest.approx(np.full((2, 3), 2), abs=0.1)


def test_an_operator_that_is_missing_needs_select(tf):
    import keras

    small = keras.Input((8, 8, 3), name="small")
    resize = keras.layers.Resizing(16, 16, interpolation="bicubic")
    frozen = freeze(keras.Model(small, resize(small), name="resize"))
    with pytest.raises(ConversionError, match="no built-in operator for ResizeBicubic"):
        variant(frozen, "float")
    assert "FlexResizeBicubic" in anatomy(variant(frozen, "Select")).operators


def test_what_is_refused(cnn, frozen, images):
    with pytest.raises(LabError, match="no path 'int8': choose one of float, dynamic range"):
        variant(frozen, "int8")
    with pytest.raises(LabError, match="no path 'int8'"):
        code("int8")
    with pytest.raises(LabError, match="The path integer calibrates: give it inputs"):
        variant(frozen, "integer")
    with pytest.raises(LabError, match="Input image wants the shape"):
        variant(frozen, "integer", images[:, :4])
    with pytest.raises(LabError, match="no rows"):
        variant(frozen, "full int8", images[:0])
    with pytest.raises(LabError, match="batch is 0"):
        freeze(cnn, batch=0)


def test_free_sizes_are_refused(tf):
    import keras

    anywhere = keras.Input((None, None, 1), name="image")
    model = keras.Model(anywhere, keras.layers.Conv2D(2, 3)(anywhere), name="any_size")
    with pytest.raises(LabError, match="Input image of any_size has free sizes"):
        freeze(model)


def test_tensorflow_is_not_imported_for_the_paths_alone():
    import subprocess
    import sys

    program = "import sys; from labutils.tflite import variants, devices, choice; print('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"
