"""Whether what pyproject.toml asks for is installed, in a version that fits. Needs the standard library only."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from labutils.course.finding import OK, PROBLEM, WARNING, Finding
from labutils.errors import LabError
from labutils.paths import course_root

CURE = "run `make lab` (without make: pip install -r requirements.lock)"


def check_versions() -> list[Finding]:
    """One finding for each dependency that is missing or does not fit, and one that counts those that do."""
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        return [Finding("packages", PROBLEM, "the package `packaging` is missing", CURE)]
    findings, fitting = [], 0
    for text in stated_requirements():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        version = installed_version(requirement.name)
        if version is None:
            findings.append(Finding(requirement.name, PROBLEM, "missing", CURE))
        elif not requirement.specifier.contains(version, prereleases=True):
            asked = f"{version}, but the course asks for {requirement.specifier}"
            findings.append(Finding(requirement.name, WARNING, asked, CURE))
        else:
            fitting += 1
    return [*findings, Finding("packages", OK, f"{fitting} of {fitting + len(findings)} fit")]


def stated_requirements() -> list[str]:
    """The course's dependencies: from its pyproject.toml, else from what labutils was installed with."""
    try:
        import tomllib
    except ImportError:  # a Python that is too old, which the doctor says
        return []
    try:
        places = [course_root(), Path(__file__).resolve().parents[2]]
    except LabError:
        places = [Path(__file__).resolve().parents[2]]
    for place in places:
        try:
            project = tomllib.loads((place / "pyproject.toml").read_text(encoding="utf-8"))["project"]
            if project.get("name") == "labutils":
                return list(project["dependencies"])
        except (OSError, KeyError, tomllib.TOMLDecodeError):
            continue
    try:
        return [text for text in metadata.requires("labutils") or [] if not re.search(r"\bextra\b", text)]
    except metadata.PackageNotFoundError:
        return []


def installed_version(name: str) -> str | None:
    """The version of an installed package, or None.

    >>> installed_version("no-such-package") is None
    True
    """
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
