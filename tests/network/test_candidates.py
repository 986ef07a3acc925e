"""Warehouses that might be opened: read beside a network, added to it, closed until a plan opens them."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError, NetworkError
from entrepost.network.candidates import NONE, load_candidates, sample_candidates
from entrepost.network.check import check
from entrepost.network.network import Network
from entrepost.network.sample_network import sample_network


@pytest.fixture(scope="module")
def extended() -> Network:
    return sample_candidates().added_to(sample_network())


def test_with_those_of_the_sample_network_there_are_at_least_sixty(extended: Network) -> None:
    assert len({row.warehouse for row in extended.warehouses}) == len(extended.warehouses) >= 60


def test_nothing_is_wrong_with_the_network_that_has_them(extended: Network) -> None:
    assert [str(finding) for finding in check(extended)] == []


def test_they_are_closed_and_assumed() -> None:
    rows = sample_candidates().warehouses
    assert not any(row.open for row in rows)
    assert {row.source for row in rows} == {"assumed"}


def test_each_delivers_to_every_area_of_the_countries_that_it_serves(extended: Network) -> None:
    for row in extended.warehouses:
        served = {each.area for each in extended.delivery if each.from_facility == row.warehouse}
        wanted = {each.area for each in extended.regions if each.country in row.countries.split("+")}
        assert served == wanted, row.warehouse


def test_the_service_from_stock_has_a_rate_wherever_a_warehouse_serves(extended: Network) -> None:
    rated = {row.country for row in extended.rates if row.service == "STOCK"}
    assert {country for row in extended.warehouses for country in row.countries.split("+")} <= rated


def test_a_single_one_may_be_added(extended: Network) -> None:
    one = sample_candidates().only(frozenset({"FRCDGW"})).added_to(sample_network())
    assert len(one.warehouses) == len(sample_network().warehouses) + 1


def test_no_candidates_leave_the_network_as_it_is() -> None:
    assert NONE.added_to(sample_network()) is sample_network()


def test_a_candidate_that_is_there_already_is_refused(extended: Network) -> None:
    with pytest.raises(MisuseError, match=r"has a facility .* already"):
        sample_candidates().added_to(extended)


def test_a_folder_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"has no facilities\.csv"):
        load_candidates(tmp_path)
