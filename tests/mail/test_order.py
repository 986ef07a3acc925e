"""An order is whole once it exists: named, with lines, a zone and a country."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.order import Line, Order

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINE = Line(1, 1, "10.00", 250)
WHOLE = {
    "tenant": "main",
    "seller": "s",
    "order_id": "7",
    "placed_at": NOON,
    "origin": "CNSZXA",
    "country": "US",
    "lines": (LINE,),
}


def order(**cells: object) -> Order:
    return Order(**(WHOLE | cells))  # type: ignore[arg-type]


def test_an_order_keeps_its_lines_and_need_not_be_wanted_by_any_time() -> None:
    assert order().lines == (LINE,)
    assert order().wanted_by is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lines": ()}, "no lines"),
        ({"placed_at": NOON.replace(tzinfo=None)}, "no zone"),
        ({"wanted_by": NOON.replace(tzinfo=None)}, "no zone"),
        ({"country": "UK"}, "not a country"),
        ({"seller": ""}, "named by"),
    ],
)
def test_an_order_has_a_name_lines_a_zone_and_a_country(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        order(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"quantity": 0}, "at least 1"),
        ({"weight_g": 0}, "at least 1"),
        ({"length_mm": -1}, "below 0"),
        ({"battery": "big"}, "none of none, contained, loose"),
    ],
)
def test_a_line_has_pieces_with_weight_and_a_known_battery(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        Line(**({"line": 1, "quantity": 1, "unit_value": "1", "weight_g": 1} | wrong))  # type: ignore[arg-type]
