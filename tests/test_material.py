"""The statements of the written material, each with the tagged cell that executes it. The table grows with the labs.

M-numbers are those of the course's list of statements; a lab appears here as soon as it is finished.
"""

import pytest

from labutils.course.catalog import labs
from labutils.course.source import read_source

STATEMENTS = {
    # statement: lab, tag of the cell that executes it
    "M7 the converter takes several formats": ("01", "routes"),
    "M8 the interpreter has a reduced set of operators": ("06", "operators"),
    "M9 memory is planned once, before the first run": ("06", "allocate"),
    "M11 a trained model is converted before a device can use it": ("01", "convert-saved-model"),
    "M12 conversion flattens the model (FlatBuffer)": ("01", "bytes"),
    "M25 train, SavedModel, converter, .tflite": ("01", "export"),
    "M26 saved as Keras model, SavedModel or concrete functions": ("01", "convert-concrete-function"),
    "M27 the .tflite runs with optional back ends": ("06", "threads-and-delegate"),
    "M28 the converter is made from SavedModel, Keras model or concrete functions": ("01", "convert-keras"),
    "M29 a SavedModel needs no original code": ("01", "old-route-saved-model"),
    "M31 the last part of the path is a version number": ("01", "export"),
    "M32 one layer, one neuron, saved": ("01", "model"),
    "M32 today: tf.saved_model.save is silently wrong": ("01", "old-route"),
    "M33 converter from that SavedModel, then convert": ("01", "convert-saved-model"),
    "M34 write the bytes to a file": ("01", "write"),
    "M56 test in Python before deploying": ("06", "side-by-side"),
    "M57 load, allocate, details, set, invoke, get": ("06", "set-invoke-get"),
}


@pytest.fixture(scope="module")
def tags():
    return {
        lab.number: {tag for cell in read_source(lab.source).cells for tag in cell.metadata.get("tags", [])}
        for lab in labs()
    }


@pytest.mark.parametrize("statement", STATEMENTS)
def test_statement_has_its_cell(statement, tags):
    lab, tag = STATEMENTS[statement]
    assert tag in tags[lab], f"lab {lab} has no cell {tag}"
