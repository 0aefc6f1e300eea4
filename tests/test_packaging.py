"""pyproject.toml, requirements.lock and environment.yml say the same, on every platform the course names."""

import re
import tomllib

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement

PLATFORMS = {
    "Linux x86-64": {"sys_platform": "linux", "platform_machine": "x86_64", "platform_system": "Linux"},
    "Linux aarch64": {"sys_platform": "linux", "platform_machine": "aarch64", "platform_system": "Linux"},
    "macOS arm64": {"sys_platform": "darwin", "platform_machine": "arm64", "platform_system": "Darwin"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "platform_system": "Windows", "os_name": "nt"},
}
PYTHONS = ("3.11", "3.12", "3.13")


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def lock(root):
    return (root / "requirements.lock").read_text()


def pins(lock, environment):
    """Name -> version of what the lock installs in that environment."""
    lines = [line.removesuffix("\\").strip() for line in lock.splitlines() if re.match(r"[a-zA-Z0-9]", line)]
    found = [Requirement(line) for line in lines]
    kept = [one for one in found if one.marker is None or one.marker.evaluate(environment)]
    return {one.name: str(one.specifier).removeprefix("==") for one in kept}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_lock_fulfils_the_project(project, lock, platform, python):
    versions = {"python_version": python, "python_full_version": f"{python}.7"}
    environment = default_environment() | {"os_name": "posix"} | PLATFORMS[platform] | versions | {"extra": ""}
    pinned = pins(lock, environment)
    wanted = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["test"]]
    for requirement in wanted:
        if requirement.marker is None or requirement.marker.evaluate(environment):
            assert requirement.name in pinned, f"{requirement} is not in requirements.lock: make lock"
            assert requirement.specifier.contains(pinned[requirement.name]), f"{requirement}: make lock"
    assert len({"tensorflow", "tensorflow-cpu"} & set(pinned)) == 1


def test_every_pin_has_hashes_and_no_address(root, lock):
    entries = re.split(r"\n(?=[a-zA-Z0-9])", lock.split("\n", 2)[2])
    assert len(entries) > 100 and all("--hash=sha256:" in entry and "==" in entry for entry in entries)
    for name in ("requirements.lock", "pyproject.toml", "environment.yml", "Makefile"):
        assert not re.search(r"index-url|find-links|https?://", (root / name).read_text()), name


def test_conda_builds_on_the_lock(root, project):
    environment = yaml.safe_load((root / "environment.yml").read_text())
    python, pip, packages = environment["dependencies"]
    assert pip == "pip" and packages == {"pip": ["--requirement requirements.lock"]}
    assert python.removeprefix("python=") in PYTHONS
    assert project["requires-python"] == ">=3.11,<3.14"


def test_every_dependency_has_its_purpose(root):
    lines = (root / "pyproject.toml").read_text().split("dependencies = [")[1].splitlines()
    for number, line in enumerate(lines):
        if re.match(r'\s+"[a-z]', line) and "tensorflow" not in line:
            assert re.search(r'", +# \S+', line), f"{line.strip()}: say what needs it"
        if line.startswith("[project.scripts]"):
            assert number > 25
            break


def test_makefile_targets_of_the_documents_exist(root):
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.M))
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        named = set(re.findall(r"`?make ([a-z]+)\b", (root / name).read_text())) - {"it"}
        assert named <= targets, f"{name} names {named - targets}"
