"""A scenario is a network plus changes, and a change that cannot be made says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError, NetworkError
from entrepost.network.feed import write_network
from entrepost.network.load import load_network
from entrepost.network.warehouse import Stock
from entrepost.planning.scenario import Scenario, apply, open_warehouse, parse_scenario
from tests import worlds


def scenario(*changes: str) -> Scenario:
    return parse_scenario('name = "what if"\n' + "\n".join(f"[[change]]\n{change}" for change in changes))


def closed_warehouse() -> object:
    base = worlds.one_warehouse()
    return replace(base, warehouses=(replace(base.warehouses[0], open=False),), stock=())


def test_a_scenario_without_changes_changes_the_name_alone() -> None:
    base = worlds.two_offices()
    assert apply(base, scenario()) == replace(base, name="two offices, what if")


def test_rows_that_agree_are_set() -> None:
    base = worlds.two_offices()
    changed = apply(base, scenario('table = "departures"\nwhere = { weekday = 5 }\nset = { departs = "18:30" }'))
    assert [row.departs for row in changed.departures] == ["12:00", "18:30"]
    assert changed.services == base.services


def test_without_where_every_row_is_set() -> None:
    changed = apply(worlds.two_offices(), scenario('table = "departures"\nset = { capacity_kg = 100 }'))
    assert [row.capacity_kg for row in changed.departures] == [100, 100]


def test_several_values_agree_with_a_list() -> None:
    text = 'table = "departures"\nwhere = { weekday = [1, 2, 5], carrier = "MU" }\nset = { cutoff_hours = 6.5 }'
    assert [row.cutoff_hours for row in apply(worlds.two_offices(), scenario(text)).departures] == [6.5, 6.5]


def test_rows_are_removed() -> None:
    changed = apply(worlds.two_offices(), scenario('table = "departures"\nwhere = { weekday = 5 }\nremove = true'))
    assert [row.departure for row in changed.departures] == ["MU219-2"]


def test_rows_are_added_with_what_is_left_out_as_in_a_folder() -> None:
    text = """
    table = "departures"
    [[change.add]]
    departure = "CA-3"
    from_facility = "CNSHAA"
    to_facility = "DEFRAA"
    mode = "air"
    carrier = "CA"
    weekday = 3
    departs = "09:00"
    cutoff_hours = 3
    hours_min = 11
    hours_p50 = 12.5
    hours_p90 = 14
    capacity_kg = 1000
    cost_kg_minor = 1800
    valid_to = 2026-10-24
    source = "assumed"
    """
    added = apply(worlds.two_offices(), scenario(text)).departures[2]
    assert (added.departure, added.missed_1_per_million) == ("CA-3", 0)
    assert added.valid_from.isoformat() == "0001-01-01"
    assert added.valid_to.isoformat() == "2026-10-24"


def test_changes_are_made_in_order() -> None:
    opened = 'table = "warehouses"\nwhere = { warehouse = "DEFRAW", open = false }\nset = { open = true }'
    stocked = 'table = "stock"\nadd = [{ warehouse = "DEFRAW", seller = "shop", sku = "MUG", quantity = 5 }]'
    more = 'table = "stock"\nwhere = { sku = "MUG" }\nset = { quantity = 6 }'
    changed = apply(closed_warehouse(), scenario(opened, stocked, more))
    assert changed.warehouses[0].open
    assert changed.stock == (Stock("DEFRAW", "shop", "MUG", 6),)


def test_a_changed_network_is_written_and_read_back(tmp_path: Path) -> None:
    changed = apply(worlds.two_offices(), scenario('table = "services"\nset = { value_max_minor = 10000000 }'))
    write_network(changed, tmp_path)
    assert load_network(tmp_path) == changed
    assert "10000000" in (tmp_path / "services.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('table = "departures"\nwhere = { departure = "MU219-3" }\nremove = true', "did you mean MU219-"),
        ('table = "departures"\nwhere = { weekday = 7 }\nremove = true', "no weekday is 7"),
        (
            'table = "departures"\nwhere = { weekday = 5, departure = "MU219-2" }\nremove = true',
            "all of its columns at once",
        ),
        ('table = "stock"\nset = { quantity = 1 }', "no row of stock agrees"),
        ('table = "departures"\nset = { weekday = 9 }', "9 is outside 1 to 7"),
        ('table = "departures"\nset = { weekday = "Tuesday" }', "'Tuesday' is not integer"),
        ('table = "departures"\nset = { hours_p90 = 1 }', "do not ascend"),
        ('table = "departures"\nset = { departure = "one" }', "would hold one twice"),
        ('table = "sellers"\nadd = [{ seller = "shop2" }]', "the cell is empty"),
        (
            'table = "sellers"\nadd = [{ seller = "shop", name = "x", origin = "CNSHAA", weight = 1, source = "y" }]',
            "would hold shop twice",
        ),
    ],
)
def test_a_change_that_cannot_be_made_says_which_and_why(change: str, said: str) -> None:
    with pytest.raises(MisuseError, match="change 2 of scenario 'what if'") as caught:
        apply(worlds.two_offices(), scenario('table = "regions"\nset = { population = 1 }', change))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('table = "departure"\nremove = true', "did you mean departures"),
        ('table = "departures"\nset = { departs_at = "12:00" }', "did you mean departs"),
        ('table = "departures"\nwhere = { day = 1 }\nremove = true', "no column 'day'"),
        ('table = "departures"', "exactly one of set, add and remove"),
        ('table = "departures"\nset = { weekday = 1 }\nremove = true', "exactly one of set, add and remove"),
        ('table = "departures"\nremove = true', "must say which"),
        ('table = "stock"\nwhere = { sku = "A" }\nadd = [{ sku = "B" }]', "takes no where"),
        ('table = "stock"\nad = []', "'ad'"),
        ('table = "stock"\nset = "all"', "are { column = value }"),
        ('table = "departures"\nset = { departs = 12:00:00 }', "is not a cell"),
    ],
)
def test_a_malformed_change_is_refused_when_it_is_read(change: str, said: str) -> None:
    with pytest.raises(MisuseError, match="change 1") as caught:
        scenario(change)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = what if", "not TOML"),
        ("[[change]]", "name is missing"),
        ('name = "a"\n[[changes]]', "'changes'"),
        ('name = "a"\nchange = "b"', "under a line"),
        ('name = "a"\nchange = ["b"]', "under a line"),
    ],
)
def test_what_is_no_scenario_is_refused(text: str, said: str) -> None:
    with pytest.raises(MisuseError, match=r"scenario|change") as caught:
        parse_scenario(text)
    assert said in str(caught.value)


def test_a_scenario_that_breaks_the_network_is_refused_with_the_findings() -> None:
    with pytest.raises(NetworkError, match="DEMUCA") as caught:
        apply(worlds.two_offices(), scenario('table = "sellers"\nset = { origin = "DEMUCA" }'))
    assert len(caught.value.findings) == 1


def test_opening_a_warehouse_brings_stock_into_it() -> None:
    stock = pl.DataFrame({"seller": ["shop", "shop"], "sku": ["LAMP", "MUG"], "quantity": [7, 3]})
    opened = open_warehouse(closed_warehouse(), "DEFRAW", stock)
    assert opened.warehouses[0].open
    assert opened.stock == (Stock("DEFRAW", "shop", "LAMP", 7), Stock("DEFRAW", "shop", "MUG", 3))


def test_stock_of_an_article_takes_the_place_of_what_was_there() -> None:
    stock = pl.DataFrame({"seller": ["shop"], "sku": ["LAMP"], "quantity": [9]})
    assert open_warehouse(worlds.one_warehouse(), "DEFRAW", stock).stock == (Stock("DEFRAW", "shop", "LAMP", 9),)


def test_an_unknown_warehouse_cannot_be_opened() -> None:
    with pytest.raises(MisuseError, match="did you mean DEFRAW"):
        open_warehouse(worlds.one_warehouse(), "DEFRAA", pl.DataFrame({"seller": [], "sku": [], "quantity": []}))


def test_a_warehouse_takes_no_more_than_it_holds() -> None:
    stock = pl.DataFrame({"seller": ["shop"], "sku": ["LAMP"], "quantity": [1001]})
    with pytest.raises(MisuseError, match="holds 1000 items, not 1001"):
        open_warehouse(worlds.one_warehouse(), "DEFRAW", stock)
