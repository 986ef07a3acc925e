"""Rows in which nothing is odd are read as frames read them, and whatever is odd is left to those."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.mail.order import Line
from entrepost.operations.asked_orders import read_asked_orders
from entrepost.operations.plain_orders import read_plain_orders
from tests.operations.shop import lamp

ORIGINS = ("CNSHAA",)
CELLS: dict[str, list[Any]] = {
    "seller": ["shop", " shop ", "", "sh\x00op", "Läden"],
    "order_id": ["o1", "o2", None],
    "line": [None, 1, "2", 0, "x"],
    "placed_at": ["2026-01-05T10:00:00+08:00", "2026-01-05T10:00:00Z", "2026-02-30T10:00:00Z", "2026-01-05", "now"],
    "wanted_by": [None, "2026-02-01", "2026-02-01T00:00:00-03:30"],
    "quantity": [None, 1, "3", 0, "1e2", True, 2.0],
    "unit_value": [None, "30.00", "30.005", 30, 12.5, "1,5", "-1", "abc"],
    "currency": ["CNY", "cny", None, "XXX", "EUR", "JPY"],
    "weight_g": [400, "400", 0, None, "0400", 10**9, "4 00"],
    "length_mm": [None, 100, -1],
    "origin": ["CNSHAA", "cnshaa", "NOWHERE", "Ö"],
    "country": ["DE", "de", "ZZ", "D"],
    "postcode": [None, "60311", 60311, "\u2028"],
    "city": [None, "Frankfurt", "\x1fFrankfurt", "Fránkfurt"],
    "battery": [None, "none", "loose", "yes"],
    "hs_code": [None, "6109.10", "61", "x"],
    "unknown": ["a"],
}
ROWS = st.lists(
    st.dictionaries(st.sampled_from(sorted(CELLS)), st.integers(0, 6), max_size=5).map(
        lambda picked: lamp() | {name: CELLS[name][place % len(CELLS[name])] for name, place in picked.items()}
    ),
    min_size=1,
    max_size=3,
)
OWN = [name for name in Line.__slots__ if name != "line"]
SHARED = ("tenant", "seller", "order_id", "placed_at", "origin", "country", "postcode", "city", "wanted_by")
TEXTS = ("sku", "hs_code", "description", "currency", "postcode", "city")


def test_a_row_without_anything_odd_is_read() -> None:
    orders = read_plain_orders([lamp(), lamp(line="2", sku="MUG"), lamp(order_id="o2")], "main", ORIGINS)
    assert orders is not None
    assert [(order.order_id, len(order.lines)) for order in orders] == [("o1", 2), ("o2", 1)]


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_what_is_read_is_what_frames_read_and_nothing_is_to_be_said_of_it(rows: list[dict[str, Any]]) -> None:
    orders = read_plain_orders(rows, "main", ORIGINS)
    if orders is None:
        return
    asked = read_asked_orders(rows, "main", ORIGINS)
    assert not asked.findings.filter(asked.findings["level"] == "error").height
    rows_read = iter(asked.lines.to_dicts())
    for order in orders:
        for line in order.lines:
            read = next(rows_read)
            told = _told(line, OWN) | (_told(order, SHARED) if line is order.lines[0] else {})
            assert told == {name: read[name] for name in told}


def _told(noun: Any, names: Any) -> dict[str, Any]:
    """What the table has of a noun; what an order carries beside its lines is taken from the first of them."""
    row = {name: getattr(noun, name) for name in names}
    return {name: None if name in TEXTS and value == "" else value for name, value in row.items()}
