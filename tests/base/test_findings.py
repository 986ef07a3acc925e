"""Findings are declared, say where and how to fix, and are counted; schemas and units are whole."""

from decimal import Decimal

import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, count_by_code, finding_code, list_errors
from entrepost.base.schema import get_schema, list_schemas, parse_cell
from entrepost.base.units import to_grams, to_millimetres

CODE = finding_code("test_shelf_empty", "A shelf is empty.")


def test_a_finding_says_what_where_and_how_to_fix_it():
    finding = Finding(CODE, "sku", "there is nothing", "shelves.csv", 3, "fill it")
    assert str(finding) == "shelves.csv:3 [sku] error test_shelf_empty: there is nothing Fix: fill it"


def test_a_code_is_declared_once():
    assert finding_code("test_shelf_empty", "A shelf is empty.") == CODE
    with pytest.raises(MisuseError, match="twice"):
        finding_code("test_shelf_empty", "Something else.")
    with pytest.raises(MisuseError, match="not declared"):
        Finding("nobody_knows", "", "", "")


def test_findings_are_counted_and_warnings_are_no_errors():
    error, warning = Finding(CODE, "", "", "a"), Finding(CODE, "", "", "b", level="warning")
    assert count_by_code([error, warning]) == {CODE: 2}
    assert list_errors([error, warning]) == [error]


@pytest.mark.parametrize("name", list_schemas())
def test_a_schema_names_a_key_and_its_defaults_have_their_type(name):
    schema = get_schema(name)
    assert schema.key
    assert len(set(schema.names)) == len(schema.names)
    for column in schema.columns:
        assert column.description
        if column.default:
            assert parse_cell(column.default, column) is not None


def test_there_is_no_schema_of_another_name():
    with pytest.raises(MisuseError, match="orders"):
        get_schema("nothing")
    with pytest.raises(MisuseError, match="no column"):
        get_schema("orders").get_column("colour")


def test_factors_of_units_are_exact():
    assert to_grams("1", "lb") == 454
    assert to_grams(Decimal("0.5"), "kg") == 500
    assert to_millimetres("12", "in") == 305
    with pytest.raises(MisuseError, match="stone"):
        to_grams(1, "stone")
    with pytest.raises(MisuseError, match="not a number"):
        to_grams("heavy", "kg")
