"""An exhibit prints its message in the same words everywhere, and notices by name when the world has changed."""

import dataclasses
import warnings

import pytest

from labutils.museum import EXHIBITS, catalog, exhibit, hall, heard
from labutils.museum.hall import ExhibitChangedError
from labutils.museum.tidy import shown

MESSAGE = "Cannot set tensor: Dimension mismatch. Got 3 but expected 4 for input 0."


@pytest.fixture(autouse=True)
def empty_hall(monkeypatch):
    monkeypatch.setattr(hall, "SAID", {})


def test_a_known_message_is_printed_and_kept(capfd):
    with exhibit("no_batch_axis"):
        print("a log line")
        raise ValueError(MESSAGE.replace("3", "2"))
    assert capfd.readouterr() == (f"ValueError: {MESSAGE.replace('3', '2')}\n", "")
    kept = hall.collected()["no_batch_axis"]
    assert len(kept) == 1 and kept[0]["message"].endswith("input 0.") and "raise ValueError" in kept[0]["traceback"]


def test_a_silence_is_said_to_be_one(capsys):
    with exhibit("scaled_twice"):
        assert 1 + 1 == 2
    assert capsys.readouterr().out == "no error\n"


def test_a_known_warning_counts_and_another_does_not(capsys):
    with exhibit("old_interpreter"):
        warnings.warn(EXHIBITS["old_interpreter"].messages[0].removeprefix("UserWarning: "), stacklevel=1)
    assert capsys.readouterr().out.startswith("UserWarning: Warning: tf.lite.Interpreter is deprecated")
    with pytest.raises(ExhibitChangedError, match="old_interpreter"), exhibit("old_interpreter"):
        warnings.warn("something else", stacklevel=1)


@pytest.mark.parametrize(
    "error", [ValueError("Dimension mismatch: 3 and 4."), TypeError(MESSAGE), ValueError(MESSAGE[:40])], ids=str
)
def test_another_message_is_noticed_by_name(error):
    """Other words, another type, and half of the message."""
    changed = pytest.raises(ExhibitChangedError, match="The exhibit no_batch_axis has changed: it says")
    with changed as noticed, exhibit("no_batch_axis"):
        raise error
    assert "where the catalogue has" in str(noticed.value)


def test_a_mistake_that_works_by_now_is_noticed_by_name():
    with pytest.raises(ExhibitChangedError, match="The exhibit sgd_lr has changed: it says nothing"), exhibit("sgd_lr"):
        pass


@pytest.mark.parametrize("name", ["scaled_twice", "crashing_file"])
def test_what_was_silent_and_speaks_is_noticed_by_name(name):
    with pytest.raises(ExhibitChangedError, match=f"{name} has changed.*AssertionError"), exhibit(name):
        raise AssertionError("the accuracy is fine")


def test_another_entry_of_the_catalogue_is_noticed_by_name(monkeypatch):
    changed = dataclasses.replace(EXHIBITS["sgd_lr"], messages=("ValueError: lr is called learning_rate",))
    monkeypatch.setitem(catalog.EXHIBITS, "sgd_lr", changed)
    with pytest.raises(ExhibitChangedError, match="sgd_lr"), exhibit("sgd_lr"):
        raise ValueError("Argument(s) not recognized: {'lr': 0.01}")


def test_of_a_command_as_well():
    heard("h5_on_the_command_line", "TypeError: 'NoneType' object is not callable")
    with pytest.raises(ExhibitChangedError, match="h5_on_the_command_line"):
        heard("h5_on_the_command_line", "ValueError: no such flag")


def test_colours_do_no_harm():
    heard("no_batch_axis", f"\x1b[1;35mValueError\x1b[0m: \x1b[35m{MESSAGE}\x1b[0m")
    assert hall.collected()["no_batch_axis"][0]["message"] == f"ValueError: {MESSAGE}"


def test_an_interrupt_is_none_of_its_business():
    with pytest.raises(KeyboardInterrupt), exhibit("sgd_lr"):
        raise KeyboardInterrupt


@pytest.mark.parametrize("path", ["/tmp/x/saved/1", "../build/11/saved/1", r"C:\Users\me\saved\1"])
def test_no_folder_of_a_machine_is_shown(path):
    assert shown(f"ValueError: no file at {path}, sorry") in (
        "ValueError: no file at saved/1, sorry", r"ValueError: no file at saved\1, sorry"
    )  # fmt: skip


def test_addresses_and_long_messages_are_cut(capsys):
    with exhibit("hub_layer"):
        raise ValueError(
            "Only instances of `keras.Layer` can be added to a Sequential model. Received: "
            f"<__main__.Doubler object at 0x7f3a5c001d90> (of type <class '__main__.Doubler'>) {'x ' * 900}"
        )
    out = capsys.readouterr().out
    assert "0x" not in out and len(out) < 500 and max(map(len, out.splitlines())) <= 98
