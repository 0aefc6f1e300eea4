"""Lab 01, held against reality."""

import numpy as np

from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model

from .making import answers_at_ten, convert, function, graph, normal, old_route, raised, said, tensorflow


def no_error():
    content = old_route()[1]["Float"]
    answer = answers_at_ten(content)  # raises if it does not load or does not run
    weights = anatomy(content).bytes_by_part["weights"]
    return {
        "The weights are": weights >= 8,
        "The answers are": bool(np.isclose(answer, 19, atol=1e-3)),
        "Nothing yet": not np.isclose(answer, 19, atol=1),
    }


def where_lost():
    served, files = old_route()
    in_folder = served == 19
    in_file = not anatomy(files["Float"]).has_unfrozen_variables and anatomy(files["Float"]).bytes_by_part["weights"]
    return {"Saving": not in_folder, "Converting": in_folder and not in_file, "Running": bool(in_file)}


def one_question():
    right = convert(function(lambda x: x @ [[2.0]] - 1.0, 1, batch=None))
    stuck = convert(function(lambda x: x @ [[0.0]] + 5.0, 1, batch=None))

    def alike(x, rows=1000):
        asked = np.full((rows, 1), x, np.float32)
        return np.allclose(open_model(right).predict(asked), open_model(stuck).predict(asked))

    return {
        "As little as asking once": alike(3, rows=1) and alike(3),
        "That the weights agree": not alike(3),
        "That the file is right near 3": alike(3.5),
    }


def which_kernels():
    first, second = normal(64, 64), normal(64, 8, seed=1)
    content = convert(function(lambda x: tensorflow().nn.relu(x @ first) @ second, 64), optimize=True)
    kernels = {t.bytes: t.dtype for t in graph(content).tensors if len(t.shape) == 2 and t.bytes}
    small = sorted(size for size, dtype in kernels.items() if dtype == "int8")
    assert len(kernels) == 2
    return {
        "Both": small == [512, 4096],
        "The second": small == [512],
        "Neither": small == [],
        "The first": small == [4096],
    }


def by_name():
    from ai_edge_litert.interpreter import Interpreter

    content = convert(function(lambda x: x @ [[2.0]] - 1.0, 1, batch=None))
    runner = said(lambda: Interpreter(model_content=content).get_signature_runner("serving_default"))
    takes = {} if raised(runner) else runner.get_input_details()
    return {
        "The runner takes `x`": "x" in takes,
        "It raises an error": raised(runner) and not anatomy(content).signatures,
        "The runner takes `args_0`": "args_0" in takes,
    }


FACTS = {
    "01.no_error": no_error,
    "01.where_lost": where_lost,
    "01.one_question": one_question,
    "01.which_kernels": which_kernels,
    "01.by_name": by_name,
}
