"""What the checks of lab 10 take for granted: the files for a browser, the budgets, and what a card is called."""

from types import SimpleNamespace

import numpy as np
import pytest

from labutils.device.app import check_runs_in_browser
from labutils.device.card import Card, Picture, Port, make_card
from labutils.errors import LabError
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges import browser_files, budgets, deploying, fixed_batch, refusing
from labutils.exercises.judges.edges import just_fits
from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.devices import fits
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model
from labutils.tflite.variants import freeze, variant

KINDS = {name: answer for name, (answer, _) in browser_files.KINDS.items()}
IDEAS = [refusing.right, *(wrong.answer for wrong in refusing.WRONG)]


@pytest.fixture(scope="module")
def files(tf):
    """Three files of every kind."""
    rng = np.random.default_rng(5)
    with quiet():
        return {name: [make(rng) for _ in range(3)] for name, (_, make) in browser_files.KINDS.items()}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_has_the_faults_that_it_is_called_after(files, name):
    for content in files[name]:
        found = anatomy(content)
        graph = found.subgraphs[0]
        ends = [graph.tensors[place] for place in (*graph.inputs, *graph.outputs)]
        assert refusing.right(content) == KINDS[name]
        assert any(-1 in tensor.shape for tensor in ends[: len(graph.inputs)]) == ("free" in name)
        foreign = {step.kind for each in found.subgraphs for step in each.operators} - {"builtin"}
        by_name = "Flex" in name and "called" not in name
        assert foreign == ({"flex"} if by_name else {"custom"} if name == "custom" else set())


def loads(content):
    try:
        open_model(content)
    except LabError:
        return False
    return True


@pytest.mark.parametrize("name", KINDS)
def test_the_runtime_at_hand_loads_all_but_the_foreign_operators(files, name):
    """So that nobody finds out by loading what a browser refuses for its size or dtype."""
    foreign = name == "custom" or ("Flex" in name and "called" not in name)
    assert loads(files[name][0]) == (not foreign)


@pytest.mark.parametrize("name", [name for name in KINDS if "second" not in name and "two" not in name])
def test_the_app_and_the_device_list_agree(files, name):
    """The app's own check, and that of the devices, refuse what the exercise refuses, and nothing else."""
    content = files[name][0]
    graph = anatomy(content).subgraphs[0]
    sides = (graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]])
    ports = [Port(tensor.name, tensor.shape, tensor.dtype) for tensor in sides]
    card = Card("it", "it.tflite", len(content), *ports, Picture("drawing", 0, 1, 8), ("0", "1"))
    if KINDS[name] in (None, "dtype"):
        assert fits(content, "browser") == (KINDS[name] is None)
    if KINDS[name] == "free size":
        with pytest.raises(LabError):
            make_card(content, "01")
    elif KINDS[name] is None:
        check_runs_in_browser(content, card)
    else:
        with pytest.raises(LabError, match="border" if KINDS[name] == "dtype" else "does not know"):
            check_runs_in_browser(content, card)


def test_the_files_tell_every_misconception_from_the_others(files):
    for number in range(3):
        each = [made[number] for made in files.values()]
        assert len({tuple(map(idea, each)) for idea in IDEAS}) == len(IDEAS)
    assert len({wrong.sentence for wrong in refusing.WRONG}) == len(refusing.WRONG)


def test_no_fault_can_be_told_by_the_size(files):
    """Files of every answer are among the smaller and among the larger ones."""
    sizes = {answer: [] for answer in browser_files.ANSWERS}
    for name, made in files.items():
        sizes[KINDS[name]] += map(len, made)
    assert max(map(min, sizes.values())) < 5000 < min(map(max, sizes.values()))


def test_some_files_are_new_at_every_check(tf):
    rng = np.random.default_rng(2)
    with quiet():
        first, second = (browser_files.delivered(rng) for _ in range(2))
    assert list(first) != list(second) and first != second
    assert first.keys() == KINDS.keys()


@pytest.mark.parametrize("seed", range(3))
def test_budgets_lie_between_the_sizes_and_the_first_samples_are_faint(tf, seed):
    with quiet():
        orders = budgets.orders(np.random.default_rng(seed))
        for order in orders:
            files = {path: variant(freeze(order.model), path, order.samples) for path in ("float", "full uint8")}
            fitting = [path for path, content in files.items() if len(content) + 500 < order.most_bytes]
            too_large = [path for path, content in files.items() if len(content) - 500 > order.most_bytes]
            assert len(fitting) + len(too_large) == 2
            wanted = {budgets.FLOAT: "float", budgets.INTEGER: "full uint8", None: None}[order.right]
            assert next(iter(fitting), None) == wanted
            low, high = order.ends
            assert low == order.samples[-1].min() < 0 < 1e-3 < order.samples[-1].max() == high
            assert np.ptp(order.samples[:5]) < 0.5 * (high - low)
    assert {order.right for order in orders} == {budgets.FLOAT, budgets.INTEGER, None}
    assert {order.inputs.shape[3] for order in orders} == {1, 3}
    assert max(order.answers.shape[1] for order in orders) > 10


def test_a_card_is_known_by_its_name(cnn_card):
    assert deploying._is_card(cnn_card)
    assert not deploying._is_card(SimpleNamespace(**vars(cnn_card))) and not deploying._is_card(Card)


@pytest.fixture(scope="module")
def cnn_card(tf):
    from labutils.models import digits_cnn

    with quiet():
        return make_card(variant(freeze(digits_cnn("digits")), "float"), "0123456789")


def given(sizes, refuses):
    """A function that hands over files of these sizes, one after the other, but None where `refuses` says so."""
    remaining = iter(sizes)

    def hand_over(most_bytes):
        size = next(remaining)
        return None if refuses(size, most_bytes) else bytes(size)

    return hand_over


@pytest.mark.parametrize("sizes", [(100,), (101, 101, 101), (101, 102, 102, 102, 102)])
def test_a_file_whose_size_changes_with_keras_counters_may_fill_its_budget(sizes):
    assert just_fits(given(sizes, lambda size, most_bytes: size > most_bytes), 100, 1000) in sizes


def test_a_strict_budget_is_found_though_the_size_changes_once():
    with pytest.raises(NotYet, match="just as many: that fits"):
        just_fits(given([100] * 9, lambda size, most_bytes: size >= most_bytes), 99, 1000)


def test_a_check_leaves_keras_names_and_numbers_alone(tf):
    import keras

    def drawn(meanwhile):
        """What Keras draws, and how far it counts, with that in between."""
        keras.utils.set_random_seed(5)
        before = keras.layers.Dense(1).name
        with quiet():
            meanwhile()
        after = keras.layers.Dense(1).name
        counted = [int(f"0{name.removeprefix('dense').lstrip('_')}") for name in (before, after)]
        return counted[1] - counted[0], float(keras.random.uniform((1,))[0])

    def make():
        rng = np.random.default_rng(0)
        return fixed_batch._normalized(rng), fixed_batch._pictures(rng), budgets._classifier(rng, 1, 3)

    assert drawn(make) == drawn(list) and drawn(list)[0] == 1
    assert drawn(lambda: keras.layers.Dense(1)) != drawn(list)


def test_the_shipped_digits_have_a_free_batch(tf):
    """What the wrong answers by a shipped file rest on."""
    assert refusing.right(asset("digits_cnn.tflite").read_bytes()) == "free size"
