"""Each chore is one worker's at a time, and is due again after a while."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.chores import ChoreParams, Turns, forget_people, tell_exceptions
from entrepost.operations.exceptions import Exceptions
from entrepost.operations.exceptions_source import exceptions_of_store
from entrepost.operations.privacy import PrivacyParams, set_retention
from entrepost.operations.webhooks_endpoints import add_endpoint
from tests.operations.hooks import URL, move
from tests.operations.office import HOLDER
from tests.operations.shop import store_in, two_items
from tests.operations.test_privacy import with_recipients
from tests.worlds import one_warehouse

LEASE, DAY = timedelta(seconds=60), timedelta(days=1)


def test_of_two_workers_one_has_a_duty_until_it_is_silent_for_a_lease(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    one, other = Turns(store, LEASE), Turns(store, LEASE)
    assert one.has("webhooks")
    assert not other.has("webhooks")
    assert one.has("webhooks")
    move(store, seconds=40)
    assert one.has("webhooks")
    move(store, seconds=59)
    assert not other.has("webhooks")
    move(store, seconds=1)
    assert other.has("webhooks")
    assert not one.has("webhooks")


def test_what_is_given_back_is_anybodys_at_once(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    one, other = Turns(store, LEASE), Turns(store, LEASE)
    assert one.has("webhooks")
    other.end("webhooks")
    assert not other.has("webhooks")
    one.end("webhooks", done=False)
    assert other.has("webhooks")


def test_a_round_is_due_again_when_its_time_has_passed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    one, other = Turns(store, LEASE), Turns(store, LEASE)
    assert one.has("forgetting", DAY)
    one.end("forgetting")
    move(store, hours=23)
    assert not one.has("forgetting", DAY)
    assert not other.has("forgetting", DAY)
    move(store, hours=1)
    assert other.has("forgetting", DAY)


def test_an_account_keeps_peoples_data_for_as_long_as_it_says(tmp_path: Path) -> None:
    store = move(with_recipients(two_items(tmp_path)), days=400)
    set_retention(store, HOLDER, PrivacyParams(90, 3_000))
    assert forget_people(store, ChoreParams()).orders == 0
    set_retention(store, HOLDER, PrivacyParams(90, 365))
    assert forget_people(store, ChoreParams()).orders == 2


def test_no_exception_is_looked_for_where_nobody_wants_to_know(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    add_endpoint(store, "main", URL, ["batch.finished"])
    assert tell_exceptions(store, lambda tenant: pytest.fail(f"looked at {tenant}")) == 0


def test_what_needs_somebody_is_told_once_to_those_who_want_to_know(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    add_endpoint(store, "main", URL, ["exception.found"])

    def look(tenant: str) -> Exceptions:
        return exceptions_of_store(store, one_warehouse(), store.clock.now(), tenant=tenant)

    assert tell_exceptions(store, look) == tell_exceptions(store, look) == 0


def test_pauses_are_above_nothing() -> None:
    with pytest.raises(MisuseError, match="above 0"):
        ChoreParams(look_seconds=0)
