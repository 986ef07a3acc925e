"""Rates of VAT by country and day that a user added; they go before those that come along."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from entrepost.base.findings import Finding
from entrepost.base.money import to_minor
from entrepost.reference.official_file import added_paths, keep_rows, malformed, read_added, read_rows

KIND = "vat"
COLUMNS = ("place", "valid_from", "valid_to", "rate")
GIVEN = ("start_date", "stop_date", "territory_codes", "rate", "rate_type")
OTHER_NAMES = {"EL": "GR", "UK": "GB"}
"""Codes that the European Union writes for two countries."""


def add_vat(path: str | Path) -> tuple[int, list[Finding]]:
    """Add the standard rates of a file in the form of kdeldycke/vat-rates.

    Its rates are shares of one (0.19), a rate holds until the day before `stop_date`, and several places may share
    a row. Places within a country that are neither states nor provinces (post codes) are left out.
    """
    kept: dict[tuple[str, str], tuple[str, str]] = {}
    findings: list[Finding] = []
    for number, cells in read_rows(path, GIVEN):
        if cells["rate_type"] != "standard":
            continue
        try:
            first, last, rate = date.fromisoformat(cells["start_date"]), _last(cells["stop_date"]), _rate(cells["rate"])
        except ValueError as error:
            fix = "write days like 2026-03-31 and the rate like 0.19"
            findings.append(malformed(error, "start_date, stop_date, rate", Path(path).name, number, fix))
            continue
        for place in cells["territory_codes"].split("\n"):
            if re.fullmatch("[A-Z]{2}", place.strip()):
                kept[OTHER_NAMES.get(place.strip(), place.strip()), first.isoformat()] = (last, str(rate))
    rows = ((place, first, last, rate) for (place, first), (last, rate) in sorted(kept.items()))
    return keep_rows(KIND, COLUMNS, rows), findings


def find_added_vat(place: str, day: date) -> int | None:
    """The rate in hundred-thousandths that a user added for a place on a day, or None."""
    for first, last, rate in _read(added_paths(KIND)).get(place, ()):
        if first <= day.isoformat() and (not last or day.isoformat() <= last):
            return rate
    return None


def _last(text: str) -> str:
    return (date.fromisoformat(text) - timedelta(days=1)).isoformat() if text else ""


def _rate(text: str) -> int:
    if not re.fullmatch(r"[01](\.[0-9]{1,8})?", text):
        raise ValueError(f"{text!r} is not a share of one")
    return to_minor(text, 5)


@lru_cache(maxsize=4)
def _read(paths: tuple[Path, ...]) -> dict[str, list[tuple[str, str, int]]]:
    held: dict[str, list[tuple[str, str, int]]] = {}
    for path in reversed(paths):
        for cells in read_added(path):
            held.setdefault(cells["place"], []).append((cells["valid_from"], cells["valid_to"], int(cells["rate"])))
    return held
