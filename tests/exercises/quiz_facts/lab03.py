"""Lab 03, held against reality: `tflite_convert` in a process of its own, which nothing has prepared."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from labutils.tflite.quiet import quiet

from .making import answers_at_ten, line, saved_lines, tensorflow

# What tflite_convert does, once for each list of flags: the program of the command, without its start.
COMMANDS = """
import json, sys
from tensorflow.lite.python import tflite_convert
ended = []
for flags in json.loads(sys.argv[1]):
    sys.argv = ["tflite_convert", *flags]
    try:
        tflite_convert.run_main(None)
        ended.append("")
    except (Exception, SystemExit) as error:
        ended.append(f"{type(error).__name__}: {error}")
print("ENDED" + json.dumps(ended))
"""


@cache
def converted():
    """How each command ended, "" for well, and the file that it wrote, if any."""
    lines = saved_lines()[0]
    with tempfile.TemporaryDirectory() as folder:
        here, model = Path(folder), line()
        with quiet():
            model.export(here / "exported", verbose=False)
            model.save(here / "model.keras")
            model.save(here / "model.h5")
        sources = {
            "plain": ["--saved_model_dir", "exported"],
            "model mistyped": ["--saved_model_dri", "exported"],
            "output mistyped": ["--saved_model_dir", "exported", "--ouptut_file", "2.tflite"],
            "entry mistyped": ["--saved_model_dir", "exported", "--saved_model_signature_kye", "serve"],
            "h5": ["--keras_model_file", "model.h5"],
            "keras as folder": ["--saved_model_dir", "model.keras"],
            "parent": ["--saved_model_dir", str(lines)],
        }
        flags = [
            each if name == "output mistyped" else [*each, "--output_file", f"{n}.tflite"]
            for n, (name, each) in enumerate(sources.items())
        ]
        command = [sys.executable, "-c", COMMANDS, json.dumps(flags)]
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=120)
        assert "ENDED" in done.stdout, done.stderr
        ended = json.loads(done.stdout.split("ENDED")[1])
        files = [here / f"{n}.tflite" for n in range(len(sources))]
        contents = [file.read_bytes() if file.exists() else None for file in files]
    return dict(zip(sources, zip(ended, contents, strict=True), strict=True))


def typing_error():
    def unnoticed(name):
        ended, content = converted()[name]
        return not ended and content == converted()["plain"][1]

    assert converted()["output mistyped"][0].startswith("SystemExit")  # refused, as a command refuses its flags
    return {
        "In `--saved_model_dir`": unnoticed("model mistyped"),
        "In `--saved_model_signature_key`": unnoticed("entry mistyped"),
        "In `--output_file`": unnoticed("output mistyped"),
    }


def keras_file():
    def leads(name):
        ended, content = converted()[name]
        return not ended and content is not None and abs(answers_at_ten(content) - 19) < 1e-3

    return {
        "Export the model": leads("plain"),
        "Save it as `.h5`": leads("h5"),
        "Give the `.keras` file": leads("keras as folder"),
    }


def parent_folder():
    ended, content = converted()["parent"]
    slope = None if content is None else round(answers_at_ten(content)) / 10
    missing = "SavedModel file does not exist" in ended and not (saved_lines()[0] / "saved_model.pb").exists()
    return {"Version `10`": slope == 10, "Version `1`": slope == 1, "Nothing": content is None and missing}


def shown(low=0.0, channels=3, dtype="float32", classes=10):
    """What saved_model_cli shows of a network for images; low: its pixels run from there to 1."""
    from tensorflow.python.tools import saved_model_cli

    tf = tensorflow()
    weights = tf.ones([channels, classes])

    @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, channels], dtype, name="image")])
    def classify(image):
        prepared = (tf.cast(image, tf.float32) - low) / (1.0 - low)
        return {"output_0": tf.reduce_mean(prepared, [1, 2]) @ weights}

    with tempfile.TemporaryDirectory() as folder:
        with quiet():
            tf.saved_model.save(tf.Module(), folder, signatures=classify)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            saved_model_cli._show_all(folder)
    assert "inputs['image']" in out.getvalue()
    return out.getvalue()


def not_told():
    plain = shown()
    return {
        "How many classes": shown(classes=7) == plain,
        "How many channels": shown(channels=1) == plain,
        "Whether pixels come as": shown(dtype="uint8") == plain,
        "Whether pixels run": shown(low=-1.0) == plain,
    }


def stranger():
    tf, calls = tensorflow(), []
    with tempfile.TemporaryDirectory() as folder:
        left = Path(folder) / "left.txt"

        @tf.function(input_signature=[tf.TensorSpec([], tf.float32, name="x")])
        def twice(x):
            calls.append("the author's Python")
            tf.io.write_file(str(left), "I was here")
            return {"y": 2 * x}

        with quiet():
            tf.saved_model.save(tf.Module(), folder, signatures=twice)
            calls.clear()
            assert not left.exists()
            served = tf.saved_model.load(folder).signatures["serving_default"](tf.constant(1.0))
        assert served["y"].numpy() == 2
        wrote = left.exists()
    return {"Compute and no more": not wrote and not calls, "Read and write": wrote, "Run its author's": bool(calls)}


FACTS = {
    "03.typing_error": typing_error,
    "03.not_told": not_told,
    "03.keras_file": keras_file,
    "03.parent_folder": parent_folder,
    "03.stranger": stranger,
}
