"""The support matrix, measured anew: a verdict that an upgrade has changed fails by the name of its route and path."""

import os

import pytest

from labutils.support import record
from labutils.support import trial as support
from labutils.support.routes import ROUTES
from labutils.tflite import flex
from labutils.tflite.variants import PATHS

CELLS = [(route, path) for route in ROUTES for path in PATHS]


@pytest.fixture(scope="module")
def measured(tf, request):
    if os.environ.get("CI"):
        request.getfixturevalue("flex_environment")  # elsewhere its column is left out where it is not installed
    return support.measure()


@pytest.mark.parametrize(("route", "path"), CELLS, ids=lambda part: part)
def test_verdict_is_as_recorded(route, path, measured):
    found, kept = measured.verdicts[route][path], record.recorded().verdicts[route][path]
    if not flex.installed():
        kept = {name: verdict for name, verdict in kept.items() if name in found}
    assert found == kept, "look at the change, correct the labs that it touches, then run `labs support --record`"


def test_versions_are_as_recorded(measured):
    assert measured.versions == record.recorded().versions, "run `labs support --record`"


def test_what_the_course_rests_on():
    """The routes that labs 01 and 02 call right and wrong, whatever was recorded."""
    verdicts = record.recorded().verdicts
    for route in ("from_keras_model(model)", "model.export, then from_saved_model", "from_concrete_functions([f])"):
        usual = [verdicts[route][path] for path in PATHS if path != "Select"]
        assert {verdict.state for each in usual for verdict in each.values()} == {"right"}
    for route in ("tf.saved_model.save, then from_saved_model", "from_concrete_functions([f], model)"):
        states = {verdict.state for each in verdicts[route].values() for verdict in each.values()}
        assert states == {"wrong", "refused"}


def test_a_route_that_breaks_is_refused_and_not_raised():
    def broken(model, folder):
        raise OSError("No space left on device\nsecond line")

    found = support.measure({"broken": broken}).verdicts["broken"]
    assert found["float"][support.LITERT] == support.Verdict("refused", "No space left on device")
    assert {verdict.state for each in found.values() for verdict in each.values()} == {"refused"}


def test_a_file_that_is_not_as_asked_is_wrong():
    """An integer conversion that silently gave a float file."""
    def forgets(model, folder):
        import tensorflow as tf

        class Forgetful:
            def __init__(self):
                self.inner = tf.lite.TFLiteConverter.from_keras_model(model)
                self.target_spec = self.inner.target_spec

            def convert(self):
                return self.inner.convert()

        return Forgetful

    found = support.measure({"forgets": forgets}).verdicts["forgets"]
    assert found["integer"][support.LITERT].reason == "the file is not quantized as asked"
    assert found["float"][support.LITERT].state == "right"
