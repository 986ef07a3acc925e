"""The most appropriate service for each order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.experience.day_value import PointWorth, weigh_segments
from entrepost.experience.satisfaction_file import default_satisfaction
from entrepost.network.network import Network
from entrepost.service.choice import COLUMNS, choose
from entrepost.service.policy import Balanced, ByScore, Fastest, KeepDate, LeastCharge, Policy, RuleFile
from entrepost.service.quote import quote
from tests.worlds import four_orders, hub, one_warehouse, two_services


def chosen(network: Network, policy: Policy | None = None, orders: pl.DataFrame | None = None) -> dict[str, str | None]:
    rows = choose(network, four_orders() if orders is None else orders, policy)
    return dict(rows.select("order_id", "service").iter_rows())


def explained(network: Network, order_id: str, policy: Policy | None = None) -> str:
    rows = choose(network, four_orders(), policy).filter(pl.col("order_id") == order_id)
    return str(rows.item(0, "explanation"))


def test_default_keeps_the_wanted_date_and_else_weighs_days_against_money() -> None:
    assert chosen(two_services()) == {"o1": "SLOW", "o2": "FAST", "o3": "SLOW", "o4": "SLOW"}
    dear_days = Balanced(day_value_minor=1000)
    assert chosen(two_services(), dear_days) == {"o1": "FAST", "o2": "FAST", "o3": "FAST", "o4": "FAST"}


def test_value_of_a_day_turns_the_choice_where_the_sums_are_equal() -> None:
    """FAST is CNY 72.00 dearer and 360 hours quicker for o1: 4.80 a day is where both are equal."""
    assert chosen(two_services(), Balanced(day_value_minor=479))["o1"] == "SLOW"
    assert chosen(two_services(), Balanced(day_value_minor=481))["o1"] == "FAST"


def test_a_day_is_worth_what_goes_with_it_in_scores() -> None:
    """Nothing for a point: the cheap one; a fortune for a point: the fast one; between them the model decides."""
    assert chosen(two_services(), ByScore(0))["o1"] == "SLOW"
    assert chosen(two_services(), ByScore(1_000_000))["o1"] == "FAST"
    told = explained(two_services(), "o1", ByScore(1_000))
    waits = quote(two_services(), four_orders()).filter((pl.col("order_id") == "o1") & pl.col("eligible"))
    wait_days = float(waits.get_column("wait_hours_mean").mean()) / 24  # type: ignore[arg-type]
    lane = pl.DataFrame({"origin": ["CNSHAA"], "country": ["DE"], "wait_days": [wait_days]})
    value = weigh_segments(default_satisfaction(), lane, PointWorth(1_000)).item(0, "day_value_minor")
    assert value > 0
    assert told.endswith(f", a day counted as CNY {value / 100:.2f} by the scores that go with waits.")


def test_where_a_date_is_wanted_scores_do_not_count() -> None:
    assert chosen(two_services(), ByScore(0))["o2"] == "FAST"
    with pytest.raises(MisuseError, match="must not be negative"):
        ByScore(-1)


def test_other_policies_look_at_one_thing() -> None:
    assert set(chosen(two_services(), LeastCharge()).values()) == {"SLOW"}
    assert set(chosen(two_services(), Fastest()).values()) == {"FAST"}
    assert chosen(two_services(), KeepDate()) == {"o1": "SLOW", "o2": "FAST", "o3": "SLOW", "o4": "SLOW"}


def test_row_per_order_in_the_order_of_their_first_line() -> None:
    rows = choose(two_services(), four_orders().reverse())
    assert rows.columns == list(COLUMNS)
    assert rows.get_column("order_id").to_list() == ["o4", "o3", "o2", "o1"]


def test_chosen_row_is_the_quoted_row() -> None:
    quotes = quote(two_services(), four_orders())
    rows = choose(two_services(), four_orders(), quotes=quotes)
    assert rows.drop("explanation").equals(
        quotes.join(rows.select("order_id", "service"), on=["order_id", "service"]).select(COLUMNS[:-1])
    )


def test_every_choice_is_explained_in_one_sentence() -> None:
    assert explained(two_services(), "o2") == (
        "EMS: CNY 98.00, by the wanted 8 Jan with 100 %, the cheapest that keeps the date with 90 %; "
        "Rail packet is CNY 72.00 cheaper but keeps the date with only 0 %."
    )
    assert explained(two_services(), "o1", Balanced(day_value_minor=300)) == (
        "Rail packet: CNY 26.00, by 23 Jan with 100 %; EMS is CNY 72.00 dearer but takes 15 days less on average, "
        "a day counted as CNY 3.00."
    )


def test_date_that_none_keeps_is_admitted() -> None:
    assert explained(hub(), "o2") == (
        "Tracked packet: CNY 61.00, by the wanted 8 Jan with 0 % and by 10 Jan with 100 %; "
        "no service keeps the date with 90 %, this one comes nearest."
    )


def test_order_without_any_service_stays_with_the_nearest_miss() -> None:
    network = two_services()
    fast, slow = network.services
    network = replace(network, services=(replace(fast, destinations="FR"), slow))
    rows = choose(
        network, four_orders().with_columns(weight_g=pl.when(pl.col("order_id") == "o1").then(2001).otherwise(9))
    )
    first = rows.row(0, named=True)
    assert first["service"] is None
    assert first["charge_minor"] is None
    assert not first["eligible"]
    assert first["region"] == "DE-60"
    assert first["explanation"] == (
        "No service can be used; the nearest is Rail packet: The item weighs 2,001 g, the limit is 2,000 g."
    )
    assert rows.get_column("service").to_list() == [None, "SLOW", "SLOW", "SLOW"]


def test_nothing_eligible_at_all_is_no_error() -> None:
    rows = choose(two_services(), four_orders().with_columns(country=pl.lit("JP")))
    assert rows.get_column("service").null_count() == 4
    assert rows.columns == list(COLUMNS)


def test_no_orders_give_no_choices() -> None:
    assert choose(two_services(), four_orders().head(0)).height == 0


def test_stock_goes_to_the_earliest_and_counts_down() -> None:
    expected = {"o1": "LOCAL", "o2": "LOCAL", "o3": "PACKET", "o4": "PACKET"}
    assert chosen(one_warehouse()) == expected
    backwards = chosen(one_warehouse(), orders=four_orders().reverse())
    assert backwards == expected


def test_who_comes_too_late_for_stock_is_told_so() -> None:
    assert explained(one_warehouse(), "o3", Fastest()) == (
        "Tracked packet: CNY 61.00, by 12 Jan with 100 %, the shortest mean wait; no other service can be used; "
        "the stock in DEFRAW went to earlier orders."
    )


def test_order_that_does_not_want_the_stock_leaves_it_to_others() -> None:
    network = one_warehouse()
    rates = tuple(replace(row, charge_item_minor=99_000.0) if row.service == "LOCAL" else row for row in network.rates)
    dear_stock = replace(network, rates=rates)
    assert set(chosen(dear_stock, LeastCharge()).values()) == {"PACKET"}


def test_stock_gone_and_no_direct_service_leaves_the_order_open(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]]\nservices = ['LOCAL']\n")
    rows = choose(one_warehouse(), four_orders(), RuleFile(path))
    assert rows.get_column("service").to_list() == ["LOCAL", "LOCAL", None, None]
    assert rows.item(2, "explanation") == "No service can be used; the stock in DEFRAW went to earlier orders."
    assert rows.item(3, "explanation").startswith("No service can be used; the nearest is From stock: Not all lines")


def test_first_rule_of_the_seller_that_matches_decides(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("""
        [[rule]]
        name = "heavy ones by air"
        when = { weight_over_g = 900 }
        services = ["FAST", "SLOW"]

        [[rule]]
        when = { sku = ["LAMP"], wanted = false }
        policy = "least_charge"
    """)
    rows = choose(two_services(), four_orders(), RuleFile(path))
    assert rows.get_column("service").to_list() == ["SLOW", "FAST", "SLOW", "FAST"]
    assert rows.item(3, "explanation") == (
        "By the rule 'heavy ones by air': EMS: CNY 170.00, by 12 Jan with 100 %, "
        "the first of the services named that can be used."
    )


def test_rule_about_an_unknown_service_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]]\nservices = ['FASTER']\n")
    with pytest.raises(MisuseError, match="service 'FASTER' is unknown; there are FAST, SLOW"):
        choose(two_services(), four_orders(), RuleFile(path))


def test_quotes_of_other_orders_are_refused() -> None:
    quotes = quote(two_services(), four_orders().head(1))
    with pytest.raises(MisuseError, match="do not hold every order"):
        choose(two_services(), four_orders(), quotes=quotes)
    with pytest.raises(MisuseError, match="lack the columns reason_code"):
        choose(two_services(), four_orders(), quotes=quotes.drop("reason_code"))


def test_currency_without_rates_needs_a_stated_value_of_a_day() -> None:
    network = replace(two_services(), currency="KWD")
    network = replace(network, services=tuple(replace(row, currency="KWD") for row in network.services))
    with pytest.raises(MisuseError, match="state the value of a day"):
        choose(network, four_orders())
    assert set(chosen(network, Balanced(day_value_minor=0)).values()) == {"SLOW", "FAST"}


def test_same_reference_of_two_sellers_is_chosen_twice() -> None:
    one = four_orders().head(1)
    rows = choose(two_services(), pl.concat([one, one.with_columns(seller=pl.lit("other"))]))
    assert rows.select("seller", "order_id", "service").rows() == [("shop", "o1", "SLOW"), ("other", "o1", "SLOW")]


def test_of_many_rules_the_first_that_matches_decides_though_others_share_its_services(tmp_path: Path) -> None:
    # A lamp weighs 400 g, so rule 301 is the first whose bound, 399 g, it exceeds.
    rules = [
        f'[[rule]]\nname = "r{number}"\nwhen = {{ weight_over_g = {700 - number} }}\nservices = ["{service}"]\n'
        for number in range(600)
        for service in ["LOCAL" if number % 2 else "PACKET"]
    ]
    path = tmp_path / "rules.toml"
    path.write_text("\n".join(rules), encoding="utf-8")
    rows = choose(one_warehouse(), four_orders().head(2), RuleFile(path))
    assert rows["service"].to_list() == ["LOCAL", "LOCAL"]
    assert rows["explanation"].str.starts_with("By the rule 'r301': From stock").all()
