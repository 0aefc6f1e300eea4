"""The work of operators, counted anew by hand and by published figures."""

import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.arithmetic import work


def test_digits_cnn_by_hand():
    found = {(n, each.name): each.multiply_adds for n, each in enumerate(work(asset("digits_cnn.tflite")))}
    conv = [value for (_, name), value in found.items() if name == "CONV_2D"]
    assert conv == [8 * 8 * 16 * 9 * 1, 8 * 8 * 32 * 9 * 16, 4 * 4 * 32 * 9 * 32]
    assert [value for (_, name), value in found.items() if name == "FULLY_CONNECTED"] == [512 * 10]
    assert [value for (_, name), value in found.items() if name == "SOFTMAX"] == [10]


def test_bytes_by_hand():
    first = work(asset("digits_cnn.tflite"))[0]
    assert first.bytes == 4 * (8 * 8 + 16 * 9 + 16 + 8 * 8 * 16)
    assert first.intensity == first.multiply_adds / first.bytes
    integer = next(each for each in work(asset("digits_cnn_int8.tflite")) if each.name == "CONV_2D")
    assert integer.multiply_adds == first.multiply_adds
    assert integer.bytes == 8 * 8 + 16 * 9 + 4 * 16 + 8 * 8 * 16  # biases have 32 bits


@pytest.fixture(scope="module")
def variant_of(tf):
    from labutils.tflite.variants import freeze, variant

    return lambda model: variant(freeze(model), "float")


def test_mobilenet_has_what_its_paper_says(variant_of):
    """Sandler et al., table 4: 300 million for width 1.0 and 224 pixels, with the 1,000 classes of ImageNet."""
    from labutils.models import mobilenet_v2_digits

    found = work(variant_of(mobilenet_v2_digits(weights=None, alpha=1.0, image_size=224)))
    weights = sum(each.multiply_adds for each in found if each.name in ("CONV_2D", "DEPTHWISE_CONV_2D"))
    assert (weights + 1280 * 1000) / 1e6 == pytest.approx(300, rel=0.01)


def test_strides_and_several_filters_a_channel(variant_of):
    import keras

    image = keras.Input((9, 11, 3), name="image")
    x = keras.layers.DepthwiseConv2D((2, 3), strides=2, depth_multiplier=4)(image)
    (found,) = (each for each in work(variant_of(keras.Model(image, x))) if each.name == "DEPTHWISE_CONV_2D")
    assert found.multiply_adds == 4 * 5 * 12 * 2 * 3


def test_free_sizes_are_refused(tf):
    class Free(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([1, None, 4], tf.float32, name="x")])
        def serve(self, x):
            return {"y": tf.sin(x)}

    module = Free()
    from labutils.tflite.quiet import quiet

    with quiet():
        concrete = module.serve.get_concrete_function()
        content = tf.lite.TFLiteConverter.from_concrete_functions([concrete], module).convert()
    with pytest.raises(LabError, match="free sizes"):
        work(content)
