"""What was measured on promises of the past corrects the next ones, the nearest row first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from entrepost.journey.cache import get_book
from entrepost.network.check import check_network
from entrepost.network.correction import Correction
from entrepost.network.feed import write_network
from entrepost.network.load import load_network
from entrepost.network.network import Network
from entrepost.service.choice import choose
from entrepost.service.corrected import correct, wanted_before
from entrepost.service.quote import quote
from tests.worlds import four_orders, two_offices

HOURS = ("wait_hours_p10", "wait_hours_p50", "wait_hours_p90", "wait_hours_p95")


def corrected(*rows: tuple[str, str, str, str, float]) -> Network:
    return replace(two_offices(), corrections=tuple(Correction(*row, 100, "assumed") for row in rows))


def hours(network: Network) -> list[tuple[float, ...]]:
    return quote(network, four_orders()).select("wait_hours_mean", *HOURS).rows()


def test_without_corrections_nothing_changes() -> None:
    assert hours(corrected(("*", "*", "US", "p90", 2.0))) == hours(two_offices())


def test_the_date_moves_and_its_stated_probability_stays() -> None:
    before, after = quote(two_offices(), four_orders()), quote(corrected(("*", "*", "*", "p90", 1.1)), four_orders())
    assert before.get_column("wait_hours_p90").to_list() == [82, 79, 174, 106]
    assert after.get_column("wait_hours_p90").to_list() == [91, 87, 192, 117]
    moved = (after.get_column("arrive_by_p90") - before.get_column("arrive_by_p90")).dt.total_hours()
    assert moved.to_list() == [9, 8, 18, 11]
    assert after.get_column("arrive_by_p90_probability").equals(before.get_column("arrive_by_p90_probability"))


def test_higher_quantiles_are_no_sooner_than_lower_ones() -> None:
    for _, least, half, most, nearly_all in hours(corrected(("*", "*", "*", "p50", 1.5))):
        assert least <= half <= most <= nearly_all


def test_the_lane_wins_over_the_service_and_that_over_all() -> None:
    rows = (("*", "*", "*", "mean", 3.0), ("EPACKET", "*", "*", "mean", 2.0), ("EPACKET", "CNSHAA", "DE", "mean", 0.5))
    service = two_offices().services[0].service
    named = [(service if row[0] == "EPACKET" else row[0], *row[1:]) for row in rows]
    usual = hours(two_offices())[0][0]
    for count, factor in ((1, 3.0), (2, 2.0), (3, 0.5)):
        assert hours(corrected(*named[:count]))[0][0] == usual * factor


def wanted(network: Network, hours: int) -> list[float]:
    """The probability that each of the four orders is there within so many hours."""
    asked = four_orders().with_columns(wanted_by=pl.col("placed_at") + pl.duration(hours=hours))
    return quote(network, asked).get_column("wanted_probability").to_list()


def test_the_probability_of_a_wanted_date_is_that_of_the_corrected_wait() -> None:
    """The four wait exactly 82, 79, 174 and 106 hours; corrected by 1.5 they wait 123, 119, 261 and 159."""
    every = corrected(*(("*", "*", "*", figure, 1.5) for figure in ("p10", "p50", "p90", "p95")))
    assert wanted(two_offices(), 110) == [1, 1, 0, 1]
    assert wanted(every, 110) == [0, 0, 0, 0]
    assert wanted(every, 118) == [0, 0, 0, 0]
    assert wanted(every, 119) == [0, 1, 0, 0]
    assert wanted(every, 262) == [1, 1, 1, 1]
    assert wanted(corrected(("*", "*", "US", "p90", 1.5)), 110) == [1, 1, 0, 1]


def test_between_quantiles_a_wanted_hour_is_moved_evenly_and_beyond_them_in_proportion() -> None:
    network = corrected(("*", "*", "*", "p50", 2.0), ("*", "*", "*", "p90", 1.5))
    row = {"start_hour": 1000, "wait_hours_mean": 1.0, "wait_hours_p10": 20, "wait_hours_p50": 40}
    rows = [
        {**row, "wait_hours_p90": 80, "wait_hours_p95": 80, "wanted_hour": 1000 + each} for each in (10, 50, 100, 240)
    ]
    lanes = pl.DataFrame({"service": ["S"] * 4, "origin": "A", "country": "B"})
    assert wanted_before(network, pl.DataFrame(rows), lanes).to_list() == [1010, 1030, 1060, 1160]


def test_choosing_sees_the_corrected_wait() -> None:
    slow = choose(corrected(("*", "*", "*", "p90", 2.0)), four_orders())
    assert slow.get_column("wait_hours_p90").to_list() == [164, 158, 348, 212]


def test_corrections_are_part_of_the_folder_and_not_of_the_ordinary_week(tmp_path: Path) -> None:
    network = corrected(("*", "*", "*", "p90", 1.1))
    write_network(network, tmp_path)
    assert load_network(tmp_path) == network
    assert get_book(network).routes == get_book(two_offices()).routes
    assert network.content_hash != two_offices().content_hash
    write_network(corrected(("NOBODY", "*", "XX", "p90", 1.1)), tmp_path)
    codes = {finding.code for finding in check_network(tmp_path)}
    assert {"network_reference_dangling", "network_country_unknown"} <= codes


def test_a_promise_beyond_the_horizon_stays_none() -> None:
    hours = dict(zip(HOURS, ([2], [5], [None], [None]), strict=True))
    offers = pl.DataFrame({"wait_hours_mean": [1.0], **hours})
    lanes = pl.DataFrame({"service": ["S"], "origin": ["A"], "country": ["B"]})
    found = correct(
        corrected(("*", "*", "*", "p50", 2.0)),
        offers.cast({"wait_hours_p90": pl.Int64, "wait_hours_p95": pl.Int64}),
        lanes,
    )
    assert found.row(0) == (1.0, 2, 10, None, None)
