"""Each account has keys of its own, which a master key wraps; both can be changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from entrepost.base.errors import StoreError
from entrepost.store.seal import MasterKeys, new_key
from entrepost.store.sql import SqlStore
from entrepost.store.sqlite import SqliteStore

Open = Callable[[], SqlStore]


def test_accounts_have_keys_of_their_own(opened: Open) -> None:
    store = opened()
    vault = store.vault
    with store.transaction():
        sealed = vault.seal("main", ["Anna", ""], ["1", "2"])
    assert opened().vault.open("main", sealed, ["1", "2"]) == ["Anna", ""]
    with pytest.raises(StoreError, match="the key 1 of account other is gone"):
        vault.open("other", sealed, ["1", "2"])
    assert vault.open("main", ["anna@example.org"], ["1"]) == ["anna@example.org"]


def test_a_key_that_was_made_in_vain_is_not_used(opened: Open) -> None:
    store = opened()

    def in_vain() -> None:
        with store.transaction():
            store.vault.seal("main", ["Anna"], ["1"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        in_vain()
    with store.transaction():
        sealed = store.vault.seal("main", ["Anna"], ["1"])
    assert opened().vault.open("main", sealed, ["1"]) == ["Anna"]


def test_many_at_once_make_one_key(opened: Open) -> None:
    stores = [opened() for _ in range(4)]

    def seal(store: SqlStore) -> str:
        with store.transaction():
            return store.vault.seal("main", ["Anna"], ["1"])[0]

    with ThreadPoolExecutor(len(stores)) as pool:
        sealed = list(pool.map(seal, stores))
    assert {text.partition(".")[0] for text in sealed} == {"1"}
    assert stores[0].vault.open("main", sealed, ["1"] * 4) == ["Anna"] * 4


def test_a_turned_key_seals_and_the_old_one_still_opens(opened: Open) -> None:
    store, other = opened(), opened()
    with store.transaction():
        old = store.vault.seal("main", ["Anna"], ["1"])
    assert other.vault.is_current("main", old[0])
    with store.transaction():
        assert store.vault.turn_key("main") == 2
    with other.transaction():
        new = other.vault.seal("main", ["Anna"], ["1"])
    assert (store.vault.is_current("main", new[0]), store.vault.is_current("main", old[0])) == (True, False)
    assert store.vault.open("main", [*old, *new], ["1", "1"]) == ["Anna", "Anna"]


def test_a_pseudonym_outlives_every_turn_of_keys(opened: Open) -> None:
    store = opened()
    with store.transaction():
        before = store.vault.pseudonyms("main", ["anna@example.org", ""])
        store.vault.turn_key("main")
    with store.transaction():
        assert store.vault.pseudonyms("main", ["anna@example.org", ""]) == before
        assert store.vault.pseudonyms("other", ["anna@example.org"]) != before[:1]
    assert before[1] == ""


def test_a_new_master_key_wraps_all_keys_anew(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    store = SqliteStore(tmp_path / "shop.db", masters=lambda: MasterKeys((old,)))
    with store.transaction():
        sealed = store.vault.seal("main", ["Anna"], ["1"])
        store.vault.pseudonyms("main", ["Anna"])
    store.close()
    both = SqliteStore(tmp_path / "shop.db", masters=lambda: MasterKeys((new, old)))
    with both.transaction():
        assert (both.vault.wrap_anew(), both.vault.wrap_anew()) == (2, 0)
    both.close()
    assert SqliteStore(tmp_path / "shop.db", masters=lambda: MasterKeys((new,))).vault.open("main", sealed, ["1"]) == [
        "Anna"
    ]
