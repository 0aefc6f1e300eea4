"""What the checks take for granted, read in real files: an integer layer's bytes, eight axes, the files to diagnose."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from labutils.exercises.catalog import find
from labutils.exercises.judges import delivered_files, diagnosis, pooling
from labutils.exercises.judges.rewriting import builtin_file
from labutils.exercises.judges.sizes import integer_bytes
from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

MAKES = {name: make for name, (_, make) in delivered_files.KINDS.items()}
IDEAS = [diagnosis.right, *(wrong.answer for wrong in diagnosis.WRONG)]


@pytest.fixture(scope="module")
def tf():
    with quiet():
        import tensorflow

        return tensorflow


@pytest.fixture(scope="module")
def delivered(tf):
    """Three files of every kind."""
    with quiet():
        return {name: [make(np.random.default_rng(seed)) for seed in range(3)] for name, make in MAKES.items()}


def stored(content):
    """The kernels' shapes as Keras has them, and the bytes of kernels and biases with their scales and zero points."""
    graph, shapes, total = anatomy(content).subgraphs[0], [], 0
    for step in graph.operators:
        if step.name == "CONV_2D":
            kernel, bias = (graph.tensors[place] for place in step.inputs[1:3])
            outputs, height, width, inputs = kernel.shape
            shapes.append((height, width, inputs, outputs))
            for tensor in (kernel, bias):
                held = tensor.quantization
                total += tensor.bytes + 4 * len(held.scales) + 8 * len(held.zero_points)
    return shapes, total


def test_the_shipped_network_takes_what_the_exercise_reckons():
    shapes, total = stored(asset("digits_cnn_int8.tflite"))
    assert len(shapes) == 3 and integer_bytes.right(shapes) == total == 16208
    assert f"{total:,}" in find("04.integer_bytes").explanation


@pytest.mark.parametrize("free", [True, False])
def test_fresh_layers_take_what_the_exercise_reckons(tf, free):
    rng = np.random.default_rng(7)
    content = convolutions(tf, rng, [(3, 5, 2, 5), (1, 1, 5, 40), (5, 3, 40, 1), (3, 1, 1, 9)], free)
    shapes, total = stored(content)
    assert len(shapes) == 4 and integer_bytes.right(shapes) == total
    parts = anatomy(content).bytes_by_part
    assert parts["weights"] == sum(np.prod(shape) + 4 * shape[3] for shape in shapes)
    channels = sum(shape[3] for shape in shapes)
    assert 24 * channels < parts["quantization"] < 24 * channels + 60 * (len(shapes) + 1)


def convolutions(tf, rng, shapes, free):
    """A full integer file of these layers. free: whether its batch is."""
    kernels = [tf.constant(rng.normal(0, 0.3, shape).astype(np.float32)) for shape in shapes]
    biases = [tf.constant(rng.normal(0, 0.3, shape[3]).astype(np.float32)) for shape in shapes]
    images = rng.normal(0, 1, (8, 1, 9, 9, shapes[0][2])).astype(np.float32)

    @tf.function(autograph=False, input_signature=[tf.TensorSpec((None if free else 1, *images.shape[2:]), name="x")])
    def net(x):
        for kernel, bias in zip(kernels, biases, strict=True):
            x = tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME") + bias)
        return x

    converter = tf.lite.TFLiteConverter.from_concrete_functions([net.get_concrete_function()])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    with quiet():
        return converter.convert()


def test_eight_axes_are_right_without_xnnpack_and_do_not_load_with_it(tf):
    """What the message and the explanation of 05.pool_volume say."""

    def at_once(x):
        batch, depth, height, width, channels = x.shape
        return tf.reduce_max(tf.reshape(x, (batch, depth // 2, 2, height // 2, 2, width // 2, 2, channels)), (2, 4, 6))

    volumes = np.random.default_rng(1).normal(0, 1, (2, 4, 6, 8, 3)).astype(np.float32)
    with quiet():
        content = builtin_file(at_once, volumes.shape, lambda shape: None)
        expected = tf.nn.max_pool3d(volumes, 2, 2, "VALID").numpy()
        assert np.array_equal(open_model(content, xnnpack=False).predict(volumes), expected)
    with pytest.raises(Exception, match="does not load"):
        open_model(content)
    assert np.array_equal(pooling._largest(volumes), expected)


@pytest.mark.parametrize("name", MAKES)
def test_a_file_has_the_faults_that_it_was_made_with_and_loads(delivered, name):
    for content in delivered[name]:
        assert diagnosis.right(content) == delivered_files.KINDS[name][0]
        found, words = anatomy(content), name.split(" ")
        assert found.has_unfrozen_variables == ("weights" in name)
        assert any(-1 in tensor.shape for tensor in found.subgraphs[0].tensors) == ("free" in name)
        Interpreter(model_content=content).allocate_tensors()
        if "operator" in words:
            assert diagnosis._any_float(found.subgraphs[0].tensors)
            assert not diagnosis._any_float((*diagnosis.inputs_of(found), *diagnosis.outputs_of(found)))


def test_the_files_tell_every_misconception_from_the_others(delivered):
    for number in range(3):
        files = [files[number] for files in delivered.values()]
        assert len({tuple(map(idea, files)) for idea in IDEAS}) == len(IDEAS)
    sentences = {wrong.sentence for wrong in diagnosis.WRONG}
    assert len(sentences) == len(diagnosis.WRONG)


def test_no_fault_can_be_told_by_the_size(delivered):
    """Files of every answer are among the smaller and among the larger ones."""
    sizes = {answer: [] for answer in delivered_files.ANSWERS}
    for name, files in delivered.items():
        sizes[delivered_files.KINDS[name][0]] += map(len, files)
    assert max(map(min, sizes.values())) < 5000 < min(map(max, sizes.values()))


def test_some_files_are_new_at_every_check(tf):
    rng = np.random.default_rng(2)
    with quiet():
        checks = [list(delivered_files.delivered(rng).items()) for _ in range(4)]
    for before, after in zip(checks, checks[1:], strict=False):
        assert [name for name, _ in before] != [name for name, _ in after]
        assert dict(before) != dict(after)
    assert dict(checks[0]).keys() == delivered_files.KINDS.keys()
