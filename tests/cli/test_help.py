"""Every help text ends with an example that the parser understands, and with the exit codes."""

import re
import shlex
import subprocess
import sys

import pytest

from labutils import cli

PARSER = cli.make_parser()
COMMANDS = next(action for action in PARSER._actions if action.choices).choices
NEEDED = {
    "convert": ["--output_file", "x"], "compare": ["a", "b"], "flex": ["status"], "variants": ["1", "--students", "x"],
    "export": ["c-array", "m"], "app": ["setup"],
}  # fmt: skip


def helped(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([*arguments, "--help"])
    assert end.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_an_example_and_the_exit_codes(name, capsys):
    text = helped([name], capsys)
    example = re.search(r"example:\n  labs (.*)\n\nexit codes: 0 .+, 1 .+, 2 .+, 130 interrupted\n$", text)
    assert example, text
    assert shlex.split(example[1])[0] == name
    PARSER.parse_args(shlex.split(example[1]))


def test_the_help_of_all(capsys):
    text = helped([], capsys)
    assert all(f"\n    {name} " in text for name in COMMANDS)
    assert "exit codes: 0 " in text.splitlines()[-1]


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_flag_is_refused_by_the_command_itself(name, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([name, *NEEDED.get(name, ["01"]), "--frob", "1"])
    out, err = capsys.readouterr()
    assert end.value.code == 2 and out == "" and err.count("\n") == 1
    assert err.startswith("labs: ") and "--frob" in err and re.search(rf"see `labs {name}( [a-z-]+)? --help`", err)


def test_version_and_no_command(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0 and capsys.readouterr().out.startswith("labs")
    assert cli.main([]) == 2


def test_it_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "labutils.cli", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("labs")
