"""Both sides of every benchmark give equal answers on a tiny size; how fast they are is no test."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks import NAMES
from tests.tidy.source import ROOT

PEER_MISSING = 2


@pytest.mark.parametrize("name", NAMES)
def test_both_sides_of_a_benchmark_agree_and_its_json_has_the_keys(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--tiny", "--json"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode == PEER_MISSING:
        pytest.skip(answer.stderr.strip().splitlines()[-1])
    assert answer.returncode == 0, answer.stderr
    assert any(line.startswith("equal: ") for line in answer.stderr.splitlines()), "it must say how equal"
    found = json.loads(answer.stdout)
    assert list(found) == ["ours", "peer", "ratio", "unit"]
    assert found["ours"] > 0
    assert found["ratio"] == pytest.approx(found["ours"] / found["peer"], rel=1e-4)


@pytest.mark.campaign
def test_a_server_under_load_answers_as_frames_do_and_records_every_event() -> None:
    command = [sys.executable, "-m", "benchmarks.api_load", "--tiny"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert any(line.startswith("equal: ") for line in answer.stderr.splitlines()), "it must say how equal"
    found = json.loads(answer.stdout)
    assert found["median of runs"]["errors"] == 0
    assert found["events a second"] > 0


def test_every_module_that_compares_is_among_the_names() -> None:
    modules = (ROOT / "benchmarks").glob("*.py")
    assert {path.stem for path in modules if "\ndef compare(" in path.read_text(encoding="utf-8")} == set(NAMES)
