"""Lab 02, held against reality."""

import numpy as np

from labutils import data
from labutils.errors import LabError
from labutils.models import digits_cnn
from labutils.tflite.anatomy import anatomy
from labutils.tflite.parity import parity
from labutils.tflite.runtime import open_model

from .making import convert, function, normal, raised, said


def flatten():
    import keras

    def parameters(size):
        layers = [layer.__class__.from_config(layer.get_config()) for layer in digits_cnn().layers]
        model = keras.Sequential([keras.Input((size, size, 1)), *layers])
        kinds = {"Conv2D": 0, "Flatten": 0, "Dense": 0}
        for layer in model.layers:
            if type(layer).__name__ in kinds:
                kinds[type(layer).__name__] += layer.count_params()
        return kinds

    small, large = parameters(8), parameters(16)
    return {
        "The convolutions": large["Conv2D"] > small["Conv2D"],
        "The `Dense` layer": large["Dense"] > small["Dense"],
        "The `Flatten` layer": large["Flatten"] > small["Flatten"],
    }


def depthwise_alone():
    import keras

    layer = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False)
    image = normal(1, 5, 5, 4)
    layer.build(image.shape)
    layer.set_weights([np.abs(layer.get_weights()[0]) + 0.1])  # no weight is 0 by chance
    before = np.asarray(layer(image))

    def moved(row, column, channel):
        """Where the output changes when one number of the input does."""
        other = image.copy()
        other[0, row, column, channel] += 1
        return np.asarray(layer(other))[0] != before[0]

    return {
        "On the pixels that lie beside": not moved(2, 2, 0)[2, 3, 0],
        "On the pixels at the edge": not moved(0, 0, 0)[1, 1, 0],
        "On the channels other": not moved(2, 2, 0)[..., 1:].any(),
    }


def block(relu_between=False, seed=0):
    """A convolution, BatchNorm with statistics that are not those of its input, and a ReLU, as a Keras model."""
    import keras

    norm, relu = keras.layers.BatchNormalization(name="norm"), keras.layers.ReLU()
    image = keras.Input((8, 8, 3), batch_size=1, name="x")
    hidden = keras.layers.Conv2D(8, 3, use_bias=False)(image)
    hidden = norm(relu(hidden)) if relu_between else relu(norm(hidden))
    model = keras.Model(image, keras.layers.GlobalAveragePooling2D()(hidden))
    rng = np.random.default_rng(seed)
    norm.set_weights([rng.uniform(0.5, 2, each.shape).astype(np.float32) for each in norm.weights])
    return model


def relu_between():
    def operators(model):
        return anatomy(convert(function(lambda x: model(x), 8, 8, 3))).operators

    more = dict(operators(block(relu_between=True)) - operators(block()))
    return {
        "Two operators more": more == {"MUL": 1, "ADD": 1},
        "No operator": more == {},
        "One operator": len(more) == 1,
    }


def batchnorm_in_file():
    import keras

    model, image = block(), normal(1, 8, 8, 3)
    found = open_model(convert(function(lambda x: model(x), 8, 8, 3))).predict(image)
    # Without BatchNorm: the convolution, then what comes after it.
    plain = model.layers[1](image)
    plain = keras.layers.GlobalAveragePooling2D()(keras.layers.ReLU()(plain))
    evaluated = model(image, training=False)
    trained = model(image, training=True)  # last: it moves the averages
    return {
        "That of `training=True`": np.allclose(found, trained, atol=1e-4),
        "A third": np.allclose(found, plain, atol=1e-4),
        "That of `training=False`": np.allclose(found, evaluated, atol=1e-4),
    }


def untrained():
    model, images = digits_cnn(), data.for_cnn(data.digits("test")[0])
    content = convert(function(lambda x: model(x), 8, 8, 1, batch=None))
    verdict = said(lambda: parity(content, lambda x: model(x).numpy(), images, tolerance=1e-4))
    assert not raised(verdict) or isinstance(verdict, LabError)
    return {
        "It agrees": not raised(verdict) and verdict.agrees,
        "It does not agree": not raised(verdict) and not verdict.agrees,
        "It refuses": raised(verdict),
    }


def fixed_operators():
    model = digits_cnn()
    free, fixed = (anatomy(convert(function(lambda x: model(x), 8, 8, 1, batch=b))).operators for b in (None, 1))
    asked = {"SHAPE", "STRIDED_SLICE", "PACK"}
    assert asked <= set(free)
    return {
        "They stay, since": fixed == free,
        "They go": not asked & set(fixed) and not fixed - free,
        "They stay, and one more": asked <= set(fixed) and fixed.total() == free.total() + 1,
    }


FACTS = {
    "02.flatten": flatten,
    "02.depthwise_alone": depthwise_alone,
    "02.relu_between": relu_between,
    "02.batchnorm_in_file": batchnorm_in_file,
    "02.untrained": untrained,
    "02.fixed_operators": fixed_operators,
}
