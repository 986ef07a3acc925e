"""The sample network is whole: every name in it leads somewhere, and it is as wide as it claims."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from entrepost.network.check import check_network
from entrepost.network.feed import TABLES, write_network
from entrepost.network.network import Network
from entrepost.network.sample_network import SAMPLE_FOLDER, sample_network

DATA = Path(__file__).parents[2].parent / "shared/data"
FROZEN = "17a397d035accb0ab9a9651e2e5e8670dbad66e56d1182d65cb58ee3fef859ab"
FOLDER_BYTES_MOST = 3_000_000


@pytest.fixture(scope="module")
def network() -> Network:
    return sample_network()


def test_nothing_in_the_folder_is_wrong_or_useless() -> None:
    assert [str(finding) for finding in check_network(SAMPLE_FOLDER)] == []


def test_it_is_frozen(network: Network) -> None:
    assert network.content_hash == FROZEN, "a change to the sample network is a decision: docs/decisions/0011"


def test_it_is_read_once() -> None:
    assert sample_network() is sample_network()


def test_every_source_has_a_title_a_place_a_licence_and_a_date(network: Network) -> None:
    for key, source in network.sources.items():
        assert all(source.get(name) for name in ("title", "where", "licence", "date")), key


def test_every_row_names_a_source_and_every_source_is_named(network: Network) -> None:
    named = {row.source for table in TABLES for row in getattr(network, table) if hasattr(row, "source")}
    assert named - {"assumed"} == set(network.sources)


def test_mail_leaves_from_at_least_six_chinese_cities(network: Network) -> None:
    preparing = {row.facility for row in network.processing if row.activity == "prepare"}
    cities = {network.get_facility(code).city for code in preparing if network.get_facility(code).country == "CN"}
    assert len(cities) >= 6
    assert {seller.origin for seller in network.sellers} == preparing


def test_mail_arrives_in_at_least_forty_countries(network: Network) -> None:
    inward = {network.get_facility(row.facility).country for row in network.processing if row.activity == "inward"}
    assert len(inward) >= 40
    assert inward == {region.country for region in network.regions}


def test_at_least_a_thousand_regions_have_people_and_demand(network: Network) -> None:
    assert len(network.regions) >= 1000
    assert all(region.population > 0 and region.weight > 0 for region in network.regions)


def test_regions_of_one_area_keep_the_same_time(network: Network) -> None:
    zones = defaultdict(set)
    for region in network.regions:
        zones[region.area].add(region.time_zone)
    assert {area: kept for area, kept in zones.items() if len(kept) > 1} == {}


def test_there_are_eight_direct_services_and_one_from_stock(network: Network) -> None:
    kinds = [service.kind for service in network.services]
    assert (kinds.count("direct"), kinds.count("stock")) == (8, 1)


def test_each_direct_service_gets_from_every_origin_it_accepts_to_every_country_it_names(network: Network) -> None:
    origins = sorted({row.facility for row in network.processing if row.activity == "prepare"})
    lacking = []
    for service in network.services:
        if service.kind == "stock":
            continue
        accepted = origins if service.origins == "*" else service.origins.split("+")
        rated = {row.country for row in network.rates if row.service == service.service}
        for origin in accepted:
            reached = {network.get_facility(code).country for code in _reached(network, origin, service.modes)}
            lacking += [(service.service, origin, country) for country in sorted(rated - reached)]
    assert lacking == []


def test_flights_are_those_that_statistics_name(network: Network) -> None:
    air = [row for row in network.departures if row.mode == "air"]
    assert {row.source for row in air} == {"t100", "optd"}
    for row in air:
        countries = {network.get_facility(code).country for code in (row.from_facility, row.to_facility)}
        assert (row.source == "t100") == ("US" in countries), row.departure


def test_no_overseas_warehouse_is_open_and_nothing_lies_in_them(network: Network) -> None:
    assert len(network.warehouses) >= 5
    assert not any(warehouse.open for warehouse in network.warehouses)
    assert network.stock == ()


def test_small_packets_keep_to_the_limits_of_the_postal_union(network: Network) -> None:
    for code in ("PACKET", "REGISTERED"):
        service = network.service_by_code[code]
        assert (service.weight_max_g, service.length_max_mm, service.sum_max_mm) == (2000, 600, 900)


def test_sellers_need_the_days_that_their_source_states(network: Network) -> None:
    prepare = network.find_processing("CNSZXA", "prepare", "*")
    assert prepare is not None
    assert prepare.source == "seller_stages"
    assert (prepare.hours_min, prepare.hours_p50, prepare.hours_p90) == (1, 20, 57)


def test_the_folder_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in SAMPLE_FOLDER.iterdir()) < FOLDER_BYTES_MOST


def test_every_weekly_departure_has_a_name_of_its_own() -> None:
    with (SAMPLE_FOLDER / "departures.csv").open(encoding="utf-8", newline="") as file:
        names = [row["departure"] for row in csv.DictReader(file)]
    assert len(names) == len(set(names)) <= 4000


@pytest.mark.shared
def test_the_script_gives_the_same_folder_again(tmp_path: Path) -> None:
    if not DATA.exists():
        pytest.skip("the reference data beside the repository (../shared/data) are absent")
    from tools.update.sample_network import build_network

    write_network(build_network(DATA), tmp_path)
    differing = [
        path.name for path in SAMPLE_FOLDER.iterdir() if (tmp_path / path.name).read_bytes() != path.read_bytes()
    ]
    assert differing == []


def _reached(network: Network, origin: str, modes: str) -> set[str]:
    onward = defaultdict(set)
    for row in network.departures:
        if row.mode in modes.split("+"):
            onward[row.from_facility].add(row.to_facility)
    through = {row.facility for row in network.processing if row.activity == "transit"} | {origin}
    reached, edge = set(), {origin}
    while edge:
        found = {end for start in edge & through for end in onward[start]} - reached
        reached |= found
        edge = found
    return reached
