"""Lab 05, held against reality."""

import numpy as np

from labutils.tflite.anatomy import anatomy
from labutils.tflite.quiet import quiet, quiet_failure
from labutils.tflite.runtime import open_model

from .making import BUILTINS, SELECT, convert, function, graph, normal, raised, said, tensorflow

BOTH = (BUILTINS, SELECT)


def parity_here():
    from ai_edge_litert.interpreter import Interpreter

    x = normal(1, 4)
    content = convert(function(tensorflow().math.erf, 4), sets=BOTH)
    assert list(anatomy(content).operators) == ["FlexErf"]

    def run(kind):
        """At which call it stops, and with what."""
        with quiet():
            machine = kind(model_content=content)
        try:
            with quiet_failure():
                machine.allocate_tensors()
        except RuntimeError as error:
            return "allocate", str(error)
        machine.set_tensor(machine.get_input_details()[0]["index"], x)
        machine.invoke()
        return "end", machine.get_tensor(machine.get_output_details()[0]["index"])

    runs = [run(Interpreter), run(tensorflow().lite.Interpreter)]
    right = tensorflow().math.erf(x).numpy()
    ran = [answer for stop, answer in runs if stop == "end"]
    return {
        "To the end": any(np.allclose(answer, right) for answer in ran),
        "To wrong answers": any(not np.allclose(answer, right) for answer in ran),
        "To allocating": all(stop == "allocate" and "Flex delegate" in why for stop, why in runs),
    }


def select_alone():
    concrete = function(lambda x: 2 * x + 1, 4)
    both, alone = convert(concrete, sets=BOTH), said(lambda: convert(concrete, sets=[SELECT]))
    kinds = set() if raised(alone) else {step.kind for step in graph(alone).operators}
    return {
        "A file that needs Flex": kinds == {"flex"} and raised(said(lambda: open_model(alone))),
        "The file that both": alone == both,
        "A refusal": raised(alone),
    }


def softplus():
    tf = tensorflow()
    content = convert(function(lambda x: tf.math.log(1.0 + tf.exp(x)), 1, batch=None))

    def wrong(*places):
        x = np.array(places, np.float32)[:, None]
        right = tf.nn.softplus(x).numpy()
        files = (open_model(content, xnnpack=xnnpack) for xnnpack in (True, False))
        return [not np.allclose(file.predict(x), right, atol=1e-5) for file in files]

    assert wrong(*np.linspace(-5, 5, 101)) == [False, False]
    return {"At −100": any(wrong(-100)), "At 0": any(wrong(0)), "At 100": all(wrong(100))}


def two_conversions():
    erf, kernel = tensorflow().math.erf, normal(64, 64)
    concrete = function(lambda x: erf(x @ kernel), 64)
    alone = said(lambda: convert(concrete, optimize=True, sets=BOTH))
    calibrated = said(lambda: convert(concrete, optimize=True, sets=BOTH, samples=normal(5, 1, 64)))
    first = not raised(alone) and "int8" in anatomy(alone).dtypes
    second = not raised(calibrated)
    return {
        "The first only": first and not second and "Select TensorFlow op" in str(calibrated),
        "The second only": second and not first,
        "Both": first and second,
        "Neither": not first and not second,
    }


def custom_code():
    tf, x = tensorflow(), np.linspace(-0.95, 0.95, 21, dtype=np.float32)[:, None]

    def answers_right(body, sets, **settings):
        content = said(lambda: convert(function(body, 1, batch=None), sets=sets, **settings))
        found = content if raised(content) else said(lambda: open_model(content).predict(x))
        return not raised(found) and np.allclose(found, np.arcsin(x), atol=1e-5)

    refused = said(lambda: convert(function(tf.asin, 1, batch=None), sets=BOTH))
    assert "ERROR_NEEDS_CUSTOM_OPS" in str(refused)
    return {
        "`allow_custom_ops": answers_right(tf.asin, BOTH, allow_custom_ops=True),
        "`atan2": answers_right(lambda x: tf.atan2(x, tf.sqrt(1 - x * x)), [BUILTINS]),
        "`SELECT_TF_OPS` alone": answers_right(tf.asin, [SELECT]),
    }


FACTS = {
    "05.parity_here": parity_here,
    "05.select_alone": select_alone,
    "05.softplus": softplus,
    "05.two_conversions": two_conversions,
    "05.custom_code": custom_code,
}
