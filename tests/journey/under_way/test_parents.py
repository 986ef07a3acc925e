"""Where an item's own distribution says nothing, those of its like speak, and after them its own lateness."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.arrive import LOST_SHARE, P10, P50, P90, PROMISE
from entrepost.journey.under_way.frame import NETWORK, OVERDUE, SERVICE
from entrepost.journey.under_way.parents import fall_back
from tests.journey.under_way.test_course import tables_of
from tests.worlds import two_offices

HOUR = 30


def fallen(service: str | None, code: str, age: int, promised: int = -1) -> tuple[np.ndarray, int]:
    tables = tables_of(two_offices())
    last = tables.timeline.first_hour + HOUR - age
    items = pl.DataFrame(
        {"service": [service], "last_code": [CODES.index(code)], "last_hour": [last], "placed_hour": [None]},
        schema_overrides={"service": pl.String},
    )
    found, basis = fall_back(tables, items, np.array([promised], dtype=np.int32), HOUR)
    return found[0], int(basis[0])


def test_the_service_speaks_before_the_network() -> None:
    assert [fallen(service, "EMD", 1)[1] for service in ("PACKET", "PIGEON", None)] == [SERVICE, NETWORK, NETWORK]


def test_what_is_further_on_comes_sooner() -> None:
    landed, accepted = (fallen("PACKET", code, 1)[0][P50] for code in ("EMD", "EMA"))
    assert HOUR < landed < accepted


def test_one_later_than_all_takes_as_long_again_as_it_took() -> None:
    found, basis = fallen("PACKET", "EMD", 1000, promised=HOUR + 100)
    assert basis == OVERDUE
    assert HOUR < found[P10] < found[P50] < found[P90]
    assert found[P50] - HOUR == pytest.approx(1000 * (2**0.5 - 1), rel=0.1)
    assert found[LOST_SHARE] > 0.4
    assert 0 < found[PROMISE] < 0.2
