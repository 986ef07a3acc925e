"""Which of one order's offers is the best: the keys and grounds of `policy`, for one offer at a time."""

from __future__ import annotations

from typing import Any

from entrepost.service.policy import (
    CHARGE,
    COST,
    KEPT,
    MISSED,
    QUICK,
    ROUNDING,
    WORTH,
    Balanced,
    Fastest,
    KeepDate,
    LeastCharge,
    LeastCost,
)

Offer = dict[str, Any]
"""An offer: the columns of quotes."""

Plain = Balanced | KeepDate | LeastCharge | LeastCost | Fastest
"""Policies that look at nothing but the offers of one order."""


def rank(offers: list[Offer], policy: Plain) -> list[Offer]:
    """The offers, the best first; of equals the one that the network names first."""
    return sorted(offers, key=lambda offer: key(offer, policy))


def key(offer: Offer, policy: Plain) -> tuple[float, ...]:
    """What `Policy.keys` says of an offer."""
    charge, wait = offer["charge_minor"], offer["wait_hours_mean"]
    if isinstance(policy, LeastCharge):
        return charge, wait
    if isinstance(policy, LeastCost):
        return offer["cost_minor"] + policy.day_value_minor * wait / 24, charge, wait
    if isinstance(policy, Fastest):
        return wait, charge
    wanted = offer["wanted_probability"]
    if wanted is None:
        day_value = policy.day_value_minor or 0 if isinstance(policy, Balanced) else 0
        return False, charge + day_value * wait / 24, charge, wait
    if wanted >= policy.probability - ROUNDING:
        return False, charge, charge, wait
    return True, -wanted, charge, wait


def ground(offer: Offer, policy: Plain) -> int:
    """What `Policy.ground` says of an offer."""
    if isinstance(policy, LeastCharge):
        return CHARGE
    if isinstance(policy, LeastCost):
        return COST
    if isinstance(policy, Fastest):
        return QUICK
    if offer["wanted_probability"] is None:
        return WORTH if isinstance(policy, Balanced) else CHARGE
    return KEPT if offer["wanted_probability"] >= policy.probability - ROUNDING else MISSED
