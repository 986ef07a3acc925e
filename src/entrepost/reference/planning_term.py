"""Rates and shares that a plan needs, by day: capital, write-off, returns, China's export regimes. All are assumed.

Regime 9610 is direct mail declared by list, 9810 goods sent to an overseas warehouse before they are sold (numbers
of the General Administration of Customs of China).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from entrepost.base.errors import MisuseError
from entrepost.reference.table import read_dated


@dataclass(frozen=True, slots=True)
class PlanningTerms:
    """The terms of a day; amounts in US cents, shares from 0 to 1. The file says what each means."""

    capital_rate_year: float
    write_off_rate_year: float
    salvage_share: float
    purchase_share: float
    returns_share: float
    return_kept_direct: float
    return_kept_stock: float
    return_handling: float
    export_rebate: float
    rebate_claimed_9610: float
    rebate_claimed_9810: float
    declaration_9610: float
    declaration_9810: float
    bulk_clearance: float
    truck_kg: float
    review_days: float
    fuel_share: float
    stock_margin: float


def planning_terms(day: date, own: Mapping[str, float] | None = None) -> PlanningTerms:
    """The terms that hold on a day, those of `own` in place of the table's.

    Raises
    ------
    MisuseError
        When `own` names a term that there is not.
    """
    names = [each.name for each in fields(PlanningTerms)]
    own = own or {}
    if unknown := sorted(set(own) - set(names)):
        raise MisuseError(f"there is no term {unknown[0]!r}; there are {', '.join(names)}")
    table = read_dated("planning_terms", "term")
    return PlanningTerms(**{name: own.get(name, float(table.at(name, day)["value"])) for name in names})
