"""Every column of a forecast has its kind, and every row a basis."""

from __future__ import annotations

import polars as pl

from entrepost.journey.eta import eta
from entrepost.journey.under_way.frame import BASES, HOURS, SCHEMA, SHARES
from tests.journey.under_way_scenes import at, history
from tests.worlds import two_offices


def test_a_forecast_has_these_columns() -> None:
    found = eta(two_offices(), history(("EMC", 36)), at(37))
    assert found.schema == pl.Schema(SCHEMA)
    assert found.row(0, named=True)["last_code"] == "EMC"
    assert set(HOURS) | set(SHARES) < set(SCHEMA)


def test_the_step_of_one_that_falls_back_is_not_known() -> None:
    found = eta(two_offices(), history(("EMC", 36), route="CNSHAA>MARS"), at(37)).row(0, named=True)
    assert found["basis"] in BASES[2:]
    assert (found["step"], found["step_probability"], found["since"]) == (None, None, None)
