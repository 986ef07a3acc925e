"""An order of today in dollars, on a server whose last rates of exchange are a month old."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from entrepost.api.fresh_rates import FreshRates
from entrepost.network.feed import write_network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.keys import make_key
from entrepost.reference.fx import Rates
from tests.api.world import PARAMS, World, world_at
from tests.operations.shop import FixedClock, lamp
from tests.worlds import one_warehouse

FAR = date(2100, 1, 1)
LAST = min(found.day for code in ("USD", "CNY") if (found := Rates().find_last(code, FAR, 10**5)))
"""The last day of which rates come along."""


@dataclass
class Old:
    """A server that is warm, so many days after the last rates; its network counts in euros, its services in yuan."""

    world: World
    clock: FixedClock
    rates: Path

    def quote(self, **more: Any) -> Any:
        """The best service for an order that is placed now, in dollars."""
        order = lamp(order_id="o", sku="HAT", currency="USD", placed_at=self.clock.instant.isoformat())
        return self.world.ask("POST", "/v1/quotes", json={"orders": [order], "policy": "fastest"} | more).json()["data"]

    def renew(self) -> None:
        """What the thread of each process does again and again."""
        FreshRates(self.world.client.app.state.house).look()  # type: ignore[attr-defined]

    def gauge(self) -> str:
        """What is counted of rates."""
        text = self.world.client.get("/metrics").text
        return next((line for line in text.splitlines() if line.startswith("entrepost_exchange_rates")), "")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Old]:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    monkeypatch.setenv("ENTREPOST_RATES", str(tmp_path / "rates.csv"))
    write_network(replace(one_warehouse(), currency="EUR"), tmp_path / "euros")
    (tmp_path / "rates.csv").write_text(f"currency,day,rate\nGBP,{LAST},0.88\n")
    instant = datetime(LAST.year, LAST.month, LAST.day, 8, 30, tzinfo=UTC) + timedelta(days=30)
    clock = FixedClock(instant)
    monkeypatch.setattr("tests.api.world.FixedClock", lambda: clock)
    params = replace(PARAMS, is_warmed=True)
    with world_at(str(tmp_path / "shop.db"), tmp_path, params, fill=False, network=tmp_path / "euros") as made:
        made.keys["main"] = make_key(made.store, Caller("main", "terminal", frozenset(SCOPES)), "main", ["*"])[1]
        assert made.client.app.state.house.warm.wait(600)  # type: ignore[attr-defined]
        yield Old(made, clock, tmp_path / "rates.csv")


def test_it_is_quoted_and_promised_at_the_last_rate_which_tells_its_day(old: Old) -> None:
    (quoted,) = old.quote()
    assert (quoted["service"], quoted["currency"], quoted["rated_on"]) == ("PACKET", "EUR", str(LAST))
    assert quoted["explanation"].endswith(f". Exchange rate of {LAST}, 30 days old.")
    assert old.quote(landed=True)[0]["explanation"].endswith(f" Exchange rate of {LAST}, 30 days old.")
    every = old.quote(every=True)
    assert {each["service"]: each["rated_on"] for each in every}["PACKET"] == str(LAST)

    order = lamp(order_id="p", sku="HAT", currency="USD", placed_at=old.clock.instant.isoformat())
    old.world.ask("PUT", "/v1/promising", json={"policy": "fastest", "at_once": True})
    assert old.world.ask("POST", "/v1/orders", json={"orders": [order]}).json()["rejected"] == 0
    promise = _wait_for(old.world, "/v1/orders/shop/p/promise")
    assert (promise["charge_minor"], promise["currency"]) == (quoted["charge_minor"], "EUR")
    assert f"Exchange rate of {LAST}, 30 days old." in promise["explanation"]


def test_the_counter_and_frames_tell_the_same(old: Old) -> None:
    house = old.world.client.app.state.house  # type: ignore[attr-defined]
    at_counter = [old.quote(), old.quote(every=True)]
    house.warm.clear()
    assert [old.quote(), old.quote(every=True)] == at_counter


def test_new_rates_are_taken_while_it_serves_and_counted(old: Old) -> None:
    before = old.quote()[0]["charge_minor"]
    assert old.gauge() == "entrepost_exchange_rates_age_days 30"
    (told, how) = old.world.client.get("/health/ready").json()["notices"]
    assert told.startswith(f"Rates of exchange are of {LAST}, 30 days old.")
    assert "ENTREPOST_RATES" in how
    today, yuan = old.clock.instant.date(), Rates().find_last("CNY", FAR, 10**5)
    assert yuan is not None
    half = Decimal(yuan.rate.numerator) / Decimal(yuan.rate.denominator) / 2
    old.rates.write_text(f"currency,day,rate\nCNY,{today},{half:.9f}\nUSD,{today},1.1\n")
    old.renew()
    quoted = old.quote()[0]
    assert quoted["rated_on"] == str(today)
    assert "Exchange rate" not in quoted["explanation"]
    assert abs(quoted["charge_minor"] - 2 * before) <= 2
    assert old.gauge() == "entrepost_exchange_rates_age_days 0"
    assert old.world.client.get("/health/ready").json()["notices"] == []


def test_after_the_bound_it_says_what_to_do(old: Old) -> None:
    old.clock.instant += timedelta(days=70)
    (quoted,) = old.quote()
    assert quoted["service"] is None
    assert "No rate of exchange from CNY to EUR is known" in quoted["explanation"]
    (told, how) = old.world.client.get("/health/ready").json()["notices"]
    assert told.startswith("No rate of exchange of the last 92 days is known for CNY, USD")
    assert "ENTREPOST_RATES" in how


def test_customs_takes_no_old_rate_and_says_of_which_day_the_last_is(old: Old) -> None:
    line = {"item_id": "a", "origin": "CN", "destination": "DE", "hs_code": "610910", "quantity": 5}
    asked = {"lines": [line | {"unit_value": "40.00", "currency": "USD"}]}
    told = old.world.ask("POST", "/v1/landed-costs", json=asked, params={"day": str(old.clock.instant.date())}).json()
    assert told["items"][0]["duty_minor"] is None
    (row,) = told["rows"]
    assert f"the last is of {LAST}" in row["message"]


def _wait_for(world: World, path: str) -> Any:
    for _ in range(400):
        answer = world.ask("GET", path)
        if answer.status_code == 200:
            return answer.json()
        time.sleep(0.025)
    raise AssertionError(answer.text)
