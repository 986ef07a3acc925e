"""Rules of articles know them by code and by whole words, and hold where they say."""

from datetime import date

from entrepost.reference.article_rule import KINDS, list_article_rules

RULES = {rule.rule: rule for rule in list_article_rules()}


def test_a_rule_holds_everywhere_or_for_its_countries() -> None:
    assert RULES["lithium_ion_alone"].holds_for("NZ")
    assert RULES["sg_gum"].holds_for("SG")
    assert not RULES["sg_gum"].holds_for("MY")


def test_words_are_whole_and_in_one_number_or_many() -> None:
    lighter = RULES["lighter"]
    assert lighter.matches("", "two lighters") == "lighters"
    assert lighter.matches("", "highlighter") == ""
    assert RULES["lithium_ion_alone"].matches("", "li ion battery") == "li ion battery"


def test_other_words_say_that_it_is_something_else_but_a_code_stands() -> None:
    assert RULES["lighter"].matches("", "lighter case") == ""
    assert RULES["lighter"].matches("961310", "lighter case") == "HS 961310"


def test_every_kind_is_known_and_the_rules_of_a_day_are_those_of_the_file() -> None:
    assert {rule.kind for rule in RULES.values()} <= set(KINDS)
    assert len(list_article_rules(date(2026, 11, 29))) == len(RULES)
