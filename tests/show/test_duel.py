"""The duel measures when its button is pressed and never before, what was chosen, and says a failure in a sentence."""

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.show import duel, widgets
from labutils.tflite.latency import Latency

FILES = {"neuron": asset("neuron.tflite"), "CNN": asset("digits_cnn.tflite"), "torn": b"no model"}


def asked(seen):
    """A measure that notes what it was asked for."""

    def measure(*choice):
        seen.append(choice)
        return Latency(np.array([1.0, 2, 3])), Latency(np.array([4.0, 5, 6]))

    return measure


def test_first_state_is_silent(capfd):
    widget = widgets.Duel(FILES, lambda *_: pytest.fail("nobody pressed the button"))
    assert (widget.first.value, widget.second.value) == ("neuron", "torn")
    assert widget.said.value == "" and widget.chart.layout.display == "none"
    widget.second.value = "CNN"
    widget.threads.value = widget.threads.options[-1]
    assert capfd.readouterr() == ("", "")


def test_button_measures_what_was_chosen():
    seen = []
    widget = duel.Duel(FILES, asked(seen))
    widget.second.value, widget.xnnpack.value = "CNN", False
    widget.button.click()
    assert seen == [(FILES["neuron"], FILES["CNN"], 1, False)]
    assert widget.said.value == "CNN takes 2.50 times as long as neuron (medians)."
    assert bytes(widget.chart.value[:4]) == b"\x89PNG" and widget.chart.layout.display is None
    assert not widget.button.disabled


def test_one_against_itself_has_two_rows():
    widget = duel.Duel(FILES, asked([]))
    widget.second.value = "neuron"
    widget.button.click()
    assert widget.said.value == "neuron, once more takes 2.50 times as long as neuron (medians)."


def test_it_measures_indeed():
    widget = duel.Duel({"neuron": FILES["neuron"], "CNN": FILES["CNN"]})
    widget.button.click()
    assert "times as long as neuron" in widget.said.value and widget.chart.layout.display is None


def test_failure_is_a_sentence_and_takes_the_old_chart_away():
    widget = duel.Duel({"CNN": FILES["CNN"], "torn": FILES["torn"]})
    widget.second.value = "CNN"
    widget.button.click()
    widget.second.value = "torn"
    widget.button.click()
    assert widget.said.value.startswith("<b>the model of 8 bytes is no .tflite model")
    assert widget.chart.layout.display == "none" and not widget.button.disabled


def test_pair_takes_turns_with_all_runs():
    pair = duel.measure(FILES["neuron"], FILES["CNN"], 1, True)
    assert [len(each.milliseconds) for each in pair] == [duel.RUNS, duel.RUNS]


def test_no_files():
    with pytest.raises(LabError, match="at least one"):
        duel.Duel({})
