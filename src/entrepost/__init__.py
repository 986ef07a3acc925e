"""Plans and runs cross-border e-commerce mail; names load their module when first used."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entrepost.base.findings import Finding
    from entrepost.customs.landed_cost import landed_cost
    from entrepost.journey.eta import eta
    from entrepost.journey.learn import learn
    from entrepost.journey.learning.drift import drift
    from entrepost.network.check import check_network
    from entrepost.network.load import load_network
    from entrepost.network.network import Network
    from entrepost.network.sample_network import sample_network
    from entrepost.operations.exceptions import list_exceptions
    from entrepost.planning.plan import plan
    from entrepost.planning.simulate import simulate
    from entrepost.service.choice import choose
    from entrepost.service.quote import quote
    from entrepost.tables.sample_orders import sample_orders

__version__ = "0.1.0"

os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:20000,muzzy_decay_ms:20000")
"""Polars reads this when it is loaded: what frames free is kept for 20 seconds, for the next batch (decision 0042)."""

__all__ = [
    "Finding",
    "Network",
    "check_network",
    "choose",
    "drift",
    "eta",
    "landed_cost",
    "learn",
    "list_exceptions",
    "load_network",
    "plan",
    "quote",
    "sample_network",
    "sample_orders",
    "simulate",
]

_HOMES = {
    "Finding": "entrepost.base.findings",
    "Network": "entrepost.network.network",
    "check_network": "entrepost.network.check",
    "choose": "entrepost.service.choice",
    "drift": "entrepost.journey.learning.drift",
    "eta": "entrepost.journey.eta",
    "landed_cost": "entrepost.customs.landed_cost",
    "learn": "entrepost.journey.learn",
    "list_exceptions": "entrepost.operations.exceptions",
    "load_network": "entrepost.network.load",
    "plan": "entrepost.planning.plan",
    "quote": "entrepost.service.quote",
    "sample_network": "entrepost.network.sample_network",
    "sample_orders": "entrepost.tables.sample_orders",
    "simulate": "entrepost.planning.simulate",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
