"""Rows as they are sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.api.given import Given, row_schema, rows_body
from entrepost.base.errors import UnreadableInputError
from tests.operations.shop import LAMP


def test_rows_lie_in_a_file_for_as_long_as_it_takes(tmp_path: Path) -> None:
    with Given("orders", ".csv", b"a\n1\n").file(tmp_path / "uploads") as path:
        assert (path.name, path.read_bytes()) == ("orders.csv", b"a\n1\n")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_field_is_named_as_it_was_sent() -> None:
    assert Given("orders", ".jsonl", b"", is_json=True).path_of(3, "weight_g") == "orders[2].weight_g"
    assert Given("orders", ".csv", b"").path_of(3, "weight_g") == "line 3.weight_g"
    assert Given("orders", ".csv", b"").path_of(3, "") == "line 3"


def test_the_description_has_each_column_and_an_example_in_each_form() -> None:
    assert "weight_g" in row_schema("orders")["properties"]
    assert "tenant" not in row_schema("orders")["properties"]
    content = rows_body("orders", "orders", dict(LAMP))["requestBody"]["content"]
    assert all("example" in each for each in content.values())


def test_what_cannot_be_read_is_told_without_the_place_where_it_lay(tmp_path: Path) -> None:
    with (
        pytest.raises(UnreadableInputError, match=r"^orders\.csv is cut off$"),
        Given("orders", ".csv", b"").file(tmp_path) as path,
    ):
        raise UnreadableInputError(f"{path} is cut off")
