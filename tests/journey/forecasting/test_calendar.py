"""Days off that an order meets."""

from __future__ import annotations

from datetime import date

import numpy as np

from entrepost.journey.forecasting.calendar import EPOCH, describe_days, list_days_off


def day(text: str) -> float:
    return float((date.fromisoformat(text) - EPOCH).days)


def test_carnival_is_a_day_off_although_it_moves() -> None:
    off = list_days_off("BR", 2018, 2019)
    assert {day("2018-02-13"), day("2019-03-05")} <= set(off)


def test_a_thursday_noon_before_christmas() -> None:
    weekday, hour, coming, within = describe_days(np.array([day("2025-12-18") + 0.5]), "BR")
    assert (weekday.item(), hour.item(), coming.item()) == (3, 12, 6)
    assert within.item() >= 2


def test_a_country_whose_days_are_not_known_has_none() -> None:
    *_, coming, within = describe_days(np.array([day("2025-12-18")]), "XX")
    assert (coming.item(), within.item()) == (20, 0)
    assert np.isnan(describe_days(np.array([day("2025-12-18")]), None)[2]).all()
