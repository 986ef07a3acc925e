"""How test workers share the work: a module's tests stay together, for they share a world that takes seconds to make.

Tests that last long are begun first, each where there is room, so that no worker is left with them at the end.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

FIRST = (
    "tests/durability/",
    "tests/three_operators/",
    "tests/exchange/test_nats.py",
    "tests/api/test_rounds_together.py",
    "tests/planning/test_kept",
    "tests/cli/test_examples.py",
    "tests/hostile/",
    "tests/web/test_tower_browser.py",
    "tests/web/test_browser",
    "tests/benchmarks/",
    "tests/operations/exchanging/",
    "tests/exchange/",
    "tests/cli/",
    "tests/planning/",
)
"""Where tests last longest, the longest first."""

ALONE = (
    "tests/durability/",
    "tests/api/test_rounds_together.py",
    "tests/planning/test_kept",
    "tests/cli/test_examples.py",
    "tests/benchmarks/test_benchmarks.py",
)
"""Whose tests share nothing that would take long to make."""

BROKERS = ("tests/three_operators/test_campaign.py", "tests/exchange/test_nats.py")
"""Two clusters of brokers at once would want more than the machine has."""


class BySharedWorld(LoadScopeScheduling):  # type: ignore[misc]
    """The scheduler of test workers."""

    def __init__(self, config: Any, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::", 1)[0]
        if module in BROKERS:
            return "brokers"
        return nodeid if module.startswith(ALONE) else module


def sort_longest_first(items: list[Any]) -> None:
    """Put the tests that last long before all others."""
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    return next((number for number, prefix in enumerate(FIRST) if nodeid.startswith(prefix)), len(FIRST))
