"""What a benchmark writes down, from two sides whose seconds are given."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.comparison import Comparison, Goal, Say, Side, load_peer, require_equal, time_runs
from benchmarks.report import COLUMNS, describe, main, to_dict, write_csv


def snail_race(tiny: bool = True, say: Say = print) -> Comparison:
    """Ours: 10 leaves in 2 s (the median of 1, 2 and 9); the peer 10 in 8 s: four times as fast."""
    say("equal: the same leaves")
    ours, peer = Side("hare", "run", 10, (9.0, 1.0, 2.0)), Side("snail", "creep", 10, (8.0,))
    goals = (Goal("ratio", 4, 5, 50), Goal("longest run, s", 9, 9, at_most=True))
    return Comparison("leaves", "leaves", 7, ours, peer, goals, {"left over": 3})


def test_the_median_run_counts() -> None:
    assert to_dict(snail_race()) == {"ours": 5.0, "peer": 1.25, "ratio": 4.0, "unit": "leaves/s"}


def test_a_goal_is_missed_below_what_it_must_be_and_a_limit_above_it() -> None:
    assert [goal.is_kept for goal in snail_race().goals] == [False, True]
    assert not Goal("longest run, s", 9.1, 9, at_most=True).is_kept
    assert Goal("ratio", 5, 5).is_kept


def test_a_missed_goal_is_said_to_be_missed() -> None:
    lines = [line for line in describe(snail_race()) if "must" in line]
    assert ["MISSED" in line for line in lines] == [True, False]


def test_results_are_rows_of_measures_with_where_they_come_from(tmp_path: Path) -> None:
    write_csv(snail_race(), tmp_path / "new" / "leaves.csv")
    with (tmp_path / "new" / "leaves.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    by_measure = {row["measure"]: row for row in rows}
    assert by_measure["hare"]["value"] == "5"
    assert (by_measure["ratio"]["must"], by_measure["ratio"]["extreme"], by_measure["ratio"]["kept"]) == (
        "5",
        "50",
        "no",
    )
    assert float(by_measure["peak memory"]["value"]) > 1
    assert {row["seed"] for row in rows} == {"7"}
    assert all(row["commit"] and row["machine"] and row["date"] for row in rows)


def test_a_missing_peer_ends_with_a_word_about_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    def compare(tiny: bool, say: Say) -> Comparison:
        load_peer("a_peer_of_nobody")
        return snail_race(tiny, say)

    assert main(compare, ["--json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "a_peer_of_nobody is not installed" in told.err


def test_unequal_answers_stop_a_benchmark() -> None:
    with pytest.raises(AssertionError, match="the answers differ: the front of node 3"):
        require_equal(False, "the front of node 3")


def test_warming_up_is_not_timed() -> None:
    calls: list[int] = []
    assert len(time_runs(lambda: calls.append(1), runs=3, warm_ups=2)) == 3
    assert len(calls) == 5
