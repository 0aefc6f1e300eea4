"""The sixty statements of the written material, each with the labs that it belongs to and the cell that executes it.

A tag names the cell, of code or of prose where a sentence says why it cannot be executed here. None: the lab is still
to come; as soon as it exists, its cell must be named.
"""

import pytest

from labutils.course.catalog import labs
from labutils.course.source import read_source

TO_COME = None
STATEMENTS = {
    "M1 mobile models are light, and may be less accurate": {"00": "accuracy", "02": "dials"},
    "M2 low latency, no connection": {"00": "round-trips"},
    "M3 data never leaves the device": {"00": "private", "10": "policy"},
    "M4 using the network costs power": {"00": "power"},
    "M5 a compact format, at a small cost in accuracy": {"00": "optimize", "04": "table"},
    "M6 pre-trained models exist for common tasks": {"00": "pretrained", "02": "load"},
    "M7 the converter runs where you develop, and takes several formats": {"00": "convert", "01": "routes"},
    "M8 the interpreter has a reduced set of operators": {"00": "operators", "06": "operators"},
    "M9 memory is planned once, before the first run": {"00": "arena", "06": "allocate"},
    "M10 many devices and their accelerators": {"00": "what-runs-here", "09": "elsewhere"},
    "M11 a trained model is converted before a device can use it": {"00": "convert", "01": "convert-saved-model"},
    "M12 conversion flattens the model (FlatBuffer)": {"01": "bytes"},
    "M13 inference must be quick enough for real time": {"00": "latency", "09": "real-time"},
    "M14 hardware acceleration libraries help": {"09": "delegate-on-off"},
    "M15 Android's NNAPI (today: deprecated)": {"00": "elsewhere", "09": "nnapi"},
    "M16 Edge TPUs (today: inference)": {"00": "elsewhere", "04": "full-integer", "09": "edge-tpu"},
    "M17 a delegate hands the graph to other hardware": {"09": "plan"},
    "M18 the GPU delegate": {"09": "gpu-run"},
    "M19 size, latency and power": {"00": "techniques", "07": "three-prices"},
    "M20 quantization lowers the precision of weights and biases": {"04": "symmetric"},
    "M21 pruning lowers the number of parameters": {"08": "remove-channels"},
    "M22 topology transforms start from a more efficient model": {"08": "topology-train"},
    "M23 quantization covers weights and optionally activations": {"04": "integer"},
    "M24 take a model, convert, optimize": {"00": "optimize", "02": "convert-routes"},
    "M25 train, SavedModel, converter, .tflite": {"01": "export"},
    "M26 saved as Keras file, SavedModel or concrete functions": {"01": "convert-concrete-function", "02": "save"},
    "M27 the .tflite runs with optional back ends": {"01": "interpret", "06": "threads-and-delegate", "09": "load"},
    "M28 the converter is made from three kinds of model": {"01": "convert-keras"},
    "M29 a SavedModel needs no original code": {"01": "old-route-saved-model", "03": "run"},
    "M30 saved_model_cli shows signatures": {"03": "show-signature"},
    "M31 the last part of the path is a version number": {"01": "export", "03": "newest"},
    "M32 one layer, one neuron, saved": {"01": "model", "11": "material"},
    "M32 today: tf.saved_model.save is silently wrong": {"01": "old-route", "11": "exhibit-saved-by-tensorflow"},
    "M33 converter from that SavedModel, then convert": {"01": "convert-saved-model"},
    "M34 write the bytes to a file": {"01": "write", "10": "convert"},
    "M35 MobileNetV2 from keras.applications": {"02": "load"},
    "M35 today: H5 is the legacy format, .keras the norm": {"02": "save"},
    "M36 from_keras_model, convert": {"02": "convert-keras-model"},
    "M37 write the file in the same way": {"02": "write"},
    "M38 tflite_convert --saved_model_dir": {"03": "tflite-convert"},
    "M39 tflite_convert --keras_model_file (today: fails)": {
        "03": "keras-model-file-fails", "11": "exhibit-h5-on-the-command-line",
    },
    "M39 today: the launcher": {"03": "labs-convert-keras"},
    "M40 quantize while converting": {"04": "dynamic-range"},
    "M41 float weights become integers": {"04": "five-weights"},
    "M42 default, size, latency (today: the flags do nothing)": {"04": "flags", "11": "exhibit-size-or-latency"},
    "M43 integer quantization, up to 4 times smaller": {"04": "ratio-parts", "07": "ratio"},
    "M44 calibration data set the scales": {"04": "calibration-study"},
    "M45 operators without an integer kernel stay float": {"04": "trap-float-operator"},
    "M46 full integer (today: stays float in silence)": {
        "04": "trap-float-operator-table", "11": "exhibit-float-among-integers",
    },
    "M47 not every model converts": {"05": "fails"},
    "M48 TF Select, at a cost in size": {"05": "size"},
    "M49 SELECT_TF_OPS": {"05": "select"},
    "M49 today: no Python runtime carries Flex": {"05": "flex-run", "11": "exhibit-flex-at-run-time"},
    "M50 path: no quantization": {"07": "path-float"},
    "M51 path: weights only": {"04": "latency", "07": "path-weights"},
    "M52 path: weights and activations": {"07": "path-integer"},
    "M53 path: no representative data": {"07": "path-no-data"},
    "M54 path: integers only": {"07": "path-integers-only"},
    "M55 path: TF Select when all else fails": {"05": "last-resort", "07": "path-select"},
    "M56 test in Python before deploying": {"06": "side-by-side"},
    "M57 load, allocate, details, set, invoke, get": {"06": "set-invoke-get"},
    "M58 models come pre-trained (today: Kaggle, Hugging Face)": {"02": "sources"},
    "M59 or are built to measure": {"10": "train"},
    "M60 build, convert, verify, deploy": {"10": "one-file"},
}
PLACES = [(statement, lab, tag) for statement, places in STATEMENTS.items() for lab, tag in places.items()]


@pytest.fixture(scope="module")
def tags():
    return {
        lab.number: {tag for cell in read_source(lab.source).cells for tag in cell.metadata.get("tags", [])}
        for lab in labs()
    }


def test_all_sixty_are_here():
    numbers = {int(statement.split()[0].removeprefix("M")) for statement in STATEMENTS}
    assert numbers == set(range(1, 61))


@pytest.mark.parametrize(("statement", "lab", "tag"), PLACES, ids=lambda part: str(part)[:40])
def test_statement_has_its_cell(statement, lab, tag, tags):
    if lab in tags:
        assert tag in tags[lab], f"lab {lab} has no cell {tag}"
    else:
        assert tag is TO_COME, f"lab {lab} does not exist yet"
