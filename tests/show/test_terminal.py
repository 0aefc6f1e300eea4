"""Commands run from a notebook: shown as typed, without logs, tracebacks and full paths."""

import pytest

from labutils.errors import LabError
from labutils.show.terminal import terminal, without_logs


def test_shows_line_output_and_code(tmp_path, capsys):
    (tmp_path / "a b.py").write_text("import sys; print(sys.argv[1]); sys.exit(3)")
    ended = terminal('python "a b.py" "two words"', tmp_path)
    assert ended.code == 3
    assert capsys.readouterr().out == '$ python "a b.py" "two words"\ntwo words\n[exit code 3]\n'


def test_of_a_traceback_only_the_end(tmp_path, capsys):
    (tmp_path / "fails.py").write_text("def f():\n    raise TypeError('no loader')\nf()\n")
    terminal("python fails.py", tmp_path)
    out = capsys.readouterr().out
    assert "which ends with:)\nTypeError: no loader\n[exit code 1]" in out and "File" not in out


def test_commands_do_not_colour_what_they_say(tmp_path, capsys, monkeypatch):
    """Jupyter asks for colours, and Python 3.13 would give a traceback some."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    names = ("FORCE_COLOR", "CLICOLOR_FORCE", "NO_COLOR", "PYTHON_COLORS")
    (tmp_path / "asks.py").write_text(f"import os; print(*map(os.environ.get, {names})); raise TypeError('plain')")
    terminal("python asks.py", tmp_path)
    said = capsys.readouterr().out
    assert "None None 1 0" in said and "\nTypeError: plain\n" in said


def test_long_output_is_counted_and_paths_are_near(tmp_path, capsys):
    (tmp_path / "long.py").write_text("import os\nprint(os.getcwd() + os.sep + 'x')\nfor n in range(99): print(n)\n")
    terminal("python long.py", tmp_path, most=3)
    assert capsys.readouterr().out.splitlines()[1:] == ["x", "0", "1", "... and 97 lines more"]


def test_logs_are_left_out_and_warnings_stay():
    kept = "labs: 3 operators stayed float\n"
    noise = (
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
        "W1123 07:02:55.051969 1396 deprecation.py:50] From saved_model_cli.py: load is deprecated.\n"
        "Instructions for updating:\nUse `tf.saved_model.load` instead.\nINFO:tensorflow:Restoring parameters\n"
    )
    assert without_logs(noise + kept) == kept


def test_unknown_command(tmp_path):
    with pytest.raises(LabError, match="no command frobnicate"):
        terminal("frobnicate --now", tmp_path)
