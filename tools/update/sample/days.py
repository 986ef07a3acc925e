"""Holidays, suspensions and regimes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import holidays

from entrepost.network.calendar import Exceptional, Suspension
from entrepost.network.regime import Regime
from tools.update.sample.places import list_countries

YEARS = (2026, 2027)
ORIGIN_ACTIVITIES = ("prepare", "accept", "outward", "clearance")
DESTINATION_ACTIVITIES = ("clearance", "delivery")
NAME_LENGTH = 40


def build_calendar(data: Path) -> tuple[Exceptional, ...]:
    """Public holidays on which customs and delivery rest, in China also sellers and outward offices."""
    rows = [row for activity in ORIGIN_ACTIVITIES for row in _rows("CN", activity)]
    for country in list_countries(data):
        rows += [row for activity in DESTINATION_ACTIVITIES for row in _rows(country, activity)]
    return tuple(rows)


def build_suspensions() -> tuple[Suspension, ...]:
    """Two invented examples of what a post announces."""
    return (
        Suspension("SEA", "BR", date(2026, 6, 15), date(2026, 6, 28), "Strike in the port (example)", "assumed"),
        Suspension("EMS", "KE", date(2026, 6, 1), date(2026, 6, 14), "EMS office moves (example)", "assumed"),
    )


def build_regimes() -> tuple[Regime, ...]:
    """Three kinds of weeks; the log of the factors for work deviates by 0.25 and their mean is near 1."""
    return (
        Regime("calm", 700_000, 0.85, 0.98, 0.85, 0.9, "assumed"),
        Regime("busy", 220_000, 1.25, 1.03, 1.3, 1.2, "assumed"),
        Regime("disrupted", 80_000, 1.8, 1.15, 2.0, 1.6, "assumed"),
    )


def _rows(country: str, activity: str) -> list[Exceptional]:
    return [
        Exceptional("closed", country, "", "", activity, first, last, 1.0, name, "holidays")
        for first, last, name in _runs(country)
    ]


def _runs(country: str) -> list[tuple[date, date, str]]:
    """Holidays, with neighbouring days joined under the first day's name."""
    runs: list[tuple[date, date, str]] = []
    for day, name in sorted(holidays.country_holidays(country, years=YEARS, language="en_US").items()):
        if runs and day - runs[-1][1] <= timedelta(days=1):
            runs[-1] = (runs[-1][0], day, runs[-1][2])
        else:
            runs.append((day, day, name.partition(";")[0].strip()[:NAME_LENGTH].strip()))
    return runs
