"""A corrected forecast keeps what it does not know, and says whose its ranges are."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from entrepost.journey.eta import eta
from entrepost.journey.under_way.residual import (
    FEATURES,
    LEARNED,
    LEVELS,
    NODE,
    EtaResidual,
    Forest,
    ResidualCard,
    correct,
    describe,
)
from tests.journey.under_way_scenes import at, history
from tests.worlds import two_offices

NOW = at(27)


def stump(low: float, high: float, threshold: float = 0.0) -> Forest:
    """One tree of one question, about how long it has been silent."""
    silent = FEATURES.index("silent_hours")
    nodes = [(silent, threshold, 1, 2, 0.0), (-1, 0.0, 0, 0, low), (-1, 0.0, 0, 0, high)]
    return Forest(0.0, np.array([0, 3]), np.array(nodes, dtype=NODE))


def residual(shift: float, until_hours: int = 48) -> EtaResidual:
    """One that makes everything so much later (a logarithm), with the same tree for each level."""
    card = ResidualCard(NOW, 10, (NOW,), (2.0,), (1.0,))
    forests = {name: stump(shift, shift) for name in LEVELS}
    pace = {"service": {"PACKET": 0.1}, "country": {"DE": -0.2}}
    return EtaResidual(two_offices().content_hash, NOW + timedelta(hours=until_hours), pace, forests, card)


def exact() -> pl.DataFrame:
    return eta(two_offices(), history(("EMA", 24), ("EMB", 26)), NOW)


def test_a_range_is_moved_by_what_was_learned_and_nothing_else_changes() -> None:
    before = exact().row(0, named=True)
    after = correct(exact(), residual(np.log(2.0)), NOW).row(0, named=True)
    hours = (before["arrive_p50"] - NOW) / timedelta(hours=1)
    assert (after["arrive_p50"] - NOW) / timedelta(hours=1) == 2 * hours + 1, "hours and one, twice as many"
    assert after["arrive_p10"] <= after["arrive_p50"] <= after["arrive_p90"]
    assert after["basis"] == LEARNED
    kept = ("item_id", "step", "facility", "loss_probability", "silence_probability", "promise_probability", "since")
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}


def test_an_item_of_which_the_network_says_nothing_is_left_to_its_fallback() -> None:
    strange = eta(two_offices(), history(("EMA", 24), route="CNSHAA>NOWHERE"), NOW)
    assert correct(strange, residual(1.0), NOW).equals(strange)


def test_the_trees_see_how_the_week_went_and_where_the_item_is() -> None:
    (row,) = describe(exact(), residual(0.0).pace, NOW)
    seen = dict(zip(FEATURES, row.tolist(), strict=True))
    assert (seen["pace_service"], seen["pace_country"]) == (0.1, -0.2)
    assert (seen["service"], seen["country"], seen["silent_hours"]) == (0.0, 0.0, 1.0)
    (unknown,) = describe(exact(), {"service": {}, "country": {}}, NOW)
    assert dict(zip(FEATURES, unknown.tolist(), strict=True))["service"] == -1.0


def test_it_is_too_old_after_its_day_and_of_no_use_to_another_network() -> None:
    young = residual(0.0)
    assert young.find_staleness(two_offices().content_hash, NOW) is None
    late = young.find_staleness(two_offices().content_hash, NOW + timedelta(hours=49))
    assert late is not None
    assert "it held until" in late.message
    other = young.find_staleness("another", NOW)
    assert other is not None
    assert "another network" in other.message


def test_the_card_says_which_was_better_and_demands_every_week() -> None:
    mixed = ResidualCard(NOW, 10, (NOW, NOW), (2.0, 1.0), (1.0, 1.1))
    assert not mixed.is_used
    assert str(mixed).endswith("loss 1.500 days exact, 1.050 learned: exact alone")
    assert "too few" in str(ResidualCard(NOW, 3))
