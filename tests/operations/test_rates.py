"""What whoever runs a server is told of the age of its rates."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from entrepost.operations.rates import look_at_rates, say_age
from entrepost.reference.fx import add_rates
from entrepost.reference.rate_feed import look_again
from tests.operations.shop import NOW
from tests.worlds import one_warehouse

SPRING = date(2031, 3, 3)


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rates of a day on which none come along: yuan of the third of March, dollars of the day after."""
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    monkeypatch.delenv("ENTREPOST_RATES", raising=False)
    path = tmp_path / "rates.csv"
    path.write_text(f"currency,day,rate\nCNY,{SPRING},8.1\nUSD,{SPRING + timedelta(days=1)},1.1\n")
    add_rates(path)
    return tmp_path


def test_rates_of_this_week_are_nothing_to_tell() -> None:
    age = look_at_rates(one_warehouse(), SPRING + timedelta(days=7))
    assert (age.day, age.days, age.missing, say_age(age)) == (SPRING, 7, (), [])


def test_older_ones_are_told_with_their_day_and_what_to_do() -> None:
    told, how = say_age(look_at_rates(one_warehouse(), SPRING + timedelta(days=8)))
    assert told.startswith("Rates of exchange are of 2031-03-03, 8 days old. Quotes and promises go by them and say so")
    assert "entrepost reference add fx FILE, such as the ECB's eurofxref-hist.zip" in how


def test_what_is_too_old_for_a_quote_is_told_by_its_currency() -> None:
    (told, _) = say_age(look_at_rates(one_warehouse(), SPRING + timedelta(days=93)))
    assert told == "No rate of exchange of the last 92 days is known for CNY: what needs it has no price."


def test_a_place_that_cannot_be_read_is_told_though_rates_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOST_RATES", "/nowhere/rates.csv")
    look_again(NOW, lambda url: b"")
    (told,) = say_age(look_at_rates(one_warehouse(), SPRING + timedelta(days=1)))
    assert "the server's log tells what" in told
    assert "nowhere" not in told
