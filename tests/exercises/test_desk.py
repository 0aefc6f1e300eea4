"""labutils.exercises as a learner meets it: outcomes, hints, solutions, names, looks."""

import subprocess
import sys

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.exercises import Exercise, Result, check, desk, hint, solution
from labutils.exercises.attempt import is_stub
from labutils.exercises.catalog import exercises, find, labs

LAB_01 = ["01.convert", "01.newest_version", "01.holds_its_weights", "01.largest_error", "01.weight_bytes"]
LABS_02_AND_03 = [
    "02.separable_parameters",
    "02.fixed_batch",
    "02.recalibrate",
    "02.multiply_adds",
    "02.top_classes",
    "03.convert_command",
    "03.input_signature",
    "03.operator_changes",
    "03.was_quantized",
]
LAB_04 = [
    "04.scale_and_zero_point",
    "04.per_channel",
    "04.representative",
    "04.assert_fully_integer",
    "04.repair",
    "04.integer_bytes",
]
LAB_05 = [
    "05.flex_operators",
    "05.with_fallback",
    "05.missing_operators",
    "05.cumulative_product",
    "05.pool_volume",
]
LAB_06 = ("06.answer", "06.quantize", "06.dequantize", "06.accuracy", "06.median_latency")
LAB_07 = ("07.choose_path", "07.pareto_front", "07.fits_edge_tpu", "07.for_edge_tpu", "07.diagnose", "07.deliver")
LAB_08 = ("08.prune", "08.schedule", "08.cluster", "08.remove_channels", "08.fit_budget")
LAB_09 = ("09.take_turns", "09.clearly_quicker", "09.multiply_adds", "09.roofline", "09.partitions")
LAB_10 = ("10.one_at_a_time", "10.to_stored", "10.refused_by_browser", "10.deploy")
NAMES = [*LAB_01, *LABS_02_AND_03, *LAB_04, *LAB_05, *LAB_06, *LAB_07, *LAB_08, *LAB_09, *LAB_10]


@pytest.fixture(autouse=True)
def no_hints_given(monkeypatch):
    monkeypatch.setattr(desk, "_hints_given", {})


def documented(x):
    """What is asked."""
    ...


def only_documented(x):
    """What is asked."""


def passes(x):
    pass


def returns_none(x):
    return None


def returns_dots(x):
    return ...


def not_implemented(names):
    raise NotImplementedError("to do")


def half_done(names):
    names.sort()
    ...  # the rest


@pytest.mark.parametrize("answer", [documented, only_documented, passes, returns_none, returns_dots, None, ...])
def test_stubs_are_recognised(answer):
    assert is_stub(answer)
    assert check("01.newest_version", answer).outcome == "not tried"


def test_raising_not_implemented_is_a_stub():
    assert check("01.newest_version", not_implemented).outcome == "not tried"


def test_not_implemented_from_elsewhere_is_no_stub():
    def calls_it(names):
        return not_implemented(names)

    assert check("01.newest_version", calls_it).outcome == "not yet"


@pytest.mark.parametrize("answer", [half_done, lambda x: x, lambda x: 0, lambda x: (yield), max, "text", 0])
def test_attempts_are_no_stubs(answer):
    assert not is_stub(answer)
    assert check("01.newest_version", answer).outcome == "not yet"


def test_the_exercises_are_those_that_the_notebooks_carry():
    assert list(exercises()) == NAMES
    assert labs() == ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10")


@pytest.mark.parametrize("name", NAMES)
def test_exercises_are_complete(name):
    exercise = find(name)
    assert 1 <= len(exercise.hints) <= 3
    for text in (exercise.prompt, exercise.explanation, *exercise.hints, *exercise.symptoms.values()):
        assert text == text.strip() and text.endswith((".", "?"))
    assert exercise.prompt.startswith("**Exercise ") and f"`{exercise.signature}`" in exercise.prompt
    assert exercise.stub == f"def {exercise.signature}:\n    ..."
    assert f"def {exercise.signature}:" in exercise.solution
    assert max(map(len, f"{exercise.prompt}\n{exercise.solution}".splitlines())) <= 120


def test_an_exercise_has_at_most_three_hints():
    with pytest.raises(ValueError, match="4 hints"):
        Exercise("99.x", "p", "def x(): ...", ("a", "b", "c", "d"), "s", "e", lambda attempt, rng: None)


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("01.newest_versoin", "did you mean 01.newest_version"),
        ("convert", "did you mean 01.convert"),
        ("04.quantize", "06.quantize"),
        ("", "there are 01.convert"),
        (None, "in quotes"),
        (max, "in quotes"),
    ],
)
@pytest.mark.parametrize("call", [hint, solution, lambda name: check(name, max)])
def test_unknown_names_are_refused_with_those_that_come_close(name, cure, call):
    with pytest.raises(LabError) as refusal:
        call(name)
    assert cure in str(refusal.value) and "\n" not in str(refusal.value)


def test_exceptions_name_the_line_and_the_reason():
    def newest_version(names):
        first = names[0]
        return int(first + "x")

    message = check("01.newest_version", newest_version).message
    assert message.startswith("Line 3 of `newest_version` stops with ValueError: invalid literal for int()")
    assert "Not every name is a number" in message


def test_a_missing_name_is_explained():
    message = check("01.newest_version", lambda names: unknown_name).message  # noqa: F821
    assert "NameError" in message and "Import or define" in message


def test_other_arguments_are_explained():
    message = check("06.quantize", lambda real: real).message
    assert "real, scale, zero_point" in message and "`def quantize(real, scale, zero_point):`" in message


def test_an_answer_that_was_called_is_no_function():
    assert '`check("01.newest_version", newest_version)`' in check("01.newest_version", "10").message


def test_what_the_function_prints_is_not_shown(capfd):
    def newest_version(names):
        print("here I am")
        print("and here", file=sys.stderr)
        raise ValueError("printed and failed")

    assert check("01.newest_version", newest_version).outcome == "not yet"
    assert check("01.newest_version", lambda names: print("wrong")).outcome == "not yet"
    assert capfd.readouterr() == ("", "")


def test_an_interrupt_gets_through(capfd):
    def newest_version(names):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("01.newest_version", newest_version)


def test_a_function_cannot_spoil_what_it_is_judged_by():
    def quantize(real, scale, zero_point):
        real[...] = 0
        return np.full(real.shape, zero_point, np.int8)

    def newest_version(names):
        names.clear()

    assert check("06.quantize", quantize).outcome == "not yet"
    assert check("01.newest_version", newest_version).outcome == "not yet"


def test_a_check_leaves_random_numbers_alone():
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    check("06.accuracy", lambda model, images, labels: 0.5)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_hints_come_one_by_one_and_end_with_the_solution():
    name = "01.newest_version"
    given = [hint(name) for _ in range(5)]
    assert [str(one.title) for one in given[:3]] == ["hint 1 of 3", "hint 2 of 3", "hint 3 of 3"]
    assert tuple(one.text for one in given[:3]) == find(name).hints
    assert given[3] == given[4] and f'solution("{name}")' in given[3].text and given[3].title == "no more hints"
    assert hint("01.convert").number == 1


def test_solution_is_plain_in_a_terminal_and_highlighted_in_a_notebook():
    shown = solution("01.newest_version")
    assert "```" not in repr(shown) and "def newest_version(names):" in repr(shown) and "key=int" in repr(shown)
    assert "```python\ndef newest_version(names):" in shown._repr_markdown_()
    assert shown._repr_markdown_().endswith(shown.explanation)


@pytest.mark.parametrize(("outcome", "symbol"), [("correct", "✓"), ("not yet", "✗"), ("not tried", "○")])
def test_results_need_no_colour(outcome, symbol):
    result = Result("01.convert", outcome, "Because.")
    assert repr(result) == str(result) == f"{symbol} {outcome} · 01.convert: Because."
    page = result._repr_html_()
    assert symbol in page and outcome in page and "Because." in page
    assert "background" not in page and "font-family" not in page and "color: inherit" in page


def test_html_is_escaped_and_code_is_marked():
    def newest_version(names):
        return "<script>alert('x')</script>"

    page = check("01.newest_version", newest_version)._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "<code>convert()</code>" in Result("01.convert", "not yet", "Call `convert()`.")._repr_html_()


def test_import_and_lab_06_need_no_tensorflow():
    code = (
        "import sys; from labutils.exercises import check, hint, solution\n"
        "hint('01.convert'); solution('01.convert')\n"
        "for name in ('06.answer', '06.quantize', '06.dequantize', '06.accuracy', '06.median_latency'):\n"
        "    from labutils.exercises.catalog import find\n"
        "    names = {}; exec(find(name).solution, names)\n"
        "    assert check(name, names[find(name).function]).outcome == 'correct', name\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
