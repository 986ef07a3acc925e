"""A few orders of this hour are quoted at once, as frames quote them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from entrepost.operations.asked_orders import read_asked_orders
from entrepost.operations.quoting import FEW, Asked, Quoting
from entrepost.service.choice import choose
from entrepost.service.policy import Balanced, Fastest, named_policy
from entrepost.service.quote import quote
from tests.operations.shop import lamp
from tests.worlds import one_warehouse

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
PLACED = "2026-01-05T10:20:00+08:00"
NETWORK = one_warehouse()


@pytest.fixture(scope="module")
def quoting() -> Quoting:
    made = Quoting(lambda: NETWORK)
    made.prepare(NOW)
    return made


def test_orders_of_this_hour_are_answered_as_by_frames(quoting: Quoting) -> None:
    rows = [
        _asked(order_id="a", sku="HAT"),
        _asked(order_id="b", sku="HAT", weight_g="9000"),
        _asked(order_id="c", country="US"),
    ]
    lines = read_asked_orders(rows, "main", ("CNSHAA",)).lines
    for name in ("balanced", "keep-date", "least-charge", "least-cost", "fastest"):
        assert (
            quoting.find(rows, "main", Asked(named_policy(name), False))
            == choose(NETWORK, lines, named_policy(name)).to_dicts()
        )
    assert quoting.find(rows, "main", Asked(Balanced(), True)) == quote(NETWORK, lines).to_dicts()


def test_what_is_odd_of_another_hour_or_heavy_is_left_to_frames(quoting: Quoting) -> None:
    for row in (_asked(weight_g="x"), _asked(placed_at="2026-01-06T10:00:00+08:00"), _asked(weight_g="40000")):
        assert quoting.find([row], "main", Asked(Balanced(), False)) is None
    assert (
        quoting.find([_asked(order_id=str(each)) for each in range(FEW + 1)], "main", Asked(Balanced(), False)) is None
    )
    assert Quoting(lambda: NETWORK).find([_asked()], "main", Asked(Balanced(), False)) is None


def test_orders_that_may_have_to_share_stock_are_left_to_frames(quoting: Quoting) -> None:
    both = [_asked(order_id="a", quantity="2"), _asked(order_id="b", quantity="2")]
    assert quoting.find(both, "main", Asked(Fastest(), False)) is None
    told = quoting.find(both[:1], "main", Asked(Fastest(), False))
    assert told is not None
    assert told[0]["service"] == "LOCAL"


def test_an_hour_that_is_over_is_forgotten_and_the_next_is_made_ready(quoting: Quoting) -> None:
    later = Quoting(lambda: NETWORK)
    later.prepare(NOW)
    later.prepare(NOW, 1)
    assert later.find([_asked(placed_at="2026-01-05T11:20:00+08:00")], "main", Asked(Balanced(), False)) is not None
    later.prepare(NOW, 9)
    assert later.find([_asked()], "main", Asked(Balanced(), False)) is None


def _asked(**cells: Any) -> dict[str, Any]:
    return lamp(**{"placed_at": PLACED, **cells})
