"""What becomes of the goods: capital, write-off, duty, tax, rebate and returns, by direct mail or from stock.

The seller bears these parts whoever carries the item. China's regimes are 9610 for direct mail and 9810 for goods
that are sent to a warehouse before they are sold; the rates are dated and assumed. Within one country there is none
of it: neither duty nor import tax, nor rebate, nor papers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.border import no_rate
from entrepost.reference.fx import known_rates
from entrepost.reference.planning_term import PlanningTerms
from entrepost.service.exchange import Exchange
from entrepost.service.ratecard import day_number

YEAR_DAYS = 365.0
TERMS_CURRENCY = "USD"
AMOUNTS = ("return_handling", "declaration_9610", "declaration_9810", "bulk_clearance", "truck_kg")
AT_THE_BORDER = ("declaration_9610", "declaration_9810", "bulk_clearance", "export_rebate")
"""Terms of what happens there."""
ORIGIN_WORK = ("prepare", "accept")
"""A facility with either is where sellers hand in."""


def terms_in(terms: PlanningTerms, network: Network, day: date) -> PlanningTerms:
    """The terms with their amounts, which are in US cents, in minor units of the network's currency."""
    rate = Exchange(network.currency, known_rates()).find_rate(TERMS_CURRENCY, day_number(day))
    if rate is None:
        raise MisuseError(no_rate(TERMS_CURRENCY, network.currency, day))
    told = replace(terms, **{name: getattr(terms, name) * float(rate) for name in AMOUNTS})
    return replace(told, **dict.fromkeys(AT_THE_BORDER, 0.0)) if crosses_no_border(network) else told


def crosses_no_border(network: Network) -> bool:
    """Whether all that is sold stays in the country where it is handed in."""
    origins = {row.facility for row in network.processing if row.activity in ORIGIN_WORK}
    countries = {network.get_facility(code).country for code in origins}
    return len(countries | {row.country for row in network.regions}) == 1


def goods_direct(terms: PlanningTerms) -> dict[str, pl.Expr]:
    """The goods' part of an item by direct mail beside its dues (`border.mail_dues`), of the column unit_value_minor.

    Buyers pay when they order, so no capital is bound under way.
    """
    value = pl.col("unit_value_minor")
    lost = value * terms.purchase_share * (1 - terms.return_kept_direct)
    return {
        "capital_minor": pl.lit(0.0),
        "write_off_minor": pl.lit(0.0),
        "rebate_minor": -value * terms.purchase_share * terms.export_rebate * terms.rebate_claimed_9610,
        "returns_minor": terms.returns_share * (lost + terms.return_handling),
    }


def goods_stock(terms: PlanningTerms) -> dict[str, pl.Expr]:
    """The goods' part of an item from stock with its dues; of columns lead_days, shelf_days and `border.RATES` too.

    Duty is due on what the goods were bought for, tax on what they are sold for and on their delivery (price_minor).
    """
    value = pl.col("unit_value_minor")
    bought = value * terms.purchase_share
    lost = bought * (1 - terms.return_kept_stock)
    bound = (pl.col("lead_days") + pl.col("shelf_days")) / YEAR_DAYS
    return {
        "capital_minor": bought * terms.capital_rate_year * bound,
        "write_off_minor": bought * write_off_day(terms) * pl.col("shelf_days"),
        "duty_minor": bought * pl.col("duty_rate"),
        "tax_minor": (value + pl.col("price_minor")) * pl.col("tax_rate"),
        "fees_minor": pl.lit(0.0),
        "rebate_minor": -bought * terms.export_rebate * terms.rebate_claimed_9810,
        "returns_minor": terms.returns_share * (lost + terms.return_handling),
    }


def write_off_day(terms: PlanningTerms) -> float:
    """The share of their purchase value that goods lose in a day on the shelf, salvage taken off."""
    return terms.write_off_rate_year * (1 - terms.salvage_share) / YEAR_DAYS


def hold_day(terms: PlanningTerms) -> float:
    """The share of their purchase value that goods cost in a day on the shelf: capital and write-off."""
    return terms.capital_rate_year / YEAR_DAYS + write_off_day(terms)
