"""Every table has a whole schema, and cells are read as its columns say."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.schema import get_schema, list_schemas, parse_cell


@pytest.mark.parametrize("name", list_schemas())
def test_a_schema_names_a_key_and_its_defaults_have_their_type(name: str) -> None:
    schema = get_schema(name)
    assert schema.key
    assert len(set(schema.names)) == len(schema.names)
    for column in schema.columns:
        assert column.description
        if column.default:
            assert parse_cell(column.default, column) is not None


def test_there_is_no_schema_of_another_name() -> None:
    with pytest.raises(MisuseError, match="orders"):
        get_schema("nothing")
    with pytest.raises(MisuseError, match="no column"):
        get_schema("orders").get_column("colour")


def test_an_office_stands_in_the_north_or_the_south_and_is_named_by_its_code() -> None:
    facilities = get_schema("facilities")
    latitude = facilities.get_column("latitude")
    assert facilities.key == ("facility",)
    assert (latitude.dtype, latitude.least, latitude.most) == ("decimal", -90, 90)


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("departures", "weekday", "2", 2),
        ("departures", "cutoff_hours", "1.5", 1.5),
        ("departures", "valid_from", "2026-01-05", date(2026, 1, 5)),
        ("warehouses", "open", "no", False),
        ("facilities", "name", "007", "007"),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_column(table: str, column: str, text: str, value: object) -> None:
    found = parse_cell(text, get_schema(table).get_column(column))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [("departures", "weekday", "2.0"), ("departures", "valid_from", "5.1.2026"), ("warehouses", "open", "true")],
)
def test_a_cell_of_another_form_is_refused(table: str, column: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_cell(text, get_schema(table).get_column(column))
