"""Where it is known of an item how likely customs stops it, that goes before what the lane says."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from entrepost.base.clock import day_hour
from entrepost.base.errors import MisuseError
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.promise import promise
from entrepost.journey.stopped import split_by_stop, stopped_share
from entrepost.network.network import Network
from tests.worlds import two_offices

MONDAY = day_hour(date(2026, 1, 5))


def office_that_stops(share_per_million: int) -> Network:
    """Two offices; import customs takes 6 hours, or of the share that it inspects 126 hours, five days more.

    Facts: an order of Mon 00 is attempted Thu 10 (82 hours) or, inspected, the Tuesday after (202 hours): it is at
    the delivery office Mon 22 instead of Wed 22.
    """
    base = two_offices()
    export, green = base.clearance
    green = replace(green, share_per_million=1_000_000 - share_per_million)
    inspected = replace(
        green,
        channel="inspection",
        held=True,
        share_per_million=share_per_million,
        hours_min=126,
        hours_p50=126,
        hours_p90=126,
    )
    return replace(base, clearance=(export, green, inspected))


def ask(network: Network, stopped: list[float | None], items: int = 1, wanted: int | None = None) -> pl.DataFrame:
    requests = pl.DataFrame(
        {
            "origin": "CNSHAA",
            "service": "PACKET",
            "area": "DE",
            "start_hour": MONDAY,
            "items": items,
            "wanted_hour": pl.Series([wanted] * len(stopped), dtype=pl.Int64),
            "stopped_probability": pl.Series(stopped, dtype=pl.Float64),
        }
    )
    return promise(network, requests)


def test_an_item_that_is_likely_to_be_inspected_is_promised_later() -> None:
    answer = ask(office_that_stops(100_000), [0.0, 0.04, 0.2, 1.0, None])
    assert answer["wait_hours_p90"].to_list() == [82, 82, 202, 202, 82]
    assert answer["wait_hours_mean"].to_list() == pytest.approx([82, 86.8, 106, 202, 94])


def test_the_share_of_the_lane_makes_the_promise_of_the_lane() -> None:
    network = office_that_stops(300_000)
    own, lane = ask(network, [0.3, None], wanted=MONDAY + 100).rows()
    assert own[0] == lane[0]
    assert own[1:] == pytest.approx(lane[1:], rel=1e-6)


def test_the_date_is_kept_as_probably_as_the_item_passes() -> None:
    answer = ask(office_that_stops(100_000), [0.0, 0.25, 1.0], wanted=MONDAY + 100)
    assert answer["wanted_probability"].to_list() == pytest.approx([1, 0.75, 0])


def test_an_order_of_two_items_waits_for_the_one_that_is_stopped() -> None:
    answer = ask(office_that_stops(100_000), [0.2], items=2, wanted=MONDAY + 100)
    assert answer["wanted_probability"].to_list() == pytest.approx([0.64])


def test_a_refused_item_never_arrives() -> None:
    base = office_that_stops(100_000)
    network = replace(base, clearance=(*base.clearance[:2], replace(base.clearance[2], held=False, refused=True)))
    answer = ask(network, [0.05, 0.2])
    assert answer["wait_hours_p90"].to_list() == [82, None]
    assert answer["wait_hours_mean"].to_list() == pytest.approx([82 + 0.05 * (1440 - 82), 82 + 0.2 * (1440 - 82)])


def test_where_customs_stops_nothing_nobody_knows_how_long_it_would_take() -> None:
    assert ask(two_offices(), [0.9])["wait_hours_p90"].to_list() == [82]


def test_a_probability_beyond_one_is_refused() -> None:
    with pytest.raises(MisuseError, match="between 0 and 1"):
        ask(office_that_stops(100_000), [1.5])


def test_promises_stay_calibrated_where_items_differ_and_the_world_does() -> None:
    """Two kinds of items, stopped in 4 and 40 of 100; the world stops 5 and 36, and the promise knows 4 and 40.

    By the lane's share (22 %) the P80 of both kinds would be broken: one kind keeps it always, the other in 64 %.
    """
    network, dice = office_that_stops(220_000), random.Random(1)
    world = {0.04: 0.05, 0.4: 0.36}
    answer = ask(network, [*world, None], wanted=MONDAY + 82)
    told = answer["wanted_probability"].to_list()
    waits = {kind: [202 if dice.random() < truth else 82 for _ in range(2_000)] for kind, truth in world.items()}
    for kind, probability in zip(world, told, strict=False):
        kept = float(np.mean([wait <= 82 for wait in waits[kind]]))
        assert abs(kept - probability) < 0.07
        assert abs(kept - probability) < abs(kept - told[-1]) / 2


def test_only_import_customs_are_split_and_by_their_shares() -> None:
    network = office_that_stops(250_000)
    steps = build_itinerary(network, "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    split = split_by_stop(steps)
    assert split is not None
    assert [[len(getattr(step, "channels", ())) for step in way] for way in split] == [[0, 0, 0, 1, 0, 0, 1, 0]] * 2
    assert stopped_share(network.channels_by_key["DEFRAA", "import", "postal"]) == 0.25
