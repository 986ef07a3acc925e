from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from entrepost.base.clock import day_hour
from entrepost.journey.promise import find_routes, list_routes, promise
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from tests.journey.test_distribution import random_world
from tests.worlds import one_warehouse, two_offices

MONDAY = day_hour(date(2026, 1, 5))


def ask(
    network: Network, *starts: int, items: int = 1, wanted: int | None = None, service: str = "PACKET"
) -> pl.DataFrame:
    origin = "DEFRAW" if service == "LOCAL" else "CNSHAA"
    requests = pl.DataFrame(
        {
            "origin": [origin] * len(starts),
            "service": [service] * len(starts),
            "area": ["DE"] * len(starts),
            "start_hour": list(starts),
            "items": [items] * len(starts),
            "wanted_hour": [wanted] * len(starts),
        },
        schema={
            "origin": pl.String,
            "service": pl.String,
            "area": pl.String,
            "start_hour": pl.Int64,
            "items": pl.Int64,
            "wanted_hour": pl.Int64,
        },
    )
    return promise(network, requests)


def test_the_promise_of_two_offices_is_the_wait_counted_by_hand() -> None:
    answer = ask(two_offices(), MONDAY, MONDAY + 4, MONDAY + 168 * 30)
    assert answer["wait_hours_p90"].to_list() == [82, 174, 82]
    assert answer["route"].to_list() == ["CNSHAA>DEFRAA"] * 3
    assert answer["cost_item_minor"].to_list() == [1000] * 3
    assert answer["cost_kg_minor"].to_list() == [2500] * 3


def test_a_wanted_hour_is_kept_or_not() -> None:
    assert ask(two_offices(), MONDAY, wanted=MONDAY + 82)["wanted_probability"].to_list() == [1]
    assert ask(two_offices(), MONDAY, wanted=MONDAY + 81)["wanted_probability"].to_list() == [0]
    assert ask(two_offices(), MONDAY, wanted=MONDAY - 5)["wanted_probability"].to_list() == [0]
    assert ask(two_offices(), MONDAY)["wanted_probability"].to_list() == [None]


def test_where_no_route_leads_nothing_is_promised() -> None:
    requests = pl.DataFrame(
        {
            "origin": ["XX"],
            "service": ["PACKET"],
            "area": ["DE"],
            "start_hour": [MONDAY],
            "items": [1],
            "wanted_hour": [None],
        },
        schema_overrides={"wanted_hour": pl.Int64},
    )
    answer = promise(two_offices(), requests)
    assert answer.row(0) == (None,) * answer.width


def test_no_requests_give_an_empty_answer() -> None:
    assert ask(two_offices()).is_empty()


def test_a_holiday_at_the_destination_moves_the_promise_of_those_it_meets() -> None:
    holiday = Exceptional(
        "closed", "DE", "", "", "delivery", date(2026, 1, 8), date(2026, 1, 8), 1.0, "holiday", "assumed"
    )
    network = replace(two_offices(), calendar=(holiday,))
    answer = ask(network, MONDAY, MONDAY + 168)
    assert answer["wait_hours_p90"].to_list() == [82 + 24, 82], "Thursday is a holiday, Friday is not"


def test_a_cancelled_flight_moves_the_promise_to_the_next() -> None:
    gone = Exceptional("cancelled", "", "", "MU219-2", "*", date(2026, 1, 6), date(2026, 1, 6), 1.0, "storm", "assumed")
    network = replace(two_offices(), calendar=(gone,))
    assert ask(network, MONDAY, MONDAY + 168)["wait_hours_p50"].to_list() == [178, 82]


def test_the_change_to_summer_time_is_followed() -> None:
    base = two_offices()
    network = replace(base, regions=tuple(replace(row, time_zone="Europe/Berlin") for row in base.regions))
    july = day_hour(date(2026, 7, 6))
    winter, summer = ask(network, MONDAY)["wait_hours_p90"][0], ask(network, july)["wait_hours_p90"][0]
    assert (winter, summer) == (81, 80)


@pytest.mark.parametrize("seed", range(3))
def test_asking_closer_gives_what_the_table_says(seed: int) -> None:
    network = random_world(seed)
    starts = [MONDAY + hour for hour in range(0, 168, 13)]
    plain, closer = ask(network, *starts), ask(network, *starts, wanted=MONDAY + 500)
    for column in ("wait_hours_p50", "wait_hours_p90", "wait_hours_p95"):
        assert plain[column].to_list() == closer[column].to_list()
    assert np.allclose(plain["wait_hours_mean"], closer["wait_hours_mean"], rtol=1e-5)


def test_stock_is_promised_from_its_warehouse() -> None:
    answer = ask(one_warehouse(), MONDAY, service="LOCAL")
    assert answer["route"].to_list() == ["DEFRAW"]
    assert answer["wait_hours_p50"].to_list() == [10]


def test_routes_are_found_by_origin_service_and_area() -> None:
    asked = pl.DataFrame({"origin": ["CNSHAA", "XX"], "service": ["PACKET"] * 2, "area": ["DE"] * 2})
    assert find_routes(two_offices(), asked).to_list() == [0, None]
    assert list_routes(two_offices()).row(0) == (0, "CNSHAA", "PACKET", "DE", "CNSHAA>DEFRAA", 1000, 2500)
    assert list_routes(two_offices()).height == 1


def test_dates_asked_together_or_alone_are_promised_alike() -> None:
    """The calendar is laid out by fours of weeks; where a request stands in them changes nothing."""
    days = [
        Exceptional("closed", "DE", "", "", "*", date(2026, month, 2), date(2026, month, 5), 1.0, "", "")
        for month in (1, 2, 3)
    ]
    network = replace(two_offices(), calendar=tuple(days))
    starts = [MONDAY + 97 * step for step in range(-20, 20)]
    together = ask(network, *starts)
    assert together.equals(pl.concat([ask(network, start) for start in starts]))
    assert together["wait_hours_p50"].n_unique() > 5
