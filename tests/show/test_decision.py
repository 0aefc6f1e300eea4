"""The widget walks the tree, runs only when its button is pressed, and the chart shows where one has landed."""

import matplotlib.pyplot as plt
import pytest

from labutils.errors import LabError
from labutils.show import charts, decision
from labutils.show.pareto import Measured, front, pareto

FOUND = {
    "float": Measured(1655144, 0.50, 0.99, 0.98, 1.0),
    "dynamic range": Measured(570272, 0.95, 0.99, 0.98, 1.0),
    "full int8": Measured(644528, 0.32, 0.99, 0.98, 1.0),
    "16x8": Measured(731968, 6.2, 0.99, 0.98, 1.0),
}


def asked(walk):
    return [row.children[0].value for row in walk.questions.children]


def answer(walk, **answers):
    for key, value in answers.items():
        walk.answers[key].value = value


def test_first_state_is_silent(capfd):
    walk = decision.Walk(lambda name: pytest.fail("nobody pressed the button"))
    assert walk.way.end == "dynamic range" and "Optimize.DEFAULT" in walk.end.value
    assert asked(walk)[0] == "Does LiteRT lack an operator of the model?" and len(asked(walk)) == 5
    assert walk.said.value == "" and walk.chart.layout.display == "none"
    assert capfd.readouterr() == ("", "")


def test_answers_lead_on_and_the_button_lands():
    landed = []
    walk = decision.Walk(lambda name: (landed.append(name), ("644 kB < 1 MB", pareto(FOUND, name)))[1])
    answer(walk, has_data=True, integers_only=True)
    assert walk.way.end == "full int8" and "TFLITE_BUILTINS_INT8" in walk.end.value
    assert "unsigned bytes" in asked(walk)[-1]
    walk.button.click()
    assert landed == ["full int8"] and walk.said.value == "644 kB &lt; 1 MB"
    assert bytes(walk.chart.value[:4]) == b"\x89PNG" and walk.chart.layout.display is None
    assert not walk.button.disabled
    answer(walk, unsigned=True)  # another end: what was landed on no longer holds
    assert walk.said.value == "" and walk.chart.layout.display == "none"


def test_where_no_path_leads_on_nothing_can_be_run():
    walk = decision.Walk(lambda name: pytest.fail("there is no path"))
    answer(walk, integers_only=True)
    assert walk.button.disabled and "100 samples" in walk.end.value
    answer(walk, lacks_operator=True)
    assert walk.button.disabled and "Write the model anew" in walk.end.value


def test_a_failure_is_a_sentence():
    def run(name):
        raise LabError("No <data> here.")

    walk = decision.Walk(run)
    walk.button.click()
    assert walk.said.value == "<b>No &lt;data&gt; here.</b>" and not walk.button.disabled


def test_front():
    assert front(FOUND) == ["dynamic range", "full int8"]
    twins = {"a": FOUND["float"], "b": FOUND["float"]}
    assert front(twins) == ["a", "b"]


def test_chart_names_every_file_and_its_units():
    figure = charts.pareto(FOUND, chosen="16x8")
    above, below = figure.axes
    assert {text.get_text() for text in below.texts} == set(FOUND)
    assert "kilobytes" in below.get_xlabel() and "milliseconds" in below.get_ylabel() and "%" in above.get_ylabel()
    assert not plt.get_fignums()


def test_labels_of_files_that_lie_on_each_other_are_one():
    near = FOUND | {"full uint8": Measured(644952, 0.33, 0.99, 0.98, 1.0)}
    labels = {text.get_text() for text in pareto(near).axes[1].texts}
    assert "full int8, full uint8" in labels


def test_what_is_refused():
    with pytest.raises(LabError, match="nothing to show"):
        pareto({})
    with pytest.raises(LabError, match="integer was not measured: there is float"):
        pareto(FOUND, chosen="integer")
