"""Who is stopped is learned from declarations and events: lamps are in one case of two, shirts hardly ever."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.clearance import facts_of, learn_from_events
from entrepost.tables.content_lines import read_lines

DAY = date(2026, 6, 1)
ITEMS = 600
BEGIN = datetime(2026, 3, 2)  # noqa: DTZ001
CODES = {"940521": "lamp", "610910": "shirt"}


def declared(items: int = ITEMS) -> pl.DataFrame:
    codes = list(CODES)
    return pl.DataFrame(
        {
            "item_id": [f"i{number}" for number in range(items)],
            "destination": ["DE"] * items,
            "origin": ["CN"] * items,
            "hs_code": [codes[number % 2] for number in range(items)],
            "description": [CODES[codes[number % 2]] for number in range(items)],
            "quantity": ["1"] * items,
            "unit_value": ["20.00"] * items,
            "currency": ["EUR"] * items,
            "net_weight_g": ["300"] * items,
        }
    )


def happened(items: int = ITEMS) -> pl.DataFrame:
    """Half of the lamps and one shirt in thirty are held for a day, then all are released."""
    rows = []
    for number in range(items):
        at = BEGIN + timedelta(hours=number)
        rows.append((f"i{number}", "EMD", at))
        if number % 4 == 0 or number % 60 == 1:
            rows.append((f"i{number}", "EME", at + timedelta(hours=1)))
        rows.append((f"i{number}", "EDC", at + timedelta(hours=25)))
    frame = pl.DataFrame(rows, schema=["item_id", "code", "time"], orient="row")
    return frame.with_columns(pl.col("time").dt.replace_time_zone("UTC"))


def test_the_estimate_tells_lamps_from_shirts_in_items_that_it_did_not_see() -> None:
    facts = facts_of(read_lines(declared()).frame, "EUR", DAY)
    learned = learn_from_events(facts, happened(), "EUR")
    assert (learned.items, learned.stopped) == (ITEMS, 160)
    lamp, shirt = learned.model.probability(facts.head(2))
    assert lamp == pytest.approx(0.5, abs=0.12)
    assert shirt < 0.1
    assert learned.truth.items == ITEMS // 5
    assert learned.truth.brier < 0.8 * learned.truth.brier_base


def test_an_item_counts_by_what_is_worth_most_in_it() -> None:
    one = declared(1)
    both = pl.concat([one, one.with_columns(hs_code=pl.lit("910211"), unit_value=pl.lit("90.00"))])
    [row] = facts_of(read_lines(both).frame, "EUR", DAY).iter_rows(named=True)
    assert (row["hs_code"], row["value"], row["net_weight_g"]) == ("910211", 110.0, 600)


def test_a_value_without_a_rate_is_told_and_tells_nothing() -> None:
    facts = facts_of(read_lines(declared()).frame.with_columns(currency=pl.lit("XXX")), "EUR", DAY)
    learned = learn_from_events(facts, happened(), "EUR")
    [finding] = learned.findings
    assert f"{ITEMS} items" in finding.message


def test_too_few_items_are_refused() -> None:
    with pytest.raises(MisuseError, match="too few to learn from"):
        learn_from_events(facts_of(read_lines(declared(40)).frame, "EUR", DAY), happened(40), "EUR")
