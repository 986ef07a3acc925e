"""A seller's own rules: a TOML file of rules in order, of which the first that matches decides.

.. code-block:: toml

    [[rule]]
    name = "Small things to Brazil"
    when = { country = ["BR"], weight_to_g = 500, battery = ["none"] }
    services = ["PACKET", "PARCEL"]     # the first that can be used

    [[rule]]
    name = "Dear things fast"
    when = { value_over_minor = 10000 }
    policy = "keep_date"                # or balanced, by_score, least_charge, least_cost, fastest
    probability = 0.95

    [[rule]]
    name = "The rest from stock where it lies"
    first = ["STOCK"]                   # before whatever the policy would take
    policy = "least_cost"
    day_value_minor = 50

All conditions of a rule must hold; a rule without conditions matches every order. With services and a
policy, the policy chooses among these services. Orders that no rule matches take the default policy. Rules may also
ask for figures that stand in files beside them, see `rule_facts`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.experience.satisfaction_file import read_satisfaction
from entrepost.service.policy import Balanced, ByScore, Fastest, FirstNamed, KeepDate, LeastCharge, LeastCost, Ranking
from entrepost.service.rule_facts import SIDES, Facts, read_facts

POLICIES: dict[str, type[Balanced | ByScore | KeepDate | LeastCharge | LeastCost | Fastest]] = {
    "balanced": Balanced,
    "by_score": ByScore,
    "keep_date": KeepDate,
    "least_charge": LeastCharge,
    "least_cost": LeastCost,
    "fastest": Fastest,
}
OPTIONS = {
    "balanced": ("probability", "day_value_minor"),
    "by_score": ("probability", "point_minor", "satisfaction"),
    "keep_date": ("probability",),
    "least_cost": ("day_value_minor",),
}
NUMBERS = ("probability", "day_value_minor", "point_minor")
LISTS = ("tenant", "seller", "country", "area", "region", "origin", "sku", "battery")
BOUNDS = ("weight_over_g", "weight_to_g", "value_over_minor", "value_to_minor")
FIELDS = ("name", "when", "first", "services", "policy", *NUMBERS, "satisfaction")


@dataclass(frozen=True, slots=True)
class SellerRule:
    """When all conditions hold for an order, the first of `first` that can be used; else one of the services (any, if
    empty) by the policy."""

    name: str
    when: Mapping[str, Any]
    services: tuple[str, ...]
    policy: Ranking
    first: tuple[str, ...] = ()

    def holds(self) -> pl.Expr:
        """Whether the rule matches an order, over a frame of `facts_of`."""
        holds = pl.lit(True)
        for field, value in self.when.items():
            holds = holds & _condition(field, value)
        return holds.fill_null(False)


def load_rules(path: str | Path) -> tuple[list[SellerRule], list[Facts]]:
    """Read rules and the facts beside them; raises `UnreadableInputError` or `MisuseError` with what to correct."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"the rule file {path} cannot be read: {error}") from None
    content = _parse(text, str(path))
    facts = read_facts(content, Path(path).parent, str(path))
    return _rules(content, str(path), facts), facts


def parse_rules(text: str, name: str = "rule file") -> list[SellerRule]:
    """The rules of a TOML text without facts; `name` stands in messages."""
    return _rules(_parse(text, name), name, [])


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableInputError(f"{name} is not TOML: {error}") from None


def _rules(content: dict[str, Any], name: str, facts: list[Facts]) -> list[SellerRule]:
    _refuse_unknown(content, ("rule", "facts"), name)
    rules = content.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise MisuseError(f"{name}: write each rule under [[rule]]")
    figures = [f"{figure}{side}" for each in facts for figure in each.names for side in SIDES]
    return [_rule(rule, f"{name}, rule {number}", figures) for number, rule in enumerate(rules, 1)]


def _rule(rule: dict[str, Any], place: str, figures: list[str]) -> SellerRule:
    _refuse_unknown(rule, FIELDS, place)
    when = rule.get("when", {})
    if not isinstance(when, dict):
        raise MisuseError(f"{place}: when must be a table such as {{ country = ['BR'] }}")
    _refuse_unknown(when, (*LISTS, *BOUNDS, "wanted", *figures), f"{place}, when")
    for field, value in when.items():
        _check_condition(field, value, place)
    services = rule.get("services", [])
    if not _is_texts(services) or not (services or "policy" in rule):
        raise MisuseError(f"{place}: give services as a list of codes, or a policy, or both")
    first = rule.get("first", [])
    if not _is_texts(first) or (first and "policy" not in rule):
        raise MisuseError(f"{place}: first is a list of codes of services that go before what the policy takes")
    policy = _policy(rule, tuple(services), place)
    return SellerRule(str(rule.get("name", place)), when, tuple(services), policy, tuple(first))


def _policy(rule: dict[str, Any], services: tuple[str, ...], place: str) -> Ranking:
    kind = rule.get("policy")
    options: dict[str, Any] = {name: rule[name] for name in (*NUMBERS, "satisfaction") if name in rule}
    if kind is None:
        _refuse_unknown(options, (), place)
        return FirstNamed(services)
    if kind not in POLICIES:
        raise MisuseError(f"{place}: policy {kind!r} is unknown; there are {', '.join(POLICIES)}")
    _refuse_unknown(options, OPTIONS.get(kind, ()), f"{place}, policy {kind}")
    if not all(isinstance(options[name], int | float) for name in NUMBERS if name in options):
        raise MisuseError(f"{place}: probability, day_value_minor and point_minor are numbers")
    if kind == "by_score":
        return _by_score(options, place)
    return POLICIES[kind](**options)


def _by_score(options: dict[str, Any], place: str) -> ByScore:
    """The policy with what a file says of scores; its name is told from where the rule file lies."""
    if "point_minor" not in options:
        raise MisuseError(f"{place}: say what a point of score is worth, such as point_minor = 2000")
    named = options.pop("satisfaction", None)
    if named is None:
        return ByScore(**options)
    if not isinstance(named, str):
        raise MisuseError(f"{place}: satisfaction is the name of a file, such as 'satisfaction.toml'")
    folder = Path(place.rpartition(", rule ")[0]).parent
    return ByScore(**options, satisfaction=read_satisfaction(folder / named))


def _refuse_unknown(given: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        allowed = f"allowed are {', '.join(known)}" if known else "nothing of the kind is allowed here"
        raise MisuseError(f"{place}: unknown field {unknown[0]!r}; {allowed}")


def _check_condition(field: str, value: Any, place: str) -> None:
    if field in LISTS and not _is_texts(value):
        raise MisuseError(f"{place}: {field} must be a list of texts, such as {field} = ['...']")
    if field in BOUNDS and (not isinstance(value, int) or isinstance(value, bool)):
        raise MisuseError(f"{place}: {field} must be a whole number")
    if field == "wanted" and not isinstance(value, bool):
        raise MisuseError(f"{place}: wanted must be true (a date is wanted) or false")
    if field not in (*LISTS, *BOUNDS, "wanted") and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise MisuseError(f"{place}: {field} must be a number")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _condition(field: str, value: Any) -> pl.Expr:
    if field == "sku":
        return pl.col("skus").list.eval(pl.element().is_in(value)).list.any()
    if field in LISTS:
        return pl.col(field).is_in(value)
    if field == "wanted":
        return pl.col("wanted").eq(value)
    if field in BOUNDS:
        quantity, side, unit = field.split("_")
        name = f"{quantity}_{unit}"
    else:
        name, _, side = field.rpartition("_")
    return pl.col(name).gt(value) if side == "over" else pl.col(name).le(value)
