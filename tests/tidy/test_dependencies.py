"""Every library that is imported is declared, and every declared one is needed."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.tidy.source import ROOT, imports_of, list_modules

WITHOUT_IMPORT = {"tzdata", "httptools"}
"""Needed although nothing of ours imports them: the zones that zoneinfo reads, and how uvicorn reads requests."""


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


@pytest.fixture(scope="module")
def project() -> dict[str, list[str]]:
    """The names of the declared libraries, by extra; those that everybody gets under an empty name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": settings["dependencies"], **settings["optional-dependencies"]}
    return {extra: [plain(each) for each in requirements] for extra, requirements in groups.items()}


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The names of the libraries that the package imports."""
    homes = packages_distributions()
    names = {name for path in list_modules("src") for name in imports_of(path)}
    foreign = names - set(sys.stdlib_module_names) - {"entrepost"}
    return {plain(home) for name in foreign for home in homes.get(name, [name])[:1]}


def test_every_imported_library_is_declared(project: dict[str, list[str]], imported: set[str]) -> None:
    declared = {name for extra, names in project.items() if extra != "dev" for name in names}
    assert imported - declared == set()


def test_every_declared_library_is_needed(project: dict[str, list[str]], imported: set[str]) -> None:
    assert set(project[""]) - imported == WITHOUT_IMPORT


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_every_declared_library_with_its_hashes(lock: str, project: dict[str, list[str]]) -> None:
    wanted = {*project[""], *(project["dev"] if "dev" in lock else [])}
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert wanted - set(re.findall(r"^([\w.-]+)==[^\n]*\\\n +--hash=sha256:", text, re.MULTILINE)) == set()


def test_the_locks_agree_so_that_the_demo_runs_what_was_tested() -> None:
    run, dev = (pins_of(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert run <= dev


def pins_of(lock: Path) -> set[str]:
    return set(re.findall(r"^[\w.-]+==\S+", lock.read_text(encoding="utf-8"), re.MULTILINE))
