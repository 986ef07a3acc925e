"""Of dispatches, bags and departures that hold the same silent items the right one is named."""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepost.journey.silence import weigh_silence
from entrepost.operations.exceptions_together import Together, list_together
from entrepost.tables.frames import empty
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, last_departure, lost_departure, usual

NETWORK = uncertain_offices()
FIRST, SECOND = "CNSHAADEFRAAAUN60041", "CNSHAADEFRAAAUN60042"


def together(events: pl.DataFrame, containment: pl.DataFrame | None = None, least: int = 3) -> list[Together]:
    silence = weigh_silence(NETWORK, events, NOW)
    held = empty("containment") if containment is None else containment
    everyone = np.ones(silence.chance.size, dtype=np.bool_)
    return list_together(silence, everyone, held, least, 0.1)


def bags(items: dict[str, list[str]], dispatches: dict[str, list[str]]) -> pl.DataFrame:
    """Items in bags, bags in dispatches, from ever on."""
    rows = [(item, bag) for bag, inside in items.items() for item in inside]
    rows += [(bag, dispatch) for dispatch, inside in dispatches.items() for bag in inside]
    return pl.DataFrame({"subject": [row[0] for row in rows], "container": [row[1] for row in rows]})


def packed(lost: list[str]) -> pl.DataFrame:
    """Of those that left together the lost ones are in the two bags of one dispatch, the others in another."""
    left = last_departure_items()
    rest = sorted(set(left) - set(lost))
    half = len(lost) // 2
    inside = {FIRST + "001": lost[:half], FIRST + "002": lost[half:], SECOND + "001": rest}
    return bags(inside, {FIRST: [FIRST + "001", FIRST + "002"], SECOND: [SECOND + "001"]})


def last_departure_items() -> list[str]:
    from datetime import timedelta

    return last_departure(NOW - timedelta(days=5))["item_id"].to_list()


def test_a_lost_dispatch_is_told_and_not_the_departure_nor_its_bags() -> None:
    events, lost = lost_departure(0.4)
    (found,) = together(events, packed(lost))
    assert (found.container, found.whole, found.items.size) == (FIRST, len(lost), len(lost))
    assert found.chance < 1e-3


def test_a_lost_bag_is_told_and_not_its_dispatch() -> None:
    events, lost = lost_departure(0.2)
    left = last_departure_items()
    rest = sorted(set(left) - set(lost))
    held = bags({FIRST + "001": lost, FIRST + "002": rest}, {FIRST: [FIRST + "001", FIRST + "002"]})
    (found,) = together(events, held)
    assert (found.container, found.whole) == (FIRST + "001", len(lost))


def test_without_containment_it_is_the_departure() -> None:
    events, lost = lost_departure(0.4)
    (found,) = together(events)
    assert found.container == ""
    assert (found.items.size, found.whole) == (len(lost), len(last_departure_items()))


def test_a_whole_departure_is_told_by_the_greatest_that_holds_it() -> None:
    events, lost = lost_departure()
    half = len(lost) // 2
    held = bags(
        {FIRST + "001": lost[:half], SECOND + "001": lost[half:]},
        {FIRST: [FIRST + "001"], SECOND: [SECOND + "001"]},
    )
    (found,) = together(events, held)
    assert (found.container, found.items.size) == ("", len(lost))


def test_what_left_its_bag_before_is_not_of_it() -> None:
    events, lost = lost_departure(0.4)
    long_ago = packed(lost).with_columns(until=pl.lit("2026-01-06T00:00:00+00:00"))
    (found,) = together(events, long_ago)
    assert found.container == ""


def test_fewer_than_asked_for_are_not_together() -> None:
    events, lost = lost_departure(0.05)
    assert len(lost) < 6
    assert together(events, least=6) == []


def test_nothing_silent_is_nothing_together() -> None:
    assert together(usual()) == []
    assert together(usual().head(0)) == []


def test_the_order_of_containment_does_not_matter() -> None:
    events, lost = lost_departure(0.4)
    one, other = together(events, packed(lost)), together(events, packed(lost).reverse())
    assert [(each.container, each.chance) for each in one] == [(each.container, each.chance) for each in other]
    assert one[0].items.tolist() == other[0].items.tolist()
