"""Orders about which only something is asked."""

from __future__ import annotations

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.asked_orders import read_asked_orders, to_text
from tests.operations.shop import LAMP


def test_sound_lines_are_read_and_the_others_told_by_their_place() -> None:
    asked = read_asked_orders([LAMP, LAMP | {"order_id": "o2", "weight_g": None}, LAMP | {"order_id": "o3"}], "main")
    assert asked.lines.get_column("order_id").to_list() == ["o1", "o3"]
    assert asked.findings.select("row", "field").rows() == [(1, "weight_g")]


def test_lines_are_of_the_account_that_asks() -> None:
    asked = read_asked_orders([LAMP | {"tenant": "other"}], "main")
    assert asked.lines.get_column("tenant").to_list() == ["main"]


def test_numbers_of_json_are_read_as_those_of_a_file() -> None:
    assert [to_text(cell) for cell in (1, 1.5, True, False, None, "x")] == ["1", "1.5", "yes", "no", None, "x"]
    asked = read_asked_orders([LAMP | {"weight_g": 400, "unit_value": 30.5}], "main")
    assert asked.lines.select("weight_g", "unit_value_minor").rows() == [(400, 3050)]


def test_an_order_from_an_office_that_is_not_there_is_told() -> None:
    assert read_asked_orders([LAMP], "main", ["USJFKA"]).findings.get_column("field").to_list() == ["origin"]


def test_rows_without_what_must_be_there_are_refused() -> None:
    with pytest.raises(UnreadableInputError, match="order_id"):
        read_asked_orders([{"seller": "shop"}], "main")
