"""What of the exchange needs somebody: each thing is counted while it stands so, and not before or after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from entrepost.operations.exchange_needs import Needs, count_open, find_needs
from entrepost.operations.exchange_records import Came, ExchangeAlarm, Sent, SentMessage
from tests.operations.exchanged import exchange
from tests.operations.shop import FixedClock, store_in


def test_an_account_without_partners_needs_nobody(tmp_path: Path) -> None:
    assert find_needs(store_in(tmp_path), "main") is None


def test_everything_that_stands_still_is_counted(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    exchange(store)
    found = find_needs(store, "main")
    assert found is not None
    assert (found.refused, found.waiting, found.late, found.dead) == (1, 1, 0, 0)
    assert [each.kind for each in found.alarms] == ["silence"]
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant += timedelta(hours=25)
    first, _ = store.exchange.list_with(Sent, "main", {})
    store.exchange.put([replace(first, state="dead")])
    (came, *_) = store.exchange.list_with(Came, "main", {})
    store.exchange.put([replace(came, state="refused")])
    (message, _) = store.exchange.list_with(SentMessage, "main", {})
    store.exchange.put([replace(message, state="refused")])
    (alarm,) = store.exchange.list_with(ExchangeAlarm, "main", {})
    store.exchange.put([replace(alarm, ended_at=clock.instant)])
    assert find_needs(store, "main") == Needs((), dead=1, late=1, strange=1, refused=1, waiting=1, refused_there=1)
    assert find_needs(store, "other") is None


def test_nothing_is_open_where_nothing_was_dispatched(tmp_path: Path) -> None:
    assert count_open(store_in(tmp_path), "main") == {}
