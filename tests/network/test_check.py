"""Every finding of `check_network` is produced by one broken folder; sound worlds have none."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import NetworkError, UnreadableInputError
from entrepost.base.findings import CODES, Finding, list_errors
from entrepost.base.schema import get_schema
from entrepost.network.check import CHECKS, check, check_network
from entrepost.network.feed import TABLES, write_network
from entrepost.network.load import load_network
from entrepost.network.network import Network
from entrepost.network.warehouse import Stock
from tests import worlds

Cells = dict[str, str]


@dataclass(frozen=True)
class Break:
    """One cell of one row is overwritten, or a copy of a row with some cells changed is added."""

    code: str
    table: str
    cells: Cells
    row: int = 0
    add: bool = False
    world: Callable[[], Network] = worlds.two_offices

    def __str__(self) -> str:
        return f"{self.code}-{self.table}-{'-'.join(self.cells)}"


HOLIDAY = {
    "kind": "closed",
    "country": "DE",
    "first_day": "2026-12-25",
    "last_day": "2026-12-26",
    "name": "Christmas",
    "source": "assumed",
}

BREAKS = [
    Break("network_cell_missing", "facilities", {"city": ""}),
    Break("network_cell_malformed", "departures", {"weekday": "Tuesday"}),
    Break("network_cell_malformed", "departures", {"mode": "balloon"}),
    Break("network_cell_malformed", "processing", {"hours_p50": "nan"}),
    Break("network_cell_malformed", "processing", {"cost_item_minor": "inf"}),
    Break("network_cell_malformed", "departures", {"capacity_kg": "5_000"}),
    Break("network_cell_malformed", "rates", {"valid_from": "05.01.2026"}),
    Break("network_cell_out_of_range", "departures", {"weekday": "8"}),
    Break("network_cell_out_of_range", "departures", {"cutoff_hours": "-2"}),
    Break("network_row_doubled", "facilities", {}, add=True),
    Break("network_row_refused", "processing", {"hours_p90": "1"}),
    Break("network_reference_dangling", "departures", {"to_facility": "DEMUCA"}),
    Break("network_reference_dangling", "delivery", {"from_facility": "DEMUCA"}),
    Break("network_reference_dangling", "delivery", {"area": "Bavaria"}),
    Break("network_reference_dangling", "services", {"delivery": "letterbox"}),
    Break("network_reference_dangling", "services", {"origins": "CNSHAA+CNBJSA"}),
    Break("network_reference_dangling", "rates", {"service": "PARCEL"}),
    Break("network_reference_dangling", "rates", {"origin": "CNBJSA"}),
    Break("network_reference_dangling", "stock", {"warehouse": "DEHAMW"}, world=worlds.one_warehouse),
    Break("network_source_unknown", "departures", {"source": "hearsay"}),
    Break("network_zone_unknown", "facilities", {"time_zone": "China/Shanghai"}),
    Break("network_zone_unknown", "regions", {"time_zone": "CET+1"}),
    Break("network_country_unknown", "facilities", {"country": "XQ"}, row=1),
    Break("network_country_unknown", "services", {"destinations": "DE+Austria"}),
    Break("network_country_unknown", "warehouses", {"countries": "de"}, world=worlds.one_warehouse),
    Break("network_currency_unknown", "services", {"currency": "RMB"}),
    Break("network_currency_unknown", "products", {"currency": "yuan"}),
    Break("network_mode_unknown", "services", {"modes": "air+balloon"}),
    Break("network_hours_malformed", "processing", {"open_hours": "Mon-Fri 8-18"}),
    Break("network_hours_malformed", "clearance", {"open_hours": "Mo-Fr 18-08"}),
    Break("network_hours_malformed", "delivery", {"open_hours": "daily"}),
    Break("network_amount_malformed", "products", {"unit_value": "30,00"}),
    Break("network_indicator_unfit", "services", {"service_indicator": "L1"}),
    Break("network_indicator_unfit", "services", {"service_indicator": "EE"}),
    Break("network_office_unfit", "facilities", {"country": "AT"}, row=1),
    Break("network_time_malformed", "departures", {"departs": "24:00"}),
    Break("network_time_malformed", "departures", {"departs": "9:30"}),
    Break("network_cutoff_absurd", "departures", {"cutoff_hours": "168"}),
    Break("network_departure_loop", "departures", {"to_facility": "CNSHAA"}),
    Break("network_departure_unreachable", "departures", {"mode": "road", "hours_p50": "240", "hours_p90": "240"}),
    Break("network_departure_useless", "departures", {"from_facility": "DEFRAA", "to_facility": "CNSHAA"}),
    Break(
        "network_facility_unreachable",
        "facilities",
        {"facility": "DEMUCA", "latitude": "48.35", "longitude": "11.79"},
        row=1,
        add=True,
    ),
    Break("network_travel_too_fast", "departures", {"hours_min": "5", "hours_p50": "5"}),
    Break("network_travel_too_fast", "departures", {"hours_min": "1"}),
    Break("network_missed_absurd", "departures", {"missed_1_per_million": "700000", "missed_2_per_million": "400000"}),
    Break("network_capacity_zero", "departures", {"capacity_kg": "0"}),
    Break("network_capacity_zero", "warehouses", {"capacity_items": "0"}, world=worlds.one_warehouse),
    Break("network_service_without_rates", "services", {"service": "PARCEL"}, add=True),
    Break("network_service_unreachable", "services", {"modes": "sea"}),
    Break("network_service_contradictory", "services", {"weight_min_g": "2001"}),
    Break("network_service_contradictory", "services", {"sum_max_mm": "599"}),
    Break("network_service_contradictory", "services", {"modes": "none"}),
    Break("network_service_contradictory", "services", {"clearance": "postal"}, row=1, world=worlds.one_warehouse),
    Break("network_region_without_service", "regions", {"country": "AT", "area": "AT"}),
    Break("network_region_without_service", "services", {"destinations": "AT"}),
    Break("network_region_doubled", "regions", {"region": "DE-60b"}, add=True),
    Break("network_area_without_delivery", "regions", {"area": "DE-south"}),
    Break("network_area_mixed", "regions", {"region": "AT-1", "country": "AT"}, add=True),
    Break("network_rate_empty", "rates", {"weight_over_g": "2000"}),
    Break("network_rate_gap", "rates", {"weight_over_g": "100"}),
    Break("network_rate_gap", "rates", {"weight_to_g": "1999"}),
    Break("network_rate_overlap", "rates", {"weight_over_g": "1999"}, add=True),
    Break("network_rate_overlap", "rates", {"valid_from": "2026-01-01"}, add=True),
    Break("network_shares_unequal", "clearance", {"share_per_million": "900000"}),
    Break("network_shares_unequal", "regimes", {"share_per_million": "900000"}),
    Break("network_step_missing", "processing", {"activity": "transit"}, row=2),
    Break("network_step_missing", "processing", {"mail_class": "E"}, row=3),
    Break("network_step_missing", "clearance", {"regime": "commercial"}, row=1),
    Break("network_step_missing", "processing", {"activity": "inward"}, row=4, world=worlds.hub),
    Break("network_step_missing", "processing", {"activity": "inward"}, row=4, world=worlds.one_warehouse),
    Break("network_cell_out_of_range", "rates", {"weight_to_g": "9" * 40}),
    Break("network_coordinates_zero", "regions", {"latitude": "0", "longitude": "0"}),
    Break("network_duration_absurd", "departures", {"hours_p50": "121", "hours_p90": "121"}),
    Break("network_duration_absurd", "clearance", {"hours_p50": "721", "hours_p90": "721"}),
    Break("network_rate_absurd", "rates", {"charge_item_minor": "250000"}),
    Break("network_rate_absurd", "rates", {"charge_item_minor": "0", "charge_kg_minor": "0"}),
    Break("network_cost_absurd", "delivery", {"cost_item_minor": "100001"}),
    Break("network_share_absurd", "delivery", {"pickup_per_million": "1000000", "lost_per_million": "1"}),
    Break("network_dates_reversed", "departures", {"valid_from": "2026-03-29", "valid_to": "2026-03-28"}),
    Break("network_dates_reversed", "calendar", {**HOLIDAY, "last_day": "2026-12-24"}, add=True),
    Break("network_calendar_place", "calendar", {**HOLIDAY, "country": ""}, add=True),
    Break("network_calendar_place", "calendar", {**HOLIDAY, "facility": "DEFRAA"}, add=True),
    Break("network_calendar_place", "calendar", {**HOLIDAY, "kind": "cancelled"}, add=True),
    Break("network_reference_dangling", "calendar", {**HOLIDAY, "country": "", "departure": "MU1"}, add=True),
    Break("network_stock_over_capacity", "stock", {"quantity": "1001"}, world=worlds.one_warehouse),
    Break("network_warehouse_unfit", "facilities", {"kind": "hub"}, row=2, world=worlds.one_warehouse),
    Break("network_warehouse_unfit", "warehouses", {"countries": "DE+AT"}, world=worlds.one_warehouse),
]
WHOLE = {
    "network_file_missing",
    "network_file_unreadable",
    "network_file_empty",
    "network_head_malformed",
    "network_column_missing",
    "network_column_unknown",
    "network_column_doubled",
    "network_row_long",
}
"""Codes that whole files give; they are broken in `test_feed`."""

HEAD_BREAKS = [
    ("network_zone_unknown", 'time_zone = "UTC"', 'time_zone = "Mars"'),
    ("network_currency_unknown", 'currency = "CNY"', 'currency = "RMB"'),
    ("network_week_malformed", "2026-01-05", "2026-01-06"),
    ("network_load_absurd", "items_per_week = 1000", "items_per_week = 0"),
    ("network_head_malformed", "items_per_week = 1000", ""),
    ("network_head_malformed", "items_per_week = 1000", 'items_per_week = "many"'),
    ("network_head_malformed", "ordinary_week = 2026-01-05", 'ordinary_week = "2026-01-05"'),
]


def broken(folder: Path, fault: Break) -> list[Finding]:
    write_network(fault.world(), folder)
    path = folder / f"{fault.table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        names = list(reader.fieldnames or ())
    if fault.add:
        rows.append({**(rows[fault.row] if rows else {}), **fault.cells})
    else:
        rows[fault.row].update(fault.cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return check_network(folder)


@pytest.mark.parametrize("world", [worlds.two_offices, worlds.two_services, worlds.one_warehouse, worlds.hub])
def test_a_sound_world_has_no_findings(world: Callable[[], Network], tmp_path: Path) -> None:
    write_network(world(), tmp_path)
    assert check_network(tmp_path) == []
    assert check(world()) == []


@pytest.mark.parametrize("fault", BREAKS, ids=str)
def test_a_broken_cell_is_found_where_it_stands(fault: Break, tmp_path: Path) -> None:
    found = [each for each in broken(tmp_path, fault) if each.code == fault.code]
    assert found, "the break is not noticed"
    for each in found:
        assert each.subject.endswith(".csv")
        assert each.row >= 2
        assert each.field
        assert each.message
        assert each.fix


@pytest.mark.parametrize(("code", "sound", "wrong"), HEAD_BREAKS)
def test_a_broken_setting_of_the_head_is_found(code: str, sound: str, wrong: str, tmp_path: Path) -> None:
    write_network(worlds.two_offices(), tmp_path)
    head = tmp_path / "network.toml"
    text = head.read_text(encoding="utf-8")
    assert sound in text
    head.write_text(text.replace(sound, wrong), encoding="utf-8")
    assert (code, "network.toml") in {(each.code, each.subject) for each in check_network(tmp_path)}


def test_every_code_of_a_network_is_produced_by_a_broken_folder() -> None:
    tried = {fault.code for fault in BREAKS} | WHOLE | {code for code, _, _ in HEAD_BREAKS}
    assert tried == {code for code in CODES if code.startswith("network_")}


def test_a_finding_names_the_line_of_its_row(tmp_path: Path) -> None:
    found = broken(tmp_path, Break("", "departures", {"to_facility": "DEMUCA"}, row=1))
    dangling = [each for each in found if each.code == "network_reference_dangling"]
    assert [(each.subject, each.row, each.field) for each in dangling] == [("departures.csv", 3, "to_facility")]


def test_findings_stand_in_order_of_files_and_lines(tmp_path: Path) -> None:
    found = broken(tmp_path, Break("", "facilities", {"time_zone": "Mars", "latitude": "0", "longitude": "0"}))
    assert [(each.subject, each.row) for each in found] == sorted((each.subject, each.row) for each in found)


def test_a_network_with_an_error_is_refused_with_its_findings(tmp_path: Path) -> None:
    broken(tmp_path, Break("", "facilities", {"time_zone": "Mars"}))
    with pytest.raises(NetworkError, match="Mars") as caught:
        load_network(tmp_path)
    assert len(caught.value.findings) == 1


def test_a_network_with_warnings_alone_is_loaded(tmp_path: Path) -> None:
    found = broken(tmp_path, Break("", "services", {"service": "PARCEL"}, add=True))
    assert found
    assert not list_errors(found)
    assert len(load_network(tmp_path).services) == 2


def test_brackets_of_successive_years_do_not_overlap() -> None:
    base = worlds.two_offices()
    old = replace(base.rates[0], valid_to=worlds.MONDAY.date())
    new = replace(base.rates[0], valid_from=worlds.MONDAY.date().replace(day=6), weight_to_g=1000)
    newer = replace(new, weight_over_g=1000, weight_to_g=2000)
    assert check(replace(base, rates=(old, new, newer))) == []


def test_a_bracket_that_ceases_before_the_others_leaves_a_gap() -> None:
    base = worlds.two_offices()
    light = replace(base.rates[0], weight_to_g=500, valid_to=worlds.MONDAY.date())
    heavy = replace(base.rates[0], weight_over_g=500)
    found = check(replace(base, rates=(light, heavy)))
    assert [(each.code, each.row) for each in found] == [("network_rate_gap", 3)]


def test_a_bracket_above_the_least_weight_leaves_that_weight_out() -> None:
    base = worlds.two_offices()
    service = replace(base.services[0], weight_min_g=100)
    above = replace(base.rates[0], weight_over_g=100)
    assert [each.code for each in check(replace(base, services=(service,), rates=(above,)))] == ["network_rate_gap"]
    below = replace(base.rates[0], weight_over_g=99)
    assert check(replace(base, services=(service,), rates=(below,))) == []


def test_a_departure_that_brings_stock_to_a_warehouse_is_of_use() -> None:
    base = worlds.one_warehouse()
    ship = replace(
        base.departures[0],
        departure="SHIP-1",
        to_facility="DEFRAW",
        mode="sea",
        hours_min=700.0,
        hours_p50=800.0,
        hours_p90=900.0,
    )
    assert check(replace(base, departures=(*base.departures, ship))) == []


def test_without_flights_to_the_hub_it_and_its_flights_are_out_of_reach() -> None:
    base = worlds.hub()
    kept = tuple(row for row in base.departures if row.to_facility != "AEDXBA")
    found = check(replace(base, departures=kept))
    assert [each.code for each in found] == ["network_departure_unreachable"] * 3 + ["network_facility_unreachable"]


def test_a_flight_from_the_hub_back_to_the_origin_is_useless() -> None:
    base = worlds.hub()
    back = replace(base.departures[3], departure="BACK", to_facility="CNSHAA")
    found = check(replace(base, departures=(*base.departures, back)))
    assert [(each.code, each.row) for each in found] == [("network_departure_useless", 9)]


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="not a folder"):
        check_network(tmp_path / "nowhere")


def test_stock_of_several_articles_is_added_up() -> None:
    base = worlds.one_warehouse()
    stock = (Stock("DEFRAW", "shop", "LAMP", 600), Stock("DEFRAW", "shop", "MUG", 600))
    assert [each.code for each in check(replace(base, stock=stock))] == ["network_stock_over_capacity"]


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_no_cell_makes_the_check_fall_over(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    world = data.draw(st.sampled_from([worlds.one_warehouse, worlds.hub]))
    filled = [table for table in TABLES if getattr(world(), table)]
    table = data.draw(st.sampled_from(filled))
    column = data.draw(st.sampled_from(get_schema(table).names))
    row = data.draw(st.integers(0, len(getattr(world(), table)) - 1))
    text = data.draw(st.text(max_size=12) | st.sampled_from(["0", "-1", "1e300", "9999-12-31", "*", "+", "../.."]))
    folder = tmp_path_factory.mktemp("network")
    found = broken(folder, Break("", table, {column: text}, row=row, world=world))
    if not list_errors(found):
        assert isinstance(load_network(folder), Network)


def test_each_check_is_listed_once() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
