"""A seller's own rules."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import EntrepostError, UnreadableInputError
from entrepost.experience.satisfaction_file import default_satisfaction, write_satisfaction
from entrepost.service.policy import ByScore, Fastest, FirstNamed, KeepDate, LeastCost
from entrepost.service.rule_file import load_rules, parse_rules

FACTS = pl.DataFrame(
    {
        "tenant": "main", "seller": "shop", "country": "BR", "area": "BR-metro", "region": "BR-0", "origin": "CNSHAA",
        "battery": "none",
        "weight_g": 500, "value_minor": 10_000, "wanted": False, "skus": [["LAMP", "MUG"]],
    }
)  # fmt: skip


def holds(when: str) -> bool:
    rule = parse_rules(f"[[rule]]\nwhen = {when}\npolicy = 'fastest'")[0]
    return bool(FACTS.select(rule.holds()).item())


def test_rules_are_read_in_order_with_their_policies() -> None:
    rules = parse_rules("""
        [[rule]]
        name = "small to Brazil"
        when = { country = ["BR"], weight_to_g = 500 }
        services = ["PACKET", "PARCEL"]

        [[rule]]
        policy = "keep_date"
        probability = 0.95

        [[rule]]
        services = ["EMS"]
        policy = "fastest"
    """)
    assert [rule.policy for rule in rules] == [FirstNamed(("PACKET", "PARCEL")), KeepDate(0.95), Fastest()]
    assert [rule.name for rule in rules] == ["small to Brazil", "rule file, rule 2", "rule file, rule 3"]


def test_some_services_go_before_what_the_policy_takes() -> None:
    rule = parse_rules("[[rule]]\nfirst = ['STOCK']\npolicy = 'least_cost'\nday_value_minor = 50")[0]
    assert (rule.first, rule.services, rule.policy) == (("STOCK",), (), LeastCost(50))
    with pytest.raises(EntrepostError, match="first is a list of codes of services that go before"):
        parse_rules("[[rule]]\nfirst = ['STOCK']\nservices = ['EMS']")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{}", True),
        ("{ country = ['BR', 'CL'] }", True),
        ("{ country = ['CL'] }", False),
        ("{ weight_to_g = 500 }", True),
        ("{ weight_over_g = 500 }", False),
        ("{ value_over_minor = 9999 }", True),
        ("{ value_to_minor = 9999 }", False),
        ("{ sku = ['MUG'] }", True),
        ("{ sku = ['CUP'] }", False),
        ("{ battery = ['contained', 'loose'] }", False),
        ("{ wanted = false }", True),
        ("{ seller = ['shop'], origin = ['CNSHAA'], tenant = ['main'] }", True),
        ("{ country = ['BR'], weight_to_g = 499 }", False),
        ("{ area = ['BR-metro'], region = ['BR-0', 'BR-1'] }", True),
        ("{ area = ['BR-other'] }", False),
    ],
)
def test_all_conditions_must_hold(when: str, expected: bool) -> None:
    assert holds(when) is expected


def test_value_that_is_not_known_meets_no_condition() -> None:
    rule = parse_rules("[[rule]]\nwhen = { value_to_minor = 9999 }\npolicy = 'fastest'")[0]
    facts = FACTS.with_columns(value_minor=pl.lit(None, pl.Int64))
    assert facts.select(rule.holds()).item() is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[rule]]\ncountries = ['BR']\npolicy = 'fastest'",
            "rule 1: unknown field 'countries'; allowed are name, when",
        ),
        ("[[rule]]\nwhen = { weigth_to_g = 5 }\npolicy = 'fastest'", "rule 1, when: unknown field 'weigth_to_g'"),
        ("[[rule]]\npolicy = 'quickest'", "policy 'quickest' is unknown; there are balanced"),
        ("[[rule]]\nwhen = { country = 'BR' }\npolicy = 'fastest'", "country must be a list of texts"),
        ("[[rule]]\nwhen = { weight_to_g = '5' }\npolicy = 'fastest'", "weight_to_g must be a whole number"),
        ("[[rule]]\nwhen = { wanted = 1 }\npolicy = 'fastest'", "wanted must be true"),
        ("[[rule]]\nwhen = 5\npolicy = 'fastest'", "when must be a table"),
        ("[[rule]]\nname = 'x'", "give services as a list of codes, or a policy"),
        ("[[rule]]\nservices = 'EMS'", "give services as a list of codes"),
        ("[[rule]]\npolicy = 'fastest'\nprobability = 0.9", "policy fastest: unknown field 'probability'"),
        ("[[rule]]\nservices = ['EMS']\nprobability = 0.9", "unknown field 'probability'"),
        ("[[rule]]\npolicy = 'keep_date'\nprobability = 9", "such as 0.9"),
        ("[[rule]]\npolicy = 'keep_date'\nprobability = 'x'", "are numbers"),
        ("[[rule]]\npolicy = 'by_score'", "say what a point of score is worth"),
        ("[[rule]]\npolicy = 'by_score'\npoint_minor = 5\nsatisfaction = 5", "is the name of a file"),
        ("rule = 5", r"write each rule under \[\[rule\]\]"),
        ("rules = []", "unknown field 'rules'"),
        ("[[rule", "is not TOML"),
    ],
)
def test_mistake_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(EntrepostError, match=message):
        parse_rules(text)


def test_scores_decide_by_the_default_or_by_a_file_beside_the_rules(tmp_path: Path) -> None:
    text = "[[rule]]\npolicy = 'by_score'\npoint_minor = 2000\n"
    (plain,) = parse_rules(text)
    assert plain.policy == ByScore(2000)
    write_satisfaction(default_satisfaction(), tmp_path / "satisfaction.toml")
    (tmp_path / "rules.toml").write_text(f"{text}satisfaction = 'satisfaction.toml'\n")
    (named,), _ = load_rules(tmp_path / "rules.toml")
    assert named.policy == ByScore(2000, default_satisfaction())


def test_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        load_rules(tmp_path / "none.toml")


def test_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xef\xbb\xbf[[rule]]\npolicy = 'fastest'\n")
    rules, facts = load_rules(path)
    assert (len(rules), facts) == (1, [])
