"""The benchmark of screening on a few pairs and variants: figures, scores in their order, changes that change."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from benchmarks.name_variants import CHANGES
from benchmarks.ordinary_names import draw_names
from benchmarks.screening import measure, to_pairs, write_scores
from entrepost.customs.names.score import score_names

ROWS = [
    {"case_group": group, "schema": "Person", "name1": one, "name2": other, "is_match": same, "category": "order"}
    for group in ("a", "b", "c")
    for one, other, same in (
        (f"Maksim Orlovsky {group}", f"Orlovsky Maksim {group}", "True"),
        (f"Maksim Orlovsky {group}", f"Maxim Orlovski {group}", "True"),
        (f"Maksim Orlovsky {group}", f"Anton Dubinin {group}", "False"),
        (f"Wei Wang {group}", f"Fang Li {group}", "False"),
        (f"Behrouz Lavasani {group}", f"Behruz Lavasani {group}", "True"),
        (f"Ana Fernandez {group}", f"Luis Castro {group}", "False"),
    )
]


def test_both_sides_are_measured_on_pairs_that_they_have_not_seen() -> None:
    found = measure(to_pairs(ROWS))
    assert found["pairs"] == len(ROWS)
    assert found["other_groups"]["ours"]["pairs"] == len(ROWS)
    assert found["as_shipped"]["f1"] == pytest.approx(1)
    assert set(found["other_folds"]) == {"ours", "baseline", "scorers"}


def test_scores_are_written_beside_the_rows_in_their_order(tmp_path: Path) -> None:
    write_scores(tmp_path / "out.csv", ROWS)
    with (tmp_path / "out.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["name2"] for row in written] == [row["name2"] for row in ROWS]
    assert float(written[0]["score"]) == pytest.approx(score_names(ROWS[0]["name1"], ROWS[0]["name2"]), abs=1e-3)


@pytest.mark.parametrize("kind", CHANGES)
def test_every_kind_of_change_changes_a_name(kind: str) -> None:
    assert CHANGES[kind]("ORLOVSKY, Maksim Petrovich", random.Random(1)) != "ORLOVSKY, Maksim Petrovich"


def test_ordinary_names_are_drawn_alike_by_one_seed() -> None:
    assert draw_names(20, 1) == draw_names(20, 1) != draw_names(20, 2)
