"""The estimate of clearance tells what comes true, of items that it did not learn from."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.clearance import read_declarations
from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.customs.estimate import learn_clearance, read_clearance, write_clearance
from entrepost.customs.estimating.measure import measure

TRUE_ODDS = {"85": 1.5, "61": -1.0, "69": 0.0}


def many_items(count: int, seed: int) -> pl.DataFrame:
    """Lamps are stopped often and shirts seldom; sellers whose data are bad, more often than others."""
    dice = np.random.default_rng(seed)
    chapters = dice.choice(list(TRUE_ODDS), count)
    score = dice.integers(40, 100, count)
    odds = -2.0 + np.array([TRUE_ODDS[chapter] for chapter in chapters]) + (70 - score) / 30
    return pl.DataFrame(
        {
            "hs_code": [f"{chapter}1310" for chapter in chapters],
            "origin": "CN",
            "value": dice.lognormal(3, 1, count),
            "seller_score": score,
            "day": [date(2026, 1, 1) + timedelta(days=int(at)) for at in np.arange(count) * 200 // count],
            "probability": 1 / (1 + np.exp(-odds)),
            "stopped": dice.random(count) < 1 / (1 + np.exp(-odds)),
        }
    )


MODEL = learn_clearance(many_items(4_000, 1), "EUR")
FRESH = many_items(4_000, 2)


def test_items_are_told_apart_as_they_differ() -> None:
    told = MODEL.probability(FRESH)
    assert float((told - FRESH["probability"]).abs().mean()) < 0.03
    truth = measure(told, FRESH["stopped"], 0.2)
    assert truth.brier < truth.brier_base - 0.01
    assert truth.log_loss < truth.log_loss_base - 0.03
    assert truth.error < 0.03


def test_of_whom_nothing_is_known_the_estimate_is_the_average() -> None:
    unknown = pl.DataFrame({"hs_code": ["", "990000"], "origin": [None, "ZZ"]}, schema_overrides={"origin": pl.String})
    assert MODEL.log_odds(unknown).to_list() == [0, 0]


@pytest.mark.parametrize("share", [0.01, 0.06, 0.3, 0.8])
def test_on_a_lane_the_items_together_are_stopped_as_often_as_the_lane_says(share: float) -> None:
    told = MODEL.on_lane(MODEL.log_odds(FRESH), share)
    assert float(told.mean()) == pytest.approx(share, rel=0.05)
    lamps, shirts = (told.filter(FRESH["hs_code"].str.starts_with(chapter)).mean() for chapter in ("85", "61"))
    assert lamps > share > shirts


def test_a_lane_that_stops_all_or_nothing_stops_every_item_or_none() -> None:
    assert MODEL.on_lane(MODEL.log_odds(FRESH[:2]), 0.0).to_list() == [0, 0]
    assert MODEL.on_lane(MODEL.log_odds(FRESH[:2]), 1.0).to_list() == [1, 1]


def test_a_model_is_a_file_that_a_person_can_read(tmp_path: Path) -> None:
    write_clearance(MODEL, tmp_path / "clearance.csv")
    again = read_clearance(tmp_path / "clearance.csv")
    assert again.probability(FRESH).to_list() == MODEL.probability(FRESH).to_list()
    assert "chapter,85," in (tmp_path / "clearance.csv").read_text()


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "factor,level,points,items\nweather,rain,1.0,2\n"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clearance.csv"
    path.write_text(text)
    with pytest.raises(UnreadableInputError, match="is not a clearance model"):
        read_clearance(path)


def test_too_few_items_or_none_stopped_teach_nothing() -> None:
    with pytest.raises(MisuseError, match="too few"):
        learn_clearance(FRESH[:50], "EUR")
    with pytest.raises(MisuseError, match="too few"):
        learn_clearance(FRESH.with_columns(stopped=pl.lit(False)), "EUR")
    with pytest.raises(MisuseError, match="needs one of the columns"):
        MODEL.log_odds(FRESH.select("day"))


def test_declarations_of_the_next_quarter_are_told_as_they_come_true(shared: Path) -> None:
    """Synthetic declarations of Korean imports; found in fault stands in for stopped."""
    folder = shared / "data" / "customs_kr"
    train, valid = (read_declarations(folder / f"{part}.csv.gz") for part in ("train", "valid"))
    truth = measure(learn_clearance(train, "KRW").probability(valid), valid["stopped"], float(train["stopped"].mean()))
    assert truth.brier < 0.140 < truth.brier_base
    assert truth.log_loss < 0.44 < truth.log_loss_base
    assert truth.error < 0.02
