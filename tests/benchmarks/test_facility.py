"""The facility benchmark reads each published format, proves small instances, and agrees with its peers."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.facility_files import list_files, read_instance, stem
from tests.tidy.source import ROOT

CAP = "2 3\n5 10\n4 1\n2\n1 3\n3\n2 2\n1\n5 1\n"
SIMPLE = "FILE: B9\n2 3 0\n1 3 1 4 9\n2 3 6 2 1\n"
MEDIAN = "4 4 1\n1 2 3\n2 3 9\n2 3 1\n3 4 2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cap9.txt").write_text(CAP)
    (tmp_path / "B9.opt").write_text("1 2 2 10")
    (tmp_path / "pmedopt.txt").write_text("pmed9 6")
    (tmp_path / "deeper").mkdir()
    for name, text in (("B9.gz", SIMPLE), ("pmed9.txt.gz", MEDIAN), ("MO9.gz", CAP)):
        with gzip.open(tmp_path / "deeper" / name, "wt") as file:
            file.write(text)
    return tmp_path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.facility", "--json", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_instances_are_listed_without_their_solutions(folder: Path) -> None:
    assert {stem(path) for path in list_files(folder)} == {"cap9", "B9", "pmed9", "MO9"}


def test_of_two_lengths_of_an_edge_the_last_counts(folder: Path) -> None:
    cost = read_instance(folder / "deeper/pmed9.txt.gz").problem.facts.cost
    assert cost[0].tolist() == [0, 3, 4, 6]


def test_volumes_count_in_capacitated_files_only(folder: Path) -> None:
    assert read_instance(folder / "cap9.txt").problem.facts.capacity.tolist() == [5, 4]
    assert read_instance(folder / "deeper/MO9.gz").problem.capacity is None


def test_json_has_every_instance_with_value_bound_and_sites_from_0(folder: Path) -> None:
    answer = run("--folder", folder)
    assert answer.returncode == 0, answer.stderr
    found = {row.pop("instance"): row for row in json.loads(answer.stdout)["instances"]}
    assert all(list(row) == ["value", "bound", "open", "seconds"] for row in found.values())
    assert (found["B9"]["value"], found["B9"]["open"]) == (10, [0, 1])
    assert found["pmed9"]["value"] == 7
    assert found["pmed9"]["bound"] > 6
    assert found["cap9"]["value"] == pytest.approx(11 + 1 + 2 + 1)
    assert found["MO9"]["value"] == pytest.approx(7)


def test_peers_agree(folder: Path) -> None:
    pytest.importorskip("pyscipopt")
    answer = run("--folder", folder, "--peers", "--only", "cap", "pmed")
    assert answer.returncode == 0, answer.stderr
    assert all(set(row["peers"]) == {"HiGHS", "SCIP"} for row in json.loads(answer.stdout)["instances"])


def test_an_absent_folder_is_said(tmp_path: Path) -> None:
    answer = run("--folder", tmp_path / "none")
    assert answer.returncode == 2
    assert "is not there" in answer.stderr
