"""What customs would refuse is found before the item leaves."""

from __future__ import annotations

import pytest

from entrepost.mail.declaration import Content, Declaration, check_declaration

SHIRT = Content("cotton T-shirt for men", 1, 200, 1500, "610910", "CN")


def declared(*contents: Content, currency: str = "EUR", nature: str = "sale") -> list[str]:
    return [finding.code for finding in check_declaration(Declaration(nature, currency, contents), 250, "A")]


def test_a_whole_declaration_has_no_findings() -> None:
    assert declared(SHIRT) == []


def test_values_and_weights_of_all_contents_are_added_up() -> None:
    declaration = Declaration("sale", "EUR", (SHIRT, Content("silk scarf", 2, 60, 4200)))
    assert (declaration.value_minor, declaration.net_weight_g) == (5700, 260)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (Content("shirt", 1, 251, 1500), "declaration_heavier_than_item"),
        (Content("shirt", 0, 200, 1500), "declaration_empty"),
        (Content("shirt", 1, 200, 0), "declaration_value_missing"),
        (Content("shirt", 1, 200, 1500, "6109"), "hs_malformed"),
        (Content("shirt", 1, 200, 1500, "610910", "XX"), "declaration_origin_unknown"),
        (Content("Gift", 1, 200, 1500), "declaration_description_vague"),
    ],
)
def test_what_customs_would_refuse_is_a_finding(content: Content, code: str) -> None:
    assert declared(content) == [code]


def test_documents_need_no_value_and_every_declaration_a_currency() -> None:
    assert declared(Content("letter", 1, 20, 0), nature="documents") == []
    assert declared(SHIRT, currency="EURO") == ["declaration_currency_unknown"]
    assert declared() == ["declaration_empty"]


def test_a_finding_names_the_article_and_a_vague_word_is_but_a_warning() -> None:
    contents = (SHIRT, Content("Stuff", 1, 20, 100))
    (finding,) = check_declaration(Declaration("sale", "EUR", contents), 250, "A")
    assert (finding.subject, finding.field, finding.level) == ("A contents[1]", "description", "warning")
