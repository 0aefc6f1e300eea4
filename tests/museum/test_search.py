"""Descriptions find their exhibit, and what the museum does not know finds nothing. Real messages: test_lab11."""

import subprocess
import sys
import time

import pytest

from labutils.museum import EXHIBITS
from labutils.museum.exhibit import MESSAGE
from labutils.museum.search import search
from labutils.museum.shown import answer

DESCRIBED = {
    "all outputs the same": {"wrong_calibration_range", "cast_not_quantized", "scaled_twice"},
    "predictions are identical for all inputs": {"wrong_calibration_range", "cast_not_quantized", "scaled_twice"},
    "the same answer for every image": {"cast_not_quantized", "read_before_invoke"},
    "read before invoke": {"read_before_invoke"},
    "get_tensor without invoke": {"read_before_invoke"},
    "the output is stale": {"read_before_invoke"},
    "wrong answers after from_saved_model": {"saved_by_tensorflow"},
    "the converted model gives garbage": {"saved_by_tensorflow"},
    "VAR_HANDLE in the file": {"saved_by_tensorflow"},
    "from_concrete_functions with the model": {"model_beside_function"},
    "input names differ from run to run": {"input_without_name"},
    "tflite_convert ignores my flag": {"unknown_flag"},
    "empty representative dataset": {"empty_generator"},
    "I forgot optimizations": {"forgotten_optimizations"},
    "full integer stays float": {"float_among_integers"},
    "accuracy collapses after quantization": {"wrong_calibration_range"},
    "OPTIMIZE_FOR_SIZE does nothing": {"size_or_latency"},
    "a tiny model does not shrink": {"too_small_to_shrink"},
    "truncating instead of rounding": {"cut_not_rounded"},
    "int8 input fed with floats": {"cast_not_quantized"},
    "negative probabilities": {"zero_point_in_int8"},
    "preprocessing twice": {"scaled_twice"},
    "corrupted weights": {"flipped_bit"},
    "segmentation fault in CompiledModel": {"crashing_compiled_model"},
    "my file crashes the kernel": {"crashing_file"},
    "a web server with threads": {"two_threads"},
    "dynamic batch in the browser": {"free_batch_in_browser"},
    "imagenet weights offline": {"weights_offline"},
}
FOREIGN = [
    "TypeError: 'list' object is not callable",
    "TypeError: 'int' object is not subscriptable",
    "ValueError: could not convert string to float: 'abc'",
    "FileNotFoundError: [Errno 2] No such file or directory: 'model.tflite'",
    "ModuleNotFoundError: No module named 'tensorflow'",
    "ImportError: cannot import name 'Interpreter' from 'tflite_runtime' (unknown location)",
    "NameError: name 'np' is not defined",
    "IndexError: list index out of range",
    "KeyError: 'serving_default'",
    "AttributeError: module 'tensorflow' has no attribute 'Session'",
    "ValueError: operands could not be broadcast together with shapes (3,) (4,)",
    "ValueError: shapes (2,3) and (2,3) not aligned: 3 (dim 1) != 2 (dim 0)",
    "ValueError: The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
    "MemoryError: Unable to allocate 7.45 GiB for an array with shape (1000, 1000, 1000) and data type float64",
    "RuntimeError: CUDA error: out of memory",
    "ResourceExhaustedError: OOM when allocating tensor with shape[64,112,112,96] and type float on GPU:0",
    "Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file: "
    "No such file or directory",
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x512 and 256x10)",
    'ValueError: Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to have '
    "value 64, but received input with shape (None, 32)",
    "ConnectionRefusedError: [Errno 111] Connection refused",
    "PermissionError: [Errno 13] Permission denied: '/usr/lib/python3'",
    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
    "The kernel appears to have died. It will restart automatically. See the Jupyter log for its token.",
    "jupyter: command not found",
    "ERROR: Could not find a version that satisfies the requirement tensorflow==1.15",
    "SyntaxError: invalid syntax. Perhaps you forgot a comma?",
    "The weather is fine today, and we go for a walk in the park.",
    "I would like to know how to train a network on my own pictures.",
    "Please send me the report of the second thread by Friday.",
    "how to quantize a model",
    "hello world",
    "interpreter",
    "is not",
    "42",
]
FOREIGN_TRACEBACK = '''Traceback (most recent call last):
  File "/home/me/train.py", line 9, in main
    interpreter = tf.lite.Interpreter(model_path="model.tflite")
    interpreter.set_tensor(input_details[0]["index"], x)
    converter.representative_dataset = representative_dataset
  File "/usr/lib/python3.11/site-packages/numpy/core.py", line 99, in f
    raise ValueError("cannot reshape")
ValueError: cannot reshape array of size 10 into shape (3,4)
'''


@pytest.mark.parametrize("text", DESCRIBED)
def test_a_description_finds_its_exhibit(text):
    found = {each.exhibit.name for each in search(text)}
    assert DESCRIBED[text] <= found and len(found) <= len(DESCRIBED[text]) + 2


def test_every_exhibit_without_a_message_can_be_described():
    silent = {name for name, each in EXHIBITS.items() if each.kind != MESSAGE}
    assert silent <= set().union(*DESCRIBED.values())


@pytest.mark.parametrize("text", [*FOREIGN, FOREIGN_TRACEBACK, "", "...", "\n\n"], ids=lambda text: text[:30])
def test_what_is_foreign_finds_nothing(text):
    assert search(text) == []


def test_every_exhibit_is_found_by_its_own_words():
    for name, exhibit in EXHIBITS.items():
        for text in (name, exhibit.title, *exhibit.messages):
            assert name in {each.exhibit.name for each in search(text)}, text


def test_two_that_say_the_same_are_both_named():
    said, count = answer("ValueError: The model is not a valid Flatbuffer buffer")
    assert count == 2 and said.startswith("2 exhibits are near")
    assert "A file of another kind" in said and "A truncated file" in said


def test_what_a_phone_says_of_a_newer_file():
    """Android's words before it, and another operator than in the museum."""
    text = (
        "java.lang.IllegalArgumentException: Internal error: Cannot create interpreter: Didn't find op for builtin "
        "opcode 'FULLY_CONNECTED' version '12'. An older version of this builtin might be supported. Are you using an "
        "old TFLite binary with a newer model?"
    )
    assert [each.exhibit.name for each in search(text)] == ["runtime_too_old"]


def test_a_long_log_is_searched_in_reasonable_time():
    """A thousand lines; a guard against a search that grows with their square, not a measurement."""
    lines = [f'  File "/home/me/step_{number}.py", line {number}, in call\n    x = layer(x)' for number in range(500)]
    start = time.process_time()
    found = search("\n".join([*lines, "RuntimeError: Invoke called on model that is not ready."]))
    assert [each.exhibit.name for each in found] == ["invoke_after_resize"] and time.process_time() - start < 30


def test_tensorflow_and_its_like_are_not_loaded():
    code = "import sys; from labutils.museum.shown import answer; answer('Invoke called'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "keras", "ai_edge_litert", "sklearn", "matplotlib"} & set(done.stdout.split())
