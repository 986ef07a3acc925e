"""Articles are known by code and by words, for every destination or for some."""

from datetime import date

import pytest

from entrepost.customs.articles import Article, check_articles
from entrepost.reference.article_rule import list_article_rules


def _rules(description: str, destination: str = "DE", hs_code: str = "") -> list[str]:
    return [found.rule.rule for found in check_articles([Article("LX1", destination, description, hs_code)])]


@pytest.mark.parametrize(
    ("description", "number"),
    [
        ("Power bank 10000 mAh", "UN3480"),
        ("Lithium-ion batteries 18650, 4 pcs", "UN3480"),
        ("Hair spray 200 ml", "UN1950"),
        ("Eau de Parfum for women 50 ml", "UN1266"),
        ("Gas lighters", "UN1057"),
        ("Red nail polish", "UN1263"),
        ("Butane gas cartridge", "UN2037"),
        ("Sparklers", "UN0336"),
    ],
)
def test_dangerous_goods_are_known_by_words_with_their_number(description: str, number: str) -> None:
    (found,) = check_articles([Article("LX1", "DE", description)])
    assert found.rule.un_number == number
    assert found.to_finding().level == "error"


@pytest.mark.parametrize(
    "description",
    [
        "Cotton T-shirt",
        "Lighter case of leather",
        "Nail polish stickers",
        "Ivory white dress",
        "Highlighter pens",
        "Water pistol, toy",
        "Spray bottle, empty",
        "Flared jeans",
        "Cheese grater",
        "Lace dress",
    ],
)
def test_what_only_sounds_dangerous_is_nothing(description: str) -> None:
    assert _rules(description, "FR") == []


def test_a_code_is_enough() -> None:
    (found,) = check_articles([Article("LX1", "US", "Accessory", "8507.60.00")])
    assert found.to_finding().field == "hs_code"
    assert found.rule.un_number == "UN3480"


def test_equipment_with_batteries_is_told_and_not_forbidden() -> None:
    (found,) = check_articles([Article("LX1", "US", "Smartphone 128 GB", "851713")])
    assert found.rule.un_number == "UN3481"
    assert found.to_finding().level == "warning"


def test_some_articles_are_forbidden_only_where_they_are() -> None:
    assert "sg_gum" in _rules("Chewing gum, mint", "SG")
    assert _rules("Chewing gum, mint", "FR") == []
    assert "eu_meat_dairy" in _rules("Beef jerky", "FR")
    assert _rules("Beef jerky", "CH") == []


def test_an_article_that_may_not_be_sent_is_not_told_conditions_too() -> None:
    assert _rules("E-cigarette with battery", "SG", "854340") == ["sg_vape"]


def test_every_rule_says_what_to_do_and_where_it_is_from() -> None:
    for rule in list_article_rules(date(2026, 11, 29)):
        assert rule.meaning
        assert rule.fix
        assert rule.source
        assert rule.words or rule.hs_prefixes


def test_a_description_in_another_script_or_of_a_million_letters_is_no_trouble() -> None:
    assert _rules("\0\u202e" + "a" * 1_000_000) == []
    assert _rules("") == []
