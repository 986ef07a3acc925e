"""How many ends go unscanned is told by items seen at the last office and never again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from entrepost.planning.corrections_unseen import unseen_share, with_unseen
from entrepost.tables.items import ORDER

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def scans(items: int, delivered: int, days_ago: float, code: str = "EDG") -> pl.DataFrame:
    """Items that were out for delivery so many days ago; the first ones were scanned as delivered too."""
    names = {name: pl.lit("x", pl.String) for name in ORDER}
    out = pl.DataFrame({"item_id": [f"{code}{days_ago}-{each}" for each in range(items)]}).with_columns(
        **names, code=pl.lit(code), time=pl.lit(NOW - timedelta(days=days_ago))
    )
    return pl.concat([out, out.head(delivered).with_columns(code=pl.lit("EMI"))])


def test_of_ten_that_were_out_for_delivery_seven_were_scanned() -> None:
    assert unseen_share(scans(1000, 700, 40), NOW) == pytest.approx(0.3)


def test_who_is_out_since_yesterday_tells_nothing_nor_who_never_came_so_far() -> None:
    events = pl.concat([scans(1000, 700, 40), scans(1000, 0, 1), scans(1000, 0, 40, "EMC")])
    assert unseen_share(events, NOW) == pytest.approx(0.3)


def test_too_few_tell_nothing() -> None:
    assert unseen_share(scans(50, 0, 40), NOW) == 0.0


def test_an_order_of_two_items_misses_the_end_of_one_more_often() -> None:
    orders = pl.DataFrame({"items": [1, 2]})
    found = with_unseen(orders, scans(1000, 700, 40), NOW).get_column("unseen")
    assert found.to_list() == pytest.approx([0.3, 0.51])
