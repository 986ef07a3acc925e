"""What is tracked speaks of the project alone: no machine's paths, no registry's address."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.tidy.source import ROOT

MACHINE_PATH = re.compile(r"(?<![\w.~}/-])/(?:work|root|farm|opt|tmp|home/\w+|Users/\w+)/\w")
REGISTRY = re.compile(r"--(?:extra-)?index-url|--find-links|file:/{2}|pythonhosted\.org|pypi\.org/simple")


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file under version control that is text."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a clone: there is no list of tracked files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8192]]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_path_of_a_machine_is_tracked(tracked: list[Path]) -> None:
    assert lines_with(MACHINE_PATH, tracked) == []


def test_no_address_of_a_registry_is_tracked(tracked: list[Path]) -> None:
    here = Path(__file__)
    assert lines_with(REGISTRY, [path for path in tracked if path != here]) == []
