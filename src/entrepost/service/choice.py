"""The most appropriate service for each order, with the reason in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.service import eligibility, landed, quote
from entrepost.service.case import Case, read_case
from entrepost.service.exchange import EPOCH_DAY, RATED_ON, Exchange, say_rated_on
from entrepost.service.explanation import explain, explain_miss
from entrepost.service.policy import DAY_VALUE, Balanced, FirstNamed, Policy, Ranking, RuleFile
from entrepost.service.ratecard import day_number
from entrepost.service.rule_facts import Facts, with_facts
from entrepost.service.rule_file import SellerRule, load_rules
from entrepost.service.scored import add_day_values
from entrepost.service.stocked import list_granted
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill

RULES_AT_ONCE = 256
"""So many rules are looked at together: a column each for every order."""

COLUMNS = (*quote.COLUMNS[:-1], "explanation")
"""The columns of choices: those of quotes without the reason's code, and the explanation."""

NEAR = (
    eligibility.WAREHOUSE_MISSING,
    eligibility.ORIGIN_REFUSED,
    eligibility.DESTINATION_UNSERVED,
    eligibility.STOCK_MISSING,
    eligibility.SUSPENDED,
)
"""Refusals from the farthest from a yes; any other, about the item itself, is nearer than these."""


def choose(
    network: Network, orders: pl.DataFrame, policy: Policy | None = None, quotes: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Choose a service for each order.

    Parameters
    ----------
    network : Network
        The network that was quoted.
    orders : DataFrame
        Rows of the table `orders`, one per order line.
    policy : Policy, optional
        `Balanced` (the default), `ByScore`, `KeepDate`, `LeastCharge`, `LeastCost`, `Fastest`, or a seller's
        `RuleFile`.
    quotes : DataFrame, optional
        What `quote` gave for these orders; without it they are quoted here. Where they tell what is due at the
        border, all that the customer pays stands for the charge, if it is known of every offer of an order.

    Returns
    -------
    DataFrame
        A row per order, in the order of their first line; see `COLUMNS`. Where no service can be used,
        `service` is null and the explanation names the nearest miss. Overseas stock is granted in the
        order of `placed_at`; orders that come too late take their best direct service.
    """
    quotes = quote.quote(network, orders) if quotes is None else quotes
    if absent := [name for name in quote.COLUMNS if name not in quotes.columns]:
        raise MisuseError(f"quotes lack the columns {', '.join(absent)}; give what quote returned for these orders")
    case = read_case(network, orders, Exchange(network.currency))
    ways, facts = _list_ways(network, policy)
    offers = _offers(network, case, quotes, _way_of_orders(case, ways, facts))
    offers = pl.concat([_allowed(part, way) for way, part in _parts(offers, ways)])
    ranked = pl.concat([_ranked(part, way) for way, part in _parts(offers.filter("eligible"), ways)])
    best, late = _grant_stock(network, case, ranked)
    told = [_told(network, part, way) for way, part in _parts(best, ways)]
    missed = _missed(network, case, offers, best, late)
    chosen = pl.concat([*told, missed], how="diagonal_relaxed")
    return chosen.sort("order").select(*COLUMNS, *(name for name in landed.COLUMNS if name in chosen.columns))


@dataclass(frozen=True, slots=True)
class Way:
    """How some orders are decided: by a policy, among these services (any, if empty), some of them first."""

    policy: Ranking
    services: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of deciding, each once however many rules name it; the seller's rules, each with the number of its way.

    `other` is the way of the orders that no rule matches.
    """

    each: list[Way]
    rules: list[tuple[SellerRule, int]]
    other: int


def _list_ways(network: Network, policy: Policy | None) -> tuple[Ways, list[Facts]]:
    """The rules of a file in order, then the policy for all other orders; and what rules ask."""
    if not isinstance(policy, RuleFile):
        return Ways([Way(valued(network, policy or Balanced()))], [], 0), []
    rules, facts = load_rules(policy.path)
    ways, numbered = [Way(valued(network, Balanced()))], []
    for rule in rules:
        if unknown := [code for code in (*rule.first, *rule.services) if code not in network.service_by_code]:
            known = ", ".join(network.service_by_code)
            raise MisuseError(f"{policy.path}, {rule.name}: service {unknown[0]!r} is unknown; there are {known}")
        way = Way(valued(network, rule.policy), rule.services, rule.first)
        if way not in ways:
            ways.append(way)
        numbered.append((rule, ways.index(way)))
    return Ways(ways, numbered, 0), facts


def valued(network: Network, policy: Ranking) -> Ranking:
    """A policy whose value of a day is stated in the network's currency."""
    if not isinstance(policy, Balanced) or policy.day_value_minor is not None:
        return policy
    value = Exchange(network.currency).find_converted(*DAY_VALUE, day_number(network.ordinary_week))
    if value is None:
        raise MisuseError(
            f"no rate of exchange from {DAY_VALUE[1]} to {network.currency} is known for {network.ordinary_week}: "
            "state the value of a day, such as Balanced(day_value_minor=50)"
        )
    return replace(policy, day_value_minor=value)


def _way_of_orders(case: Case, ways: Ways, facts: list[Facts]) -> pl.DataFrame:
    """For each order the way in which it is decided, and the name of the first rule that matches it (null: none)."""
    asked = with_facts(facts_of(case), facts)
    first = np.full(asked.height, len(ways.rules))
    for begin in range(0, len(ways.rules), RULES_AT_ONCE):
        rules = [rule for rule, _ in ways.rules[begin : begin + RULES_AT_ONCE]]
        columns = (rule.holds().alias(str(place)) for place, rule in enumerate(rules))
        holds = asked.select("order", *columns).drop("order").to_numpy()
        new = holds.any(axis=1) & (first == len(ways.rules))
        first[new] = begin + holds[new].argmax(axis=1)
    numbers = np.array([*(way for _, way in ways.rules), ways.other])
    names = pl.Series([*(rule.name for rule, _ in ways.rules), None], dtype=pl.String)
    return asked.select("order", way=pl.Series(numbers[first]), rule=names.gather(first))


def facts_of(case: Case) -> pl.DataFrame:
    """What a seller's rule may ask of each order."""
    heaviest = pl.col("battery").sort_by(pl.col("battery").replace_strict(eligibility.BATTERIES)).last()
    facts = case.items.group_by("order", maintain_order=True).agg(
        pl.col(*ORDER, "country", "area", "region", "origin").first(),
        pl.col("weight_g").sum(),
        value_minor=pl.when(pl.col("converted_value_minor").null_count() == 0).then(
            pl.col("converted_value_minor").sum()
        ),
        battery=heaviest,
        wanted=pl.col("wanted_by").first().is_not_null(),
    )
    skus = case.lines.group_by(ORDER).agg(skus=pl.col("sku").drop_nulls())
    return facts.join(skus, on=ORDER, how="left", maintain_order="left")


def _offers(network: Network, case: Case, quotes: pl.DataFrame, ways: pl.DataFrame) -> pl.DataFrame:
    """The quotes with the number of their order and of the way in which it is decided."""
    stock = [service.service for service in network.services if service.kind == "stock"]
    keys = case.orders.select("order", *ORDER, "wanted_by", "origin", "country", "placed_day").join(
        ways, on="order", maintain_order="left"
    )
    offers = quotes.join(keys, on=ORDER, how="inner", maintain_order="left")
    if offers.get_column("order").n_unique() != case.orders.height:
        raise MisuseError("quotes do not hold every order; give what quote returned for these orders")
    return offers.with_columns(from_stock=pl.col("service").is_in(stock))


def _parts(offers: pl.DataFrame, ways: Ways) -> Iterator[tuple[Way, pl.DataFrame]]:
    """The offers way by way."""
    for number, way in enumerate(ways.each):
        yield way, offers.filter(pl.col("way") == number)


def _allowed(offers: pl.DataFrame, way: Way) -> pl.DataFrame:
    return offers.filter(pl.col("service").is_in((*way.first, *way.services))) if way.services else offers


def _ranked(offers: pl.DataFrame, way: Way) -> pl.DataFrame:
    """The offers that can be used, order by order, the best first."""
    policy, first = way.policy, FirstNamed(way.first)
    valued = add_day_values(offers, policy).with_columns(due_minor=pl.lit(0, pl.Int64))
    if "landed_minor" in valued.columns:  # what is paid in all stands for the charge until the choice is told
        known = (pl.col("landed_minor").null_count() == 0).over("order")
        paid = pl.when(known).then("landed_minor").otherwise("charge_minor")
        due = paid - pl.col("charge_minor")
        valued = valued.with_columns(
            own_charge_minor="charge_minor", charge_minor=paid, due_minor=due, with_border=known
        )
    ground = pl.when(pl.col("service").is_in(way.first)).then(first.ground()).otherwise(policy.ground())
    return valued.with_columns(ground=ground).sort("order", *first.keys(), *policy.keys(), maintain_order=True)


def _best(ranked: pl.DataFrame) -> pl.DataFrame:
    """The first offer of each order, and how the second compares."""
    placed = ranked.with_columns(place=pl.int_range(pl.len()).over("order"))
    compared = ("service", "charge_minor", "wait_hours_mean", "wanted_probability")
    second = placed.filter(pl.col("place") == 1).select("order", pl.col(compared).name.prefix("other_"))
    return placed.filter(pl.col("place") == 0).join(second, on="order", how="left", maintain_order="left")


def _grant_stock(network: Network, case: Case, ranked: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The best offers with stock given out first come first served; and who came too late for which warehouse."""
    best = _best(ranked)
    stocked = best.filter("from_stock").select("order", "service", warehouse="route")
    granted = list_granted(network, case, stocked)
    late = stocked.filter(~pl.col("order").is_in(granted.implode())).select("order", late_for="warehouse")
    again = _best(ranked.filter(~pl.col("from_stock")).join(late, on="order", how="semi", maintain_order="left"))
    kept = best.join(late, on="order", how="anti", maintain_order="left")
    return pl.concat([kept, again]).join(late, on="order", how="left", maintain_order="left"), late


def _told(network: Network, chosen: pl.DataFrame, way: Way) -> pl.DataFrame:
    """The chosen rows of one way with their explanations."""
    by_rule = fill("By the rule '{}': ", "rule").fill_null("")
    told = chosen.with_columns(explanation=_noted(by_rule + explain(network, chosen, way.policy)))
    if "with_border" not in told.columns:
        return _dated(told)
    counted = fill("{}; duty, tax and fees are counted in.", pl.col("explanation").str.strip_suffix("."))
    return _dated(
        told.with_columns(
            charge_minor="own_charge_minor", explanation=pl.when("with_border").then(counted).otherwise("explanation")
        )
    )


def _dated(told: pl.DataFrame) -> pl.DataFrame:
    """The explanations, with the day of a rate of exchange that is old."""
    if not told.get_column(RATED_ON).is_not_null().any():
        return told
    pairs = told.select(RATED_ON, "placed_day").unique(maintain_order=True)
    said = [say_rated_on(rated_on, EPOCH_DAY + timedelta(days=day)) for rated_on, day in pairs.iter_rows()]
    words = pairs.with_columns(pl.Series("said", said, dtype=pl.String))
    named = told.join(words, on=[RATED_ON, "placed_day"], how="left", nulls_equal=True, maintain_order="left")
    return named.with_columns(pl.col("explanation") + pl.col("said")).drop("said")


def _noted(sentence: pl.Expr) -> pl.Expr:
    """The sentence, with what became of the stock that was chosen first."""
    note = fill("{}; the stock in {} went to earlier orders.", sentence.str.strip_suffix("."), "late_for")
    return pl.when(pl.col("late_for").is_null()).then(sentence).otherwise(note)


def _missed(network: Network, case: Case, offers: pl.DataFrame, best: pl.DataFrame, late: pl.DataFrame) -> pl.DataFrame:
    """The orders for which nothing can be used, with the nearest miss."""
    nearness = {code: place for place, code in enumerate(NEAR)}
    refused = offers.filter(~pl.col("eligible")).join(best, on="order", how="anti", maintain_order="left")
    limits = {service.service: service.weight_max_g for service in network.services}
    nearest = refused.sort(
        "order",
        -pl.col("reason_code").replace_strict(nearness, default=len(NEAR), return_dtype=pl.Int64),
        -pl.col("service").replace_strict(limits, return_dtype=pl.Int64),
        maintain_order=True,
    ).unique("order", keep="first", maintain_order=True)
    told = nearest.select("order", explain_miss(network, nearest))
    missed = case.orders.join(best, on="order", how="anti", maintain_order="left")
    return (
        missed.select("order", *ORDER, "region", "area", "items")
        .join(told, on="order", how="left", maintain_order="left")
        .join(late, on="order", how="left", maintain_order="left")
        .with_columns(
            eligible=False,
            currency=pl.lit(network.currency),
            explanation=_noted(pl.col("explanation").fill_null("No service can be used.")),
        )
    )
