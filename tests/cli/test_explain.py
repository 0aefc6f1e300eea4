"""`labs explain`: what it prints, its exit codes, and its ways in."""

import io
import sys

import pytest

from labutils import cli

READY = "RuntimeError: Invoke called on model that is not ready."


def test_a_message_is_explained(capsys):
    assert cli.main(["explain", READY]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.startswith("Invoke after resize (says so)\n")
    for head in ("why     A resize", "cure    Call allocate", "see     lab 11, room Running", "taught  lab 06"):
        assert f"\n  {head}" in out


def test_words_may_stand_without_quotes(capsys):
    assert cli.main(["explain", "read", "before", "invoke"]) == 0
    assert capsys.readouterr().out.startswith("Read before invoke (says nothing)\n")


@pytest.mark.parametrize("text", [READY, f"Traceback (most recent call last):\n  File x\n\x1b[31m{READY}\x1b[0m\n"])
def test_from_a_pipe(text, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode() + b"\xff")))
    assert cli.main(["explain", "-"]) == 0
    assert "invoke_after_resize" in capsys.readouterr().out


def test_what_is_unknown_is_one_sentence_with_advice_and_code_1(capsys):
    assert cli.main(["explain", "NameError: name 'np' is not defined"]) == 1
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and err == "" and out.startswith("The museum has no exhibit for this: paste")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_bad_input(text, capsys):
    assert cli.main(["explain", text]) == 2
    assert capsys.readouterr().err.startswith("labs: There is nothing to explain: give a message")


def test_no_message_at_all_is_bad_input(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["explain"])
    assert ended.value.code == 2 and "MESSAGE" in capsys.readouterr().err
