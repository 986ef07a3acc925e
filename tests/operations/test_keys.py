"""The keys of programs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError, NotAllowedError, UnknownCallerError
from entrepost.operations.access import ROLES, Caller
from entrepost.operations.audit import list_entries
from entrepost.operations.keys import check_key, get_key, list_keys, make_key, revoke_key
from tests.operations.office import HOLDER, wait
from tests.operations.shop import NOW, store_in


def test_a_key_asks_for_its_account_with_its_scopes(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    key, text = make_key(store, HOLDER, " checkout ", ["orders:write"])
    caller = check_key(store, text)
    assert (caller.tenant, caller.who, caller.scopes) == ("main", "key checkout", frozenset({"orders:write"}))
    assert caller.key == key.key
    assert get_key(store, "main", key.key).used_at == NOW


def test_the_secret_is_not_kept(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    _, text = make_key(store, HOLDER, "shop", ["*"])
    store.close()
    assert text.rpartition(".")[2].encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_a_key_ends_at_its_end_and_when_it_is_revoked(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    _, ends = make_key(store, HOLDER, "ends", ["*"], NOW + timedelta(hours=1))
    key, stays = make_key(store, HOLDER, "stays", ["*"])
    wait(store, hours=1)
    with pytest.raises(UnknownCallerError):
        check_key(store, ends)
    check_key(store, stays)
    revoked = revoke_key(store, HOLDER, key.key)
    assert revoke_key(store, HOLDER, key.key) == revoked
    with pytest.raises(UnknownCallerError):
        check_key(store, stays)


def test_a_key_with_another_secret_or_account_is_none(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    _, text = make_key(store, HOLDER, "shop", ["*"])
    other = Caller("other", "terminal", HOLDER.scopes)
    _, theirs = make_key(store, other, "shop", ["*"])
    mixed = [text.split("."), theirs.split(".")]
    for wrong in (".".join([*mixed[0][:3], mixed[1][3]]), ".".join([*mixed[1][:2], *mixed[0][2:]]), "", "x" * 5000):
        with pytest.raises(UnknownCallerError):
            check_key(store, wrong)


def test_nobody_gives_what_they_have_not(tmp_path: Path) -> None:
    viewer = Caller("main", "bo", ROLES["viewer"])
    with pytest.raises(NotAllowedError):
        make_key(store_in(tmp_path), viewer, "more", ["keys:write"])


def test_a_key_without_a_name_or_of_the_past_is_misuse(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with pytest.raises(MisuseError, match="name"):
        make_key(store, HOLDER, " ", ["*"])
    with pytest.raises(MisuseError, match="to come"):
        make_key(store, HOLDER, "late", ["*"], NOW)


def test_keys_are_listed_by_account_and_written_down(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    made = [make_key(store, HOLDER, name, ["*"])[0] for name in ("a", "b")]
    assert sorted(each.key for each in made) == [each.key for each in list_keys(store, "main")]
    assert list_keys(store, "other") == []
    with pytest.raises(MissingRowError):
        get_key(store, "other", made[0].key)
    with pytest.raises(MissingRowError):
        revoke_key(store, Caller("other", "x", HOLDER.scopes), made[0].key)
    assert [entry.action for entry in list_entries(store, "main")] == ["key made", "key made"]


def test_a_use_within_a_minute_is_not_written_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    key, text = make_key(store, HOLDER, "shop", ["*"])
    for seconds, seen in ((0, 0), (59, 0), (61, 61)):
        wait(store, seconds=seconds)
        check_key(store, text)
        assert get_key(store, "main", key.key).used_at == NOW + timedelta(seconds=seen)
