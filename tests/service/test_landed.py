"""What the customer pays in all is told with each offer, and decides where it is known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.reference.fx import add_rates
from entrepost.service.choice import choose
from entrepost.service.landed import COLUMNS, Landed
from entrepost.service.policy import LeastCharge
from entrepost.service.quote import quote
from tests.worlds import four_orders, one_warehouse, two_services


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight yuan are a euro on the day of the first order."""
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    (tmp_path / "rates.csv").write_text("currency,day,rate\nCNY,2026-01-05,8\nCNY,2026-08-03,8\n")
    add_rates(tmp_path / "rates.csv")


def first_order(days: int = 0) -> pl.DataFrame:
    return four_orders().head(1).with_columns(pl.col("placed_at") + timedelta(days=days))


def test_tax_is_on_the_goods_and_the_charge_of_each_offer() -> None:
    quotes = quote(two_services(), first_order(), landed=Landed())
    assert quotes.select("service", *list(COLUMNS)[:5]).rows() == [
        ("FAST", 0, 2432, 0, 12_232, "at_delivery"),  # 19 % of EUR 3.75 + 12.25
        ("SLOW", 0, 1064, 0, 3664, "at_delivery"),  # 19 % of EUR 3.75 + 3.25
    ]
    assert quotes.columns[-len(COLUMNS) :] == list(COLUMNS)


def test_a_registered_seller_collects_at_sale() -> None:
    registered = Landed({"shop": {"EU": "IM1234567890"}})
    quotes = quote(two_services(), first_order(), landed=registered)
    assert quotes.get_column("collected").to_list() == ["at_sale", "at_sale"]


def test_from_stock_in_the_country_nothing_is_due_and_what_is_refused_has_no_total() -> None:
    quotes = quote(one_warehouse(), four_orders(), landed=Landed())
    local = quotes.filter(pl.col("service") == "LOCAL")
    assert local.select("tax_minor", "landed_minor", "collected").rows() == [
        *[(0, 2000, "nothing")] * 3,
        (None, None, None),
    ]


def dearer_stock() -> pl.DataFrame:
    """Offers of which the one from stock has the greater charge and the smaller total."""
    quotes = quote(one_warehouse(), first_order(), landed=Landed())
    dear = pl.when(pl.col("service") == "LOCAL").then(6500)
    return quotes.with_columns(dear.otherwise(name).alias(name) for name in ("charge_minor", "landed_minor"))


def test_the_total_decides_and_the_charge_stays_what_it_is() -> None:
    quotes = dearer_stock()
    chosen = choose(one_warehouse(), first_order(), LeastCharge(), quotes).row(0, named=True)
    assert (chosen["service"], chosen["charge_minor"], chosen["landed_minor"]) == ("LOCAL", 6500, 6500)
    assert chosen["explanation"].endswith("; duty, tax and fees are counted in.")
    bare = choose(one_warehouse(), first_order(), LeastCharge(), quotes.drop(list(COLUMNS)))
    assert bare.row(0, named=True)["service"] == "PACKET"


def test_where_a_total_is_not_known_the_charge_decides() -> None:
    quotes = dearer_stock().with_columns(
        landed_minor=pl.when(pl.col("service") == "LOCAL").then("landed_minor").otherwise(None)
    )
    chosen = choose(one_warehouse(), first_order(), LeastCharge(), quotes).row(0, named=True)
    assert (chosen["service"], chosen["charge_minor"]) == ("PACKET", 6100)
    assert "counted in" not in chosen["explanation"]


def test_an_order_without_codes_has_no_total_where_the_duty_goes_by_article() -> None:
    quotes = quote(two_services(), first_order(days=210), landed=Landed())
    assert quotes.get_column("landed_minor").null_count() == 2
    codes = first_order(days=210).with_columns(hs_code=pl.lit("940511"))
    assert quote(two_services(), codes, landed=Landed()).get_column("duty_minor").to_list() == [2400, 2400]
