"""What is due on mail and on goods in bulk: as customs say, and where they do not know, as is assumed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from entrepost.planning.border import bulk_rates, mail_dues
from entrepost.reference.fx import known_rates
from entrepost.service.choice import choose
from entrepost.service.exchange import Exchange
from entrepost.service.landed import Landed
from entrepost.service.policy import FirstNamed
from entrepost.service.ratecard import day_number
from tests.planning.trial_scenes import today
from tests.worlds import four_orders

ASSUMED = (0.04, 0.19)
"""What is assumed of Germany: 4 % of duty above 160 dollars, 19 % of tax."""


def lamp(day: datetime, value: str = "30.00", country: str = "DE") -> pl.DataFrame:
    return (
        four_orders()
        .head(1)
        .with_columns(
            hs_code=pl.lit("940521"),
            placed_at=pl.lit(day).cast(pl.Datetime("us", "UTC")),
            unit_value=pl.lit(value),
            country=pl.lit(country),
        )
    )


def mailed(orders: pl.DataFrame) -> dict[str, float]:
    network = today()
    chosen = choose(network, orders, FirstNamed(("PACKET",)))
    return mail_dues(network, orders, chosen, Landed()).row(0, named=True)


def test_since_july_2026_a_parcel_to_the_union_pays_three_euros_and_before_it_none() -> None:
    before, after = mailed(lamp(datetime(2026, 6, 29, tzinfo=UTC))), mailed(lamp(datetime(2026, 7, 2, tzinfo=UTC)))
    three = Exchange("CNY", known_rates()).find_converted(300, "EUR", day_number(date(2026, 7, 2)))
    assert (before["duty_minor"], before["known"]) == (0, True)
    assert after["duty_minor"] == pytest.approx(three, abs=1)
    assert after["tax_minor"] == pytest.approx(before["tax_minor"] + 0.19 * after["duty_minor"], rel=0.02)


def test_beyond_the_limit_the_tariff_is_not_known_and_a_rate_is_assumed() -> None:
    due = mailed(lamp(datetime(2026, 7, 2, tzinfo=UTC), "2000.00"))
    assert not due["known"]
    assert (due["duty_minor"], due["tax_minor"]) == (
        pytest.approx(ASSUMED[0] * 200000),
        pytest.approx(0.19 * (200000 + 6100)),
    )


def test_goods_in_bulk_have_no_limit() -> None:
    [row] = bulk_rates(today(), lamp(datetime(2026, 7, 2, tzinfo=UTC)), Landed()).iter_rows(named=True)
    assert (row["duty_rate"], row["tax_rate"], row["known"]) == (*ASSUMED, False)


def test_what_nobody_carries_has_no_dues() -> None:
    orders = lamp(datetime(2026, 7, 2, tzinfo=UTC))
    nobody = choose(today(), orders, FirstNamed(("PACKET",))).with_columns(
        service=pl.lit(None, pl.String), charge_minor=pl.lit(None, pl.Int64)
    )
    due = mail_dues(today(), orders, nobody, Landed()).row(0, named=True)
    assert due == {"duty_minor": None, "tax_minor": None, "fees_minor": None, "known": False}
