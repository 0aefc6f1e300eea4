"""The memory plan that is shown is the one that the runtime follows."""

import itertools

import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.arena import ALIGNMENT, arena
from labutils.tflite.files import ModelFileError


def overlap(one, other):
    return one.start < other.start + other.bytes and other.start < one.start + one.bytes


def test_memory_is_used_again():
    """MobileNetV2's activations, one after another in one block: the block is much smaller than their sum."""
    path = asset("mobilenet_v2_digits.tflite")
    found = arena(path)
    assert found.span < found.total / 3
    assert found.busiest <= found.span
    assert found.steps == len(anatomy(path).subgraphs[0].operators)
    computed = {t.index for t in anatomy(path).subgraphs[0].tensors if not t.bytes}
    assert computed <= {place.tensor for place in found.places}  # and a few scratch tensors beside them


def test_without_reuse_every_tensor_has_its_own_place():
    found = arena(asset("mobilenet_v2_digits.tflite"), reuse=False)
    assert not any(overlap(*pair) for pair in itertools.combinations(found.places, 2))
    assert found.total <= found.span <= found.total + ALIGNMENT * found.tensors


def test_two_tensors_in_one_place_are_never_needed_at_once(shipped):
    """But for a step that writes its output over its input: it then begins at the same byte."""
    found = arena(shipped)
    timed = [place for place in found.places if place.first is not None]
    for one, other in itertools.combinations(timed, 2):
        if overlap(one, other) and one.first <= other.last and other.first <= one.last:
            earlier, later = sorted((one, other), key=lambda place: place.first)
            assert earlier.last == later.first and earlier.start == later.start


def test_places_lie_within_the_span(shipped):
    found = arena(shipped)
    assert min(place.start for place in found.places) == 0
    assert max(place.start + place.bytes for place in found.places) == found.span
    assert all(0 <= place.first <= place.last < found.steps for place in found.places if place.first is not None)


def test_path_and_bytes_give_the_same(shipped):
    assert arena(shipped) == arena(shipped.read_bytes())


def test_no_model_is_refused():
    with pytest.raises(ModelFileError, match="no .tflite model"):
        arena(b"not a model at all")


def test_a_model_that_does_not_run_is_refused(tf, tmp_path):
    """VAR_HANDLE without values: the built-in kernels refuse it when it is invoked."""
    import keras

    from labutils.models import neuron
    from labutils.tflite.quiet import quiet

    keras.utils.set_random_seed(0)
    with quiet():
        tf.saved_model.save(neuron(), str(tmp_path))
        wrong = tf.lite.TFLiteConverter.from_saved_model(str(tmp_path)).convert()
    with pytest.raises(LabError, match="arena cannot be seen"):
        arena(wrong)
