"""A network folder reads back as it was written, and bad files are findings with their lines."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepost.base.schema import Column, get_schema
from entrepost.network.feed import REQUIRED, TABLES, read_network, write_network
from entrepost.network.load import load_network
from entrepost.network.network import Network
from tests import worlds

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from('\n",;'), max_size=8)
"""Any text a person may write, quotes, commas and line breaks included."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_network(worlds.two_offices(), tmp_path)
    return tmp_path


def edit(path: Path, sound: str, wrong: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert sound in text
    path.write_text(text.replace(sound, wrong, 1), encoding="utf-8", newline="")


def found(folder: Path) -> list[tuple[str, str, int, str]]:
    return [(each.code, each.subject, each.row, each.field) for each in read_network(folder).findings]


def cells(column: Column) -> st.SearchStrategy[Any]:
    if column.values:
        return st.sampled_from(column.values)
    if column.dtype == "yesno":
        return st.booleans()
    if column.dtype == "date":
        return st.dates()
    if column.dtype == "integer":
        numbers = st.integers(int(column.least or 0), int(column.most or 10**12))
        return numbers if column.required or column.default else st.none() | numbers
    if column.dtype == "decimal":
        return st.floats(column.least, column.most or 1e9, allow_nan=False)
    needed = column.required or column.default
    return TEXT.map(str.strip).filter(bool) if needed else TEXT.map(str.strip)


@st.composite
def tables(draw: st.DrawFn, table: str) -> tuple[Any, ...]:
    schema = get_schema(table)
    values = st.fixed_dictionaries({column.name: cells(column) for column in schema.columns})
    rows = draw(st.lists(values, max_size=3, unique_by=lambda row: tuple(row[name] for name in schema.key)))
    hours = ("hours_min", "hours_p50", "hours_p90")
    for row in rows:
        if "hours_p50" in row:
            row.update(zip(hours, sorted(min(row[name], 2000.0) for name in hours), strict=True))
    return tuple(TABLES[table](**row) for row in rows)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    rows = {table: draw(tables(table)) for table in TABLES}
    if not rows["regimes"]:
        del rows["regimes"]
    return Network(
        name=draw(TEXT),
        currency=draw(TEXT),
        time_zone=draw(TEXT),
        ordinary_week=draw(st.dates()),
        items_per_week=draw(st.integers(0, 10**9)),
        sources=draw(st.dictionaries(TEXT, st.dictionaries(TEXT, TEXT, max_size=2), max_size=2)),
        **rows,
    )


@given(network=networks())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_network_reads_back_as_it_was_written(network: Network, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("network")
    write_network(network, folder)
    reading = read_network(folder)
    assert reading.findings == ()
    assert reading.network == network
    assert reading.network.content_hash == network.content_hash


@pytest.mark.parametrize("world", [worlds.two_offices, worlds.two_services, worlds.one_warehouse, worlds.hub])
def test_a_world_loads_back_equal_with_the_same_hash(world: Any, tmp_path: Path) -> None:
    write_network(world(), tmp_path)
    network = load_network(tmp_path)
    assert network == world()
    assert network.content_hash == world().content_hash


def test_another_figure_gives_another_hash() -> None:
    base = worlds.two_offices()
    assert replace(base, items_per_week=1001).content_hash != base.content_hash


def test_writing_twice_gives_the_same_bytes(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    again = tmp_path_factory.mktemp("again")
    write_network(load_network(folder), again)
    names = sorted(os.listdir(folder))
    assert names == sorted(os.listdir(again))
    assert [(folder / name).read_bytes() for name in names] == [(again / name).read_bytes() for name in names]


def test_a_byte_order_mark_and_windows_line_ends_are_read(folder: Path) -> None:
    for name in ("rates.csv", "network.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_network(folder) == worlds.two_offices()


def test_empty_lines_and_spaces_around_cells_are_passed_over(folder: Path) -> None:
    edit(folder / "rates.csv", "PACKET,*,DE", "\n,,,\n PACKET ,*, DE ")
    assert load_network(folder) == worlds.two_offices()


def test_columns_may_stand_in_any_order_and_defaults_be_left_out(folder: Path) -> None:
    header = "weight_to_g,weight_over_g,charge_item_minor,charge_kg_minor,country,service,source\n"
    (folder / "rates.csv").write_text(header + "2000,0,2500,9000,DE,PACKET,assumed\n", encoding="utf-8")
    assert load_network(folder) == worlds.two_offices()


def test_files_that_few_networks_need_may_be_absent(folder: Path) -> None:
    for table in set(TABLES) - set(REQUIRED):
        (folder / f"{table}.csv").unlink()
    network = load_network(folder)
    assert network.stock == ()
    assert [row.regime for row in network.regimes] == ["ordinary"]


def test_quoted_line_breaks_do_not_shift_the_lines_of_findings(folder: Path) -> None:
    edit(folder / "facilities.csv", "Shanghai office_of_exchange", '"Shanghai,\noffice ""A"""')
    edit(folder / "facilities.csv", "50.03", "150.03")
    assert found(folder) == [("network_cell_out_of_range", "facilities.csv", 4, "latitude")]
    edit(folder / "facilities.csv", "150.03", "50.03")
    assert load_network(folder).facilities[0].name == 'Shanghai,\noffice "A"'


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "gb18030"])
def test_another_encoding_is_found_with_its_line(encoding: str, folder: Path) -> None:
    text = (folder / "regions.csv").read_text(encoding="utf-8")
    (folder / "regions.csv").write_bytes(text.replace("Frankfurt", "Köln").encode(encoding))
    line = 1 if encoding == "utf-16" else 2
    assert found(folder) == [("network_file_unreadable", "regions.csv", line, "")]


def test_an_open_quote_is_found(folder: Path) -> None:
    edit(folder / "regions.csv", "DE-60", '"DE-60')
    assert found(folder) == [("network_file_unreadable", "regions.csv", 2, "")]


def test_an_empty_file_is_found(folder: Path) -> None:
    (folder / "regions.csv").write_bytes(b"\n")
    assert found(folder) == [("network_file_empty", "regions.csv", 0, "")]


def test_a_file_that_every_network_needs_is_missed(folder: Path) -> None:
    (folder / "regions.csv").unlink()
    (folder / "network.toml").unlink()
    assert found(folder) == [
        ("network_file_missing", "network.toml", 0, ""),
        ("network_file_missing", "regions.csv", 0, ""),
    ]


def test_a_missing_column_is_found(folder: Path) -> None:
    edit(folder / "regions.csv", "time_zone", "zone")
    assert found(folder) == [
        ("network_column_missing", "regions.csv", 1, "time_zone"),
        ("network_column_unknown", "regions.csv", 1, "zone"),
    ]


def test_a_doubled_column_is_found(folder: Path) -> None:
    edit(folder / "regions.csv", "postcode_prefix", "city")
    assert found(folder) == [
        ("network_column_doubled", "regions.csv", 1, "city"),
    ]


def test_a_column_that_nothing_reads_is_a_warning(folder: Path) -> None:
    edit(folder / "sellers.csv", "source\n", "source,remark\n")
    edit(folder / "sellers.csv", "assumed\n", "assumed,best customer\n")
    assert [each.level for each in read_network(folder).findings] == ["warning"]
    assert load_network(folder) == worlds.two_offices()


def test_an_unquoted_comma_makes_the_row_too_long(folder: Path) -> None:
    edit(folder / "sellers.csv", "The shop", "Shop, The")
    assert ("network_row_long", "sellers.csv", 2, "") in found(folder)


def test_a_doubled_row_names_the_line_of_the_first(folder: Path) -> None:
    path = folder / "sellers.csv"
    path.write_text(path.read_text(encoding="utf-8") + "shop,Again,CNSHAA,1,assumed\n", encoding="utf-8")
    (doubled,) = read_network(folder).findings
    assert (doubled.code, doubled.row) == ("network_row_doubled", 3)
    assert "line 2" in doubled.message


def test_malformed_toml_is_found(folder: Path) -> None:
    edit(folder / "network.toml", '"CNY"', "CNY")
    assert found(folder) == [("network_file_unreadable", "network.toml", 0, "")]


def test_sources_must_be_tables(folder: Path) -> None:
    (folder / "network.toml").write_text(
        'sources = "books"\n' + (folder / "network.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert found(folder) == [("network_head_malformed", "network.toml", 0, "sources")]


def test_an_instant_as_ordinary_week_is_taken_by_its_date(folder: Path) -> None:
    edit(folder / "network.toml", "2026-01-05", "2026-01-05T00:00:00Z")
    assert load_network(folder).ordinary_week == date(2026, 1, 5)


def test_one_bad_row_does_not_hide_the_others(folder: Path) -> None:
    edit(folder / "departures.csv", ",2,12:00,", ",9,12:00,")
    edit(
        folder / "departures.csv",
        "MU219-5,CNSHAA,DEFRAA,air,MU,5,12:00,2,",
        "MU219-5,CNSHAA,DEFRAA,air,MU,5,12:00,two,",
    )
    assert [code for code, *_ in found(folder)] == ["network_cell_out_of_range", "network_cell_malformed"]
