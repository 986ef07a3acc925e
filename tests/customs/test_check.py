"""What customs would ask about is found before the item leaves, of one item and of a file alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.money import format_minor
from entrepost.customs.check import Checked, check_declared, check_lines
from entrepost.customs.checking.params import CheckParams
from entrepost.customs.declared import Declared
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.party import Party
from entrepost.reference.currency import get_exponent
from entrepost.reference.fx import Rates
from entrepost.tables.content_lines import read_lines

DAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
RATES = Rates(
    {
        code: {DAY: Fraction(rate)}
        for code, rate in {"XDR": "0.8", "USD": "1.1", "GBP": "0.85", "JPY": "160", "KWD": "0.35"}.items()
    }
)
PARAMS = CheckParams(DAY, RATES, codes=frozenset({"610910", "621410"}), other_codes=frozenset({"610911"}))
SHIRT = Content("cotton T-shirt for men", 1, 200, 1500, "610910", "CN")
SHOP = Party("The shop", ("1 Long Road",), "Shanghai", "CN")
ANN = Party("Ann", ("2 Short Street",), "Frankfurt", "DE", postcode="60311")


def item(*contents: Content, currency: str = "EUR", nature: str = "sale", **told: object) -> Declared:
    whole = {"weight_g": 250, "mail_class": "U", "sender": SHOP, "recipient": ANN, "posted_at": NOON, **told}
    item_id = str(whole.pop("item_id", "LX000000015CN"))
    destination = str(whole.pop("destination", "DE"))
    return Declared(item_id, destination, Declaration(nature, currency, contents), **whole)  # type: ignore[arg-type]


def codes(declared: Declared, params: CheckParams = PARAMS) -> list[str]:
    return [finding.code for finding in check_declared(declared, params)]


def rows_of(*many: Declared) -> pl.DataFrame:
    """The same items as a file would hold them."""
    rows = []
    for each in many:
        exponent = get_exponent(each.declaration.currency)
        sender, recipient = each.sender, each.recipient
        for content in each.declaration.contents:
            told = {
                "item_id": each.item_id,
                "destination": each.destination,
                "origin": content.origin_country,
                "hs_code": content.hs_code,
                "description": content.description,
                "quantity": content.quantity,
                "unit_value": format_minor(content.value_minor, exponent),
                "currency": each.declaration.currency,
                "net_weight_g": content.net_weight_g,
                "nature": each.declaration.nature,
                "seller_scheme_number": each.seller_scheme_number,
                "weight_g": each.weight_g,
                "mail_class": each.mail_class,
                "form": each.form,
                "sender_name": sender.name if sender else "",
                "sender_address": sender.lines[0] if sender else "",
                "sender_country": sender.country if sender else "",
                "recipient_name": recipient.name if recipient else "",
                "recipient_address": recipient.lines[0] if recipient else "",
                "recipient_postcode": recipient.postcode if recipient else "",
                "recipient_tax_id": recipient.tax_id if recipient else "",
                "posted_at": each.posted_at.isoformat() if each.posted_at else "",
                "lodged_at": each.lodged_at.isoformat() if each.lodged_at else "",
                "loads_at": each.due_at.isoformat() if each.due_at else "",
            }
            rows.append({name: str(cell) for name, cell in told.items()})
    return pl.DataFrame(rows)


def checked(*many: Declared, params: CheckParams = PARAMS) -> Checked:
    raw = rows_of(*many)
    return check_lines(read_lines(raw), raw, params)


SHIRTS = replace(SHIRT, value_minor=37_500)
ODD = [
    (item(replace(SHIRT, net_weight_g=251)), "declaration_heavier_than_item"),
    (item(replace(SHIRT, value_minor=0)), "declaration_value_missing"),
    (item(replace(SHIRT, value_minor=100)), "declaration_value_token"),
    (item(replace(SHIRT, value_minor=1), currency="JPY"), "declaration_value_token"),
    (item(replace(SHIRT, value_minor=1000), currency="KWD"), "declaration_value_token"),
    (item(replace(SHIRT, hs_code="999999")), "declaration_hs_not_found"),
    (item(replace(SHIRT, hs_code="610911")), "declaration_hs_other_vintage"),
    (item(replace(SHIRT, hs_code="770000")), "hs_chapter_unknown"),
    (item(replace(SHIRT, hs_code="")), "declaration_data_missing"),
    (item(replace(SHIRT, description="Gift")), "declaration_description_vague"),
    (item(replace(SHIRT, description="eletronics")), "declaration_description_nearly_vague"),
    (item(replace(SHIRT, description="1004")), "declaration_description_vague"),
    (item(replace(SHIRTS, value_minor=37_501), form="CN22"), "declaration_form_short"),
    (item(SHIRT, mail_class="C", item_id="CX000000015CN", form="CN22"), "declaration_form_short"),
    (item(replace(SHIRT, value_minor=4501), nature="gift"), "declaration_gift_above_limit"),
    (item(SHIRT, nature="gift", seller_scheme_number="IM0000000001"), "declaration_gift_sold"),
    (item(SHIRT, sender=replace(SHOP, country="HK")), "declaration_sender_elsewhere"),
    (item(SHIRT, recipient=replace(ANN, postcode="")), "declaration_data_missing"),
    (item(SHIRT, lodged_at=NOON, due_at=datetime(2026, 6, 1, 11, 59, tzinfo=UTC)), "declaration_late"),
]
RIGHT = [
    item(SHIRT),
    item(SHIRT, weight_g=200),
    item(SHIRT, lodged_at=NOON, due_at=NOON),
    item(SHIRTS, form="CN22"),
    item(SHIRTS, form="CN23"),
    item(SHIRT, mail_class="C", item_id="CX000000015CN", form="CP72"),
    item(replace(SHIRT, value_minor=4500), nature="gift"),
    item(replace(SHIRT, value_minor=0), nature="documents"),
]


@pytest.mark.parametrize(("declared", "code"), ODD)
def test_what_customs_would_ask_about_is_one_finding(declared: Declared, code: str) -> None:
    assert codes(declared) == [code]


@pytest.mark.parametrize("declared", RIGHT)
def test_data_that_are_right_have_no_findings(declared: Declared) -> None:
    assert codes(declared) == []


def test_a_file_finds_what_each_of_its_items_finds() -> None:
    many = [declared for declared, _ in ODD] + RIGHT
    named = [replace(declared, item_id=f"{declared.item_id[:2]}{number:09d}CN") for number, declared in enumerate(many)]
    by_item = {each.item_id: Counter(codes(each)) for each in named}
    found = checked(*named).findings
    by_row = {name: Counter() for name in by_item} | {
        name: Counter(rows["code"]) for (name,), rows in found.group_by("item_id")
    }
    assert by_row == by_item


def test_an_identifier_rests_twelve_months() -> None:
    used = {"LX000000015CN": date(2025, 6, 2)}
    assert codes(item(SHIRT), replace(PARAMS, used=used)) == ["declaration_identifier_reused"]
    found = checked(item(SHIRT), params=replace(PARAMS, used=used)).findings
    assert found["message"].to_list() == ["LX000000015CN was used 11 months ago"]
    assert codes(item(SHIRT), replace(PARAMS, used={"LX000000015CN": date(2025, 6, 1)})) == []


def test_what_only_one_item_by_hand_can_get_wrong_is_found_too() -> None:
    assert codes(item(replace(SHIRT, quantity=0))) == ["declaration_empty", "declaration_data_missing"]
    assert codes(item(replace(SHIRT, hs_code="6109"))) == ["hs_malformed"]
    assert codes(item(replace(SHIRT, origin_country="XX"))) == ["declaration_origin_unknown"]
    assert codes(item(SHIRT, currency="EURO")) == ["declaration_currency_unknown"]
    assert "declaration_empty" in codes(item())


def test_a_finding_names_the_article_and_a_vague_word_is_but_a_warning() -> None:
    (finding,) = check_declared(item(SHIRT, replace(SHIRT, description="Stuff", net_weight_g=50)), PARAMS)
    assert (finding.subject, finding.field, finding.level) == ("LX000000015CN contents[1]", "description", "warning")


@pytest.mark.parametrize(
    ("destination", "day", "fields"),
    [
        ("DE", date(2021, 3, 14), set()),
        ("DE", date(2021, 3, 15), {"recipient_postcode"}),
        ("DE", date(2023, 3, 1), {"recipient_postcode", "hs_code"}),
        ("US", date(2026, 6, 1), {"posted_at"}),
        ("BR", date(2026, 6, 1), {"recipient_tax_id", "hs_code"}),
        ("AU", date(2025, 8, 31), set()),
        ("AU", date(2025, 9, 1), {"hs_code"}),
        ("MG", date(2026, 6, 1), set()),
    ],
)
def test_a_destination_wants_what_its_regime_wants_from_its_day_on(
    destination: str, day: date, fields: set[str]
) -> None:
    bare = replace(SHIRT, hs_code="")
    declared = item(bare, destination=destination, recipient=replace(ANN, postcode=""), posted_at=None)
    findings = check_declared(declared, CheckParams(day, RATES))
    assert {finding.field for finding in findings if finding.code == "declaration_data_missing"} == fields


def test_nothing_known_of_the_parties_is_everything_missing() -> None:
    fields = [each.field for each in check_declared(item(SHIRT, sender=None, recipient=None), PARAMS)]
    assert fields == [
        "sender_name",
        "sender_address",
        "sender_country",
        "recipient_name",
        "recipient_address",
        "recipient_postcode",
    ]


def test_a_limit_that_cannot_be_converted_is_told_once_and_judges_nobody() -> None:
    many = [item(SHIRTS, form="CN22", item_id=f"LX{number:09d}CN") for number in range(3)]
    found = checked(*many, params=replace(PARAMS, rates=Rates(), day=date(2099, 1, 1)))
    assert [each.code for each in found.told if each.field == "currency"] == ["exchange_rate_missing"]
    assert "declaration_form_short" not in found.findings["code"].to_list()


def test_a_column_that_is_not_there_is_told_once_and_rejects_nobody() -> None:
    raw = rows_of(item(SHIRT)).drop("recipient_postcode", "sender_name")
    found = check_lines(read_lines(raw), raw, PARAMS, "lines.csv")
    assert [each.field for each in found.told] == ["sender_name", "recipient_postcode"]
    assert found.findings.is_empty()
    assert found.rejected == 0
    assert found.items.select("wanted", "wanted_given").row(0) == (11, 9)


def test_a_cell_of_an_item_that_cannot_be_read_counts_as_empty() -> None:
    raw = rows_of(item(SHIRT)).with_columns(weight_g=pl.lit("light"), mail_class=pl.lit("Z"))
    found = check_lines(read_lines(raw), raw, PARAMS, "lines.csv")
    assert [(each.code, each.field) for each in found.told] == [
        ("declaration_cell_unreadable", "mail_class"),
        ("declaration_cell_unreadable", "weight_g"),
    ]
    assert found.findings["field"].to_list() == ["weight_g"]


def test_one_bad_row_rejects_its_item_alone() -> None:
    raw = rows_of(item(SHIRT), item(SHIRT, item_id="LX000000024CN"))
    raw = raw.with_columns(unit_value=pl.Series(["fifteen", "15.00"]))
    found = check_lines(read_lines(raw), raw, PARAMS)
    assert found.items.select("item_id", "sound").rows() == [("LX000000015CN", False), ("LX000000024CN", True)]
    assert found.rejected == 1


def test_a_file_without_rows_has_nothing_wrong() -> None:
    raw = rows_of(item(SHIRT)).clear()
    found = check_lines(read_lines(raw), raw, PARAMS)
    assert (found.rejected, found.findings.height, found.items.height) == (0, 0, 0)


def test_what_a_declared_item_cannot_be_is_misuse() -> None:
    with pytest.raises(MisuseError, match="form 'CN99'"):
        item(SHIRT, form="CN99")
    with pytest.raises(MisuseError, match="mode 'foot'"):
        CheckParams(DAY, mode="foot")
