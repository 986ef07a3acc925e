"""An item has an identifier, a weight, and sides in descending order."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.mail.item import Item

WHOLE = {"item": 1, "item_id": "RB123456785CN", "weight_g": 250, "value_minor": 1000, "currency": "EUR"}


def item(**cells: object) -> Item:
    return Item("main", "s", "7", **(WHOLE | cells))  # type: ignore[arg-type]


def test_an_item_of_unknown_size_is_one_piece_without_a_battery() -> None:
    plain = item()
    assert (plain.pieces, plain.battery, plain.length_mm, plain.height_mm) == (1, "none", 0, 0)


@pytest.mark.parametrize("wrong", [{"item": 0}, {"weight_g": 0}, {"pieces": 0}])
def test_number_weight_and_pieces_are_at_least_one(wrong: dict[str, int]) -> None:
    with pytest.raises(MisuseError, match="must be at least 1"):
        item(**wrong)


def test_sides_descend_from_length_to_height() -> None:
    assert item(length_mm=300, width_mm=300, height_mm=1).width_mm == 300
    for wrong in ({"length_mm": 1, "width_mm": 2}, {"length_mm": 3, "height_mm": 1}, {"height_mm": -1}):
        with pytest.raises(MisuseError, match="sides must descend"):
            item(**wrong)


def test_an_identifier_is_written_without_blanks() -> None:
    with pytest.raises(MisuseError, match="13 characters without blanks"):
        item(item_id="RB 123456785 CN")


def test_an_identifier_with_a_wrong_check_digit_is_refused() -> None:
    with pytest.raises(MalformedCodeError):
        item(item_id="RB123456784CN")
