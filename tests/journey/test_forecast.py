"""Forecasts from histories whose truth is known; nothing that happened later can reach them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.journey.forecast import Forecaster, fit
from tests.journey.order_book import AS_OF, FAR_DAYS, NEAR_DAYS, SPREAD, asked, book

Z90 = 1.2816


@pytest.fixture(scope="module")
def forecaster() -> Forecaster:
    return fit(book(), AS_OF)


@pytest.mark.parametrize(("destination", "days"), [("A", NEAR_DAYS), ("B", FAR_DAYS)])
def test_quantiles_at_purchase_are_those_of_the_lane(forecaster: Forecaster, destination: str, days: float) -> None:
    (found,) = forecaster.predict(asked(destination)).to_dicts()
    assert found["stage"] == "purchase"
    truth = {"p10": days * np.exp(-Z90 * SPREAD), "p50": days, "p90": days * np.exp(Z90 * SPREAD)}
    assert {name: found[name] for name in truth} == pytest.approx(truth, rel=0.08)
    assert found["mean_days"] == pytest.approx(days * np.exp(SPREAD**2 / 2), rel=0.06)


def test_days_that_passed_before_the_handover_are_counted(forecaster: Forecaster) -> None:
    (soon,), (late,) = (forecaster.predict(asked("B", days)).to_dicts() for days in (3.0, 6.0))
    assert soon["stage"] == "handover"
    assert soon["p50"] == pytest.approx(FAR_DAYS, rel=0.1)
    assert 3.0 < soon["p10"] < soon["p50"] < soon["p90"]
    assert late["p10"] > 6.0


def test_scrambling_all_that_happened_later_changes_no_forecast(forecaster: Forecaster) -> None:
    histories = book()
    generator = np.random.default_rng(9)
    naive = AS_OF.replace(tzinfo=None)
    for name in ("approved_at", "handed_over_at", "delivered_at"):
        later = pl.col(name) >= naive
        moved = pl.lit(naive) + pl.Series(generator.uniform(0, 300, histories.height)) * pl.duration(days=1)
        gone = pl.Series(generator.random(histories.height) < 0.3)
        histories = histories.with_columns(
            pl.when(later & ~gone).then(moved).when(later).then(None).otherwise(pl.col(name)).alias(name)
        )
    assert not histories.equals(book())
    other = fit(pl.concat([histories, book(seed=5).with_columns(pl.col("placed_at") + timedelta(300))]), AS_OF)
    for order in (asked("A"), asked("B"), asked("B", 2.0)):
        assert other.predict(order).equals(forecaster.predict(order))


def test_orders_under_way_are_censored_and_not_taken_for_quick() -> None:
    slow = fit(book(slower=1.5), AS_OF)
    (found,) = slow.predict(asked("B")).to_dicts()
    assert found["p50"] == pytest.approx(1.5 * FAR_DAYS, rel=0.12)


def test_an_order_given_up_does_not_make_the_others_late() -> None:
    fair = book()
    never = fair.with_columns(
        *(
            pl.when(pl.int_range(pl.len()) % 20 > 0).then(pl.col(name)).alias(name)
            for name in ("handed_over_at", "delivered_at")
        )
    )
    found = [
        fit(histories, AS_OF, stages=("purchase",)).predict(asked("B"))["p90"].item() for histories in (fair, never)
    ]
    assert found[1] == pytest.approx(found[0], rel=0.05)


def test_a_place_never_seen_is_forecast_from_all(forecaster: Forecaster) -> None:
    (found,) = forecaster.predict(asked("Z")).to_dicts()
    assert NEAR_DAYS < found["p50"] < FAR_DAYS


@pytest.mark.parametrize("orders", [0, 1])
def test_histories_of_no_order_or_one_still_give_a_forecast_by_the_exact_model(orders: int) -> None:
    found = fit(book().head(orders), AS_OF)
    assert {stage.card.model for stage in found.stages.values()} == {"exact"}
    assert np.isfinite(found.predict(asked("B"))["p50"].item())


def test_bare_histories_need_an_identifier_and_an_instant() -> None:
    bare = book(400).select("order_id", "placed_at", "delivered_at")
    assert fit(bare, AS_OF, stages=("purchase",)).predict(asked("B"))["p90"].item() > NEAR_DAYS
    with pytest.raises(MisuseError, match="order_id is not there"):
        fit(bare.drop("order_id"), AS_OF)


def test_a_stage_that_was_not_learned_is_refused() -> None:
    found = fit(book(400), AS_OF, stages=("purchase",))
    with pytest.raises(MisuseError, match="handover"):
        found.predict(asked("B", 2.0))


def test_the_learned_residual_is_used_only_where_it_foretold_the_held_out_weeks_better(forecaster: Forecaster) -> None:
    for stage in forecaster.stages.values():
        assert (stage.residual is not None) == (stage.card.learned > stage.card.exact)
