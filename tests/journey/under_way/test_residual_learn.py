"""What the exact forecast leaves over is learned where it is wrong, and left alone where it is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from entrepost.journey.eta import eta
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.residual import LEARNED, LEVELS, EtaResidual, correct
from entrepost.journey.under_way.residual_learn import WEEKS, learn_residual, to_forest
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import uncertain_offices
from tests.journey.under_way_scenes import arrivals, simulate_items
from tests.worlds import MONDAY

ITEMS, HOURS_APART = 3000, 0.75
AS_OF = MONDAY + timedelta(weeks=WEEKS + 2)
LATER = AS_OF + timedelta(days=7)


def slowed(network: Network, factor: float) -> Network:
    """The same with all work and clearance lasting so many times as long."""

    def slow(rows: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(
            replace(row, **{name: factor * getattr(row, name) for name in ("hours_min", "hours_p50", "hours_p90")})
            for row in rows
        )

    return replace(network, processing=slow(network.processing), clearance=slow(network.clearance))


@cache
def learned(factor: float) -> tuple[pl.DataFrame, EtaResidual]:
    """Everything that happens in a world slower than the network says, and what is learned of it."""
    events = simulate_items(slowed(uncertain_offices(), factor), ITEMS, AS_ASSUMED, HOURS_APART)
    return events, learn_residual(uncertain_offices(), events, AS_OF, Scanning())


def loss(frame: pl.DataFrame, events: pl.DataFrame) -> float:
    """The pinball loss of the three levels together, in days, of items that arrive."""
    both = frame.join(arrivals(events), on="item_id")
    total = 0.0
    for name, level in LEVELS.items():
        late = both.select((pl.col("arrived_at") - pl.col(name)).dt.total_seconds() / 86_400).to_series().to_numpy()
        total += float(np.mean(np.maximum(level * late, (level - 1) * late)))
    return total


def test_where_work_takes_twice_as_long_as_believed_it_is_learned_and_foretells_later_weeks_better() -> None:
    events, residual = learned(2.0)
    assert residual.card.is_used, residual.card
    assert "learned" in str(residual.card)
    exact = eta(uncertain_offices(), events, LATER, Scanning())
    corrected = correct(exact, residual, LATER)
    assert set(corrected.get_column("basis")) <= {LEARNED, "service", "network", "overdue"}
    assert loss(corrected, events) < 0.9 * loss(exact, events)
    ordered = corrected.select(
        (pl.col("arrive_p10") <= pl.col("arrive_p50")) & (pl.col("arrive_p50") <= pl.col("arrive_p90"))
    )
    assert ordered.to_series().all()


def test_where_the_network_is_right_the_exact_forecast_stands_alone() -> None:
    events, residual = learned(1.0)
    assert not residual.card.is_used, residual.card
    assert residual.forests == {}
    assert str(residual.card).endswith("exact alone")
    exact = eta(uncertain_offices(), events, LATER, Scanning())
    assert correct(exact, residual, LATER) is exact


def test_what_happened_after_the_day_of_learning_is_not_looked_at() -> None:
    events, residual = learned(2.0)
    late = pl.col("recorded_at") > AS_OF
    scrambled = events.with_columns(code=pl.when(late).then(pl.lit("EMI")).otherwise("code"))
    again = learn_residual(uncertain_offices(), scrambled, AS_OF, Scanning())
    assert again.card == residual.card
    assert again.pace == residual.pace


def test_with_few_histories_nothing_is_learned() -> None:
    events, _ = learned(1.0)
    residual = learn_residual(uncertain_offices(), events.head(50), AS_OF, Scanning())
    assert residual.forests == {}
    assert "too few" in str(residual.card)


def test_trees_as_tables_say_what_the_model_says() -> None:
    dice = np.random.default_rng(1)
    rows = dice.normal(size=(500, 12))
    model = HistGradientBoostingRegressor(loss="quantile", quantile=0.9, max_iter=20, random_state=0)
    model.fit(rows, rows[:, 0] * rows[:, 1] + dice.normal(size=500))
    assert to_forest(model).predict(rows) == pytest.approx(model.predict(rows))
