"""A sweep is refused whole, before anything runs or is written, or it is set down whole."""

import json
import shlex

import pytest

from labutils import cli
from labutils.cli.entry import make_parser
from labutils.cli.sweep import EXAMPLE, _planned
from labutils.course.catalog import find_lab
from labutils.course.manifest import Rules, read_manifest, write_manifest
from labutils.course.results import results
from labutils.errors import LabError
from labutils.files import sole_user
from labutils.sweep.cluster import Where
from labutils.sweep.run import plan
from tests.throwaway import files_of

REFUSED = [
    (["-g", "seed=1,2,0"], "Lab 01: seed cannot be '0': it must be a whole number from 1 to 100000."),
    (["-g", "seed=1,2", "-g", "scale=1,2.5"], "scale cannot be '2.5'"),
    (["-g", "sed=1,2"], "no parameter 'sed': it has seed, scale and mode (did you mean seed?)"),
    (["-g", "seed=1,2", "-p", "mode", "int4"], "mode cannot be 'int4'"),
    (["-g", "seed=1,2", "-p", "seed", "3"], "seed has several values and one: keep either."),
    (["-g", "seed="], "seed has no values"),
    (["-g", "seed"], "names no parameter with its values"),
    (["-g", "seed=1,1"], "seed has 1 twice: keep one."),
    (["-g", "seed=1..100000", "-g", "scale=1,2"], "The grid has 200,000 points"),
    (["-p", "seed", "3"], "A sweep needs values to vary"),
    ([], "A sweep needs values to vary"),
    (["-g", "seed=1,2", "--workers", "0"], "'0' must be a whole number above 0"),
    (["-g", "seed=1,2", "--retries", "-1"], "must be a whole number above 0"),
    (["-g", "seed=1,2", "--memory-limit", "much"], "'much' must be an amount of memory, such as 2GB"),
    (["-g", "seed=1,2", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "keep one"),
    (["-g", "seed=1,2", "--yaml", "no such.yaml"], "cannot be read"),
    (["-g", "seed=1,2", "--retry-failed"], "--retry-failed goes with --resume"),
    (["-g", "seed=1,2", "--resume", "there"], "--resume goes on with a sweep as it was planned"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_whatever_does_not_fit_is_refused_by_name_and_nothing_is_written(swept, course, capsys, words, said):
    swept()
    before = files_of(course)
    try:
        code = cli.main(["sweep", "01", *words])
    except SystemExit as left:
        code = left.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert said in err and err.count("\n") == 1
    assert files_of(course) == before and not (course / "build").exists()


def test_the_example_of_the_help_fits_the_lab(root, tmp_path):
    options = make_parser().parse_args([*shlex.split(EXAMPLE)[1:], "--out", str(tmp_path / "out")])
    assert len(_planned(options, Where()).points) == 9


def test_a_sweep_without_a_lab_and_one_that_is_not_there(swept, course, capsys):
    swept()
    assert cli.main(["sweep", "-g", "seed=1,2"]) == 2
    assert "Name the lab" in capsys.readouterr().err
    assert cli.main(["sweep", "--resume", "nowhere"]) == 2
    assert capsys.readouterr().err == "labs: nowhere holds no sweep: name a folder that `labs sweep` has made.\n"


def test_values_from_yaml_and_from_the_command(swept, course):
    lab = swept()
    (course / "grid.yaml").write_text("seed: 1..3\nmode: [float, ganz genau]\nscale: 0.5\n")
    words = ["sweep", "01", "--yaml", "grid.yaml", "-g", "seed=7,8", "-p", "scale", "2", "--out", "Größe und Maß"]
    manifest = _planned(make_parser().parse_args(words), Where())
    assert manifest.axes == {"seed": [7, 8], "mode": ["float", "ganz genau"]}
    assert manifest.fixed == {"scale": 2.0}
    assert manifest.points[1] == {"scale": 2.0, "seed": 7, "mode": "ganz genau"}
    assert manifest.folder == course / "Größe und Maß" and manifest.lab.title == lab.title


def test_the_manifest_comes_back_as_it_was_written(swept, course):
    rules = Rules(60, 5.0, 500.0, True, False)
    written = plan(swept(), {"seed": ["3", 1], "mode": ["ganz genau"]}, {"scale": "1"}, rules=rules, out=course / "a b")
    again = read_manifest(course / "a b")
    assert (again.points, again.rules, again.slug) == (written.points, rules, "01_count")
    assert again.open_points() == [1, 2]
    assert again.path(2) == course / "a b" / "points" / "0002.ipynb"


def test_a_change_to_the_lab_does_not_reach_a_sweep_that_has_begun(swept, course):
    lab = swept()
    manifest = plan(lab, {"seed": [1, 2]}, out=course / "out")
    lab.source.write_text(lab.source.read_text().replace("Counting", "Changed"))
    assert (find_lab("01").title, read_manifest(course / "out").lab.title) == ("Changed", "Counting")
    assert manifest.lab.notebook.exists()


def test_quick_values_go_below_given_ones(swept, course):
    lab = swept()
    assert plan(lab, {"scale": [1]}, quick=True, out=course / "a").points == [{"seed": 2, "scale": 1.0}]
    assert plan(lab, {"seed": [5]}, quick=True, out=course / "b").points == [{"seed": 5}]
    assert plan(lab, {"scale": [1]}, out=course / "c").points == [{"scale": 1.0}]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"lab": "01_count"}', None])
def test_a_torn_manifest_is_one_sentence(swept, course, content, capsys):
    manifest = plan(swept(), {"seed": [1, 2]}, out=course / "out")
    path = manifest.folder / "sweep.json"
    whole = json.loads(path.read_text())
    path.write_text(json.dumps(whole | {"points": 3}) if content is None else content)
    assert cli.main(["sweep", "--resume", "out"]) == 2
    assert capsys.readouterr().err == "labs: out/sweep.json is torn: begin anew, in another folder.\n"


def test_a_folder_that_holds_something_is_not_written_into(swept, course):
    lab = swept()
    (course / "full").mkdir()
    (course / "full" / "mine.txt").write_text("mine")
    with pytest.raises(LabError, match="full is not empty: name another folder, or go on with"):
        plan(lab, {"seed": [1]}, out=course / "full")
    assert [path.name for path in (course / "full").iterdir()] == ["mine.txt"]


def test_a_manifest_that_cannot_be_finished_leaves_nothing(swept, course, monkeypatch):
    lab = swept()
    (course / "out").mkdir()
    from labutils.course import manifest

    def full(path, content):
        if path.name == "sweep.json":
            raise LabError("No space left on device")
        return original(path, content)

    original = manifest.write_whole
    monkeypatch.setattr(manifest, "write_whole", full)
    with pytest.raises(LabError, match="No space"):
        write_manifest(lab, {"seed": [1]}, {}, Rules(), course / "out")
    assert list((course / "out").iterdir()) == []


def test_two_commands_do_not_work_on_one_sweep(swept, course, capsys):
    plan(swept(), {"seed": [1, 2]}, out=course / "out")
    with sole_user(course / "out", "held"):
        assert cli.main(["sweep", "--resume", "out"]) == 2
    err = capsys.readouterr().err
    assert "labs: out: another `labs sweep` is at work in it: wait for its end. 0 of 2 points are" in err


def test_ten_thousand_points_are_planned_at_once_and_not_run_is_an_outcome(swept, course):
    manifest = plan(swept(), {"seed": list(range(1, 5001)), "mode": ["float", "ganz genau"]}, out=course / "many")
    table = results([course / "many"])
    assert len(table) == 10_000 and set(table["outcome"]) == {"not run"}
    assert list(table["parameter.seed"][:4]) == [1, 1, 2, 2] and set(table["parameter.scale"]) == {1.0}
    assert manifest.path(10_000).name == "10000.ipynb"
    assert (course / "many" / "sweep.json").stat().st_size < 200_000
