"""Why a service was chosen for one order: the sentence of `explanation`, put together from its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from entrepost.service.at_counter.money import Money
from entrepost.service.at_counter.ranking import Offer, Plain
from entrepost.service.explanation import (
    ALONE,
    KEEPS,
    compare_days,
    compare_money,
    in_days,
    in_percent,
)
from entrepost.service.policy import CHARGE, COST, KEPT, MISSED, QUICK, WORTH

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Tells of offers: the names of services, and money."""

    names: Mapping[str, str]
    money: Money

    def explain(self, best: Offer, other: Offer | None, policy: Plain, ground: int, wanted_by: datetime | None) -> str:
        """The sentence of the best offer, beside the next best."""
        return f"{self._head(best, ground, wanted_by)}{self._tail(best, other, policy, ground)}."

    def explain_miss(self, offer: Offer) -> str:
        """The sentence of an order for which nothing can be used, the nearest being this."""
        name = self.names.get(offer["service"], offer["service"])
        return f"No service can be used; the nearest is {name}: {offer['reason']}"

    def _head(self, best: Offer, ground: int, wanted_by: datetime | None) -> str:
        here = ZoneInfo(best["time_zone"])
        name, charge = self.names[best["service"]], self.money.write(best["charge_minor"])
        early, late = (_local_day(best[each], here) for each in ("arrive_from_p10", "arrive_by_p90"))
        likely = best["arrive_by_p90_probability"]
        if ground in (KEPT, MISSED):
            kept = in_percent(best["wanted_probability"])
            head = f"{name}: {charge}, by the wanted {_local_day(wanted_by, here)} with {kept} %"
            at_risk = ground == MISSED and late is not None and likely is not None
            return f"{head} and by {late} with {in_percent(likely)} %" if at_risk else head
        if late is None or likely is None:
            return f"{name}: {charge}, {in_days(best['wait_hours_mean'])} on average and possibly much longer"
        if early is None or early == late:
            return f"{name}: {charge}, by {late} with {in_percent(likely)} %"
        return f"{name}: {charge}, {early} to {late}, by then with {in_percent(likely)} %"

    def _tail(self, best: Offer, other: Offer | None, policy: Plain, ground: int) -> str:
        """What speaks for the choice, and how the next best one compares."""
        kept = f"{100 * getattr(policy, 'probability', 0):g} %"
        why = {
            WORTH: "",
            KEPT: f", the cheapest that keeps the date with {kept}",
            MISSED: f"; no service keeps the date with {kept}, this one comes nearest",
            CHARGE: ", the least charge",
            COST: ", what costs least to carry",
            QUICK: ", the shortest mean wait",
        }[ground]
        if other is None:
            return why + ("" if ground == MISSED else ALONE)
        difference = other["charge_minor"] - best["charge_minor"]
        dearer = f"; {self.names[other['service']]} is {compare_money(difference, self.money.write)}"
        if ground == CHARGE:
            return why + dearer
        if ground in (KEPT, MISSED):
            return f"{why}{dearer} {KEEPS[difference < 0]} {in_percent(other['wanted_probability'])} %"
        return (
            why + dearer + self._compare(difference, other["wait_hours_mean"] - best["wait_hours_mean"], policy, ground)
        )

    def _compare(self, difference: int, longer: float, policy: Plain, ground: int) -> str:
        """How long the next best takes, and what a day counted where one is traded for money."""
        trade = (difference > 0 and longer < 0) or (difference < 0 and longer > 0)
        compared = f" {'but' if trade else 'and'} {compare_days(float(np.round(longer, 1)))}"
        if ground not in (WORTH, COST) or not trade:
            return compared
        value = getattr(policy, "day_value_minor", None) or 0
        return f"{compared}, a day counted as {self.money.write(value)}"


def _local_day(instant: datetime | None, here: ZoneInfo) -> str | None:
    """An instant as a day of the place, such as 24 May."""
    if instant is None:
        return None
    local = instant.astimezone(here)
    return f"{local.day} {MONTHS[local.month - 1]}"
