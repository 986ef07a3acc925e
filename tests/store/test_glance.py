"""Single rows at a glance: what is committed, at once, whoever writes meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import UnknownCallerError
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.keys import check_key, glance_key, make_key, revoke_key
from entrepost.operations.records import ApiKey
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.operations.shop import LAMP_NO, NOW, FixedClock, store_in, two_items

CALLER = Caller("main", "terminal", frozenset(SCOPES))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = store_in(tmp_path)
    two_items(tmp_path, made)
    return made


def test_an_item_is_found_by_its_account_and_number_alone(store: Store) -> None:
    found = store.glance.find_item("main", LAMP_NO)
    assert found is not None
    assert (found.order_id, found.item_id, found.events) == ("o1", LAMP_NO, ())
    assert store.glance.find_item("other", LAMP_NO) is None
    assert store.glance.find_item("main", "LX000000000CN") is None


def test_a_key_that_is_revoked_stops_at_once(store: Store) -> None:
    key, text = make_key(store, CALLER, "shop", ["items:read"])
    assert glance_key(store, text) is None  # its first use is to be written down
    assert check_key(store, text) == glance_key(store, text)
    revoke_key(store, CALLER, key.key)
    with pytest.raises(UnknownCallerError):
        glance_key(store, text)
    with pytest.raises(UnknownCallerError):
        glance_key(store, text[:-1])


def test_that_a_key_is_in_use_is_written_down_again_after_a_minute(store: Store) -> None:
    _, text = make_key(store, CALLER, "shop", ["items:read"])
    check_key(store, text)
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant = NOW + timedelta(minutes=2)
    assert glance_key(store, text) is None


def test_a_writer_is_not_waited_for_and_what_it_did_not_commit_is_not_seen(store: Store) -> None:
    key, _ = make_key(store, CALLER, "shop", ["items:read"])
    assert store.glance.is_near
    with store.transaction():
        store.records.put(replace(key, name="renamed"))
        seen = store.glance.find(ApiKey, "main", key.key)
        assert seen is not None
        assert seen.name == "shop"
    again = store.glance.find(ApiKey, "main", key.key)
    assert again is not None
    assert again.name == "renamed"


def test_what_another_process_commits_is_seen_with_the_next_look(store: Store) -> None:
    key, _ = make_key(store, CALLER, "shop", ["items:read"])
    assert store.glance.find(ApiKey, "main", key.key) is store.glance.find(ApiKey, "main", key.key)
    other = open_store(Path(store.place))  # type: ignore[attr-defined]
    other.records.put(replace(key, name="renamed"))
    found = store.glance.find(ApiKey, "main", key.key)
    other.close()
    assert found is not None
    assert found.name == "renamed"


def test_a_closed_store_leaves_nothing_open(tmp_path: Path) -> None:
    kept = open_store(tmp_path / "other.db")
    assert kept.glance.find_item("main", LAMP_NO) is None
    kept.close()
    assert not (tmp_path / "other.db-wal").exists()
