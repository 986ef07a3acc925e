"""Orders, items, parties and declarations are whole once they exist."""

from datetime import UTC, datetime

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.declaration import Content, Declaration, check_declaration
from entrepost.mail.item import Item
from entrepost.mail.order import Line, Order
from entrepost.mail.party import Party

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHIRT = Content("cotton T-shirt for men", 1, 200, 1500, "610910", "CN")


def declared(*contents: Content, currency: str = "EUR", nature: str = "sale") -> list[str]:
    return [finding.code for finding in check_declaration(Declaration(nature, currency, contents), 250, "A")]


def test_a_whole_declaration_has_no_findings():
    assert declared(SHIRT) == []
    assert Declaration("sale", "EUR", (SHIRT, SHIRT)).value_minor == 3000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (Content("shirt", 1, 251, 1500), "declaration_heavier_than_item"),
        (Content("shirt", 0, 200, 1500), "declaration_empty"),
        (Content("shirt", 1, 200, 0), "declaration_value_missing"),
        (Content("shirt", 1, 200, 1500, "6109"), "declaration_hs_malformed"),
        (Content("shirt", 1, 200, 1500, "610910", "XX"), "declaration_origin_unknown"),
        (Content("Gift", 1, 200, 1500), "declaration_description_vague"),
    ],
)
def test_what_customs_would_refuse_is_a_finding(content, code):
    assert declared(content) == [code]


def test_documents_need_no_value_and_every_declaration_a_currency():
    assert declared(Content("letter", 1, 20, 0), nature="documents") == []
    assert declared(SHIRT, currency="EURO") == ["declaration_currency_unknown"]
    assert declared() == ["declaration_empty"]


def test_an_order_has_lines_a_zone_and_a_country():
    line = Line(1, 1, "10.00", 250)
    assert Order("main", "s", "7", NOON, "CNSZXA", "US", (line,)).lines == (line,)
    with pytest.raises(MisuseError, match="no lines"):
        Order("main", "s", "7", NOON, "CNSZXA", "US", ())
    with pytest.raises(MisuseError, match="no zone"):
        Order("main", "s", "7", NOON.replace(tzinfo=None), "CNSZXA", "US", (line,))
    with pytest.raises(MisuseError, match="not a country"):
        Order("main", "s", "7", NOON, "CNSZXA", "UK", (line,))
    with pytest.raises(MisuseError, match="named by"):
        Order("main", "", "7", NOON, "CNSZXA", "US", (line,))


@pytest.mark.parametrize("wrong", [{"quantity": 0}, {"weight_g": 0}, {"length_mm": -1}, {"battery": "big"}])
def test_a_line_has_pieces_with_weight(wrong):
    with pytest.raises(MisuseError):
        Line(**({"line": 1, "quantity": 1, "unit_value": "1", "weight_g": 1} | wrong))


@pytest.mark.parametrize("wrong", [{"weight_g": 0}, {"length_mm": 1, "width_mm": 2}, {"item_id": "RB 123456785 CN"}])
def test_an_item_has_an_identifier_and_descending_sides(wrong):
    whole = {"item_id": "RB123456785CN", "weight_g": 250, "value_minor": 1000, "currency": "EUR"}
    assert Item("main", "s", "7", 1, **whole).item == 1
    with pytest.raises(MisuseError):
        Item("main", "s", "7", 1, **(whole | wrong))


def test_a_party_lives_in_a_country():
    assert Party("Ana", ("Rua A 1",), "Rio", "BR").country == "BR"
    with pytest.raises(MisuseError, match="not a country"):
        Party("Ana", ("Rua A 1",), "Rio", "Brazil")
