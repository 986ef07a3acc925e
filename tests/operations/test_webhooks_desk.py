"""Whoever changes an endpoint is in the audit; its path is not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations import webhooks_desk as desk
from entrepost.operations.audit import list_entries
from entrepost.operations.webhooks_endpoints import get_endpoint
from tests.operations.hooks import URL, tell
from tests.operations.office import HOLDER
from tests.operations.shop import NOW, store_in


def test_every_change_is_in_the_audit_by_the_host_alone(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    made = desk.add(store, HOLDER, f"{URL}?token=secret")
    desk.change(store, HOLDER, made.endpoint, desk.Change(kinds=["batch.finished"], is_on=False))
    desk.change(store, HOLDER, made.endpoint, desk.Change(is_on=True))
    turned = desk.turn(store, HOLDER, made.endpoint)
    assert desk.try_out(store, HOLDER, made.endpoint).startswith("msg_")
    assert (turned.former_secret, turned.kinds) == (made.secret, ("batch.finished",))
    desk.remove(store, HOLDER, made.endpoint)
    told = [(each.who, each.action, each.subject, each.detail) for each in list_entries(store, "main")]
    actions = ("added", "changed", "removed", "switched off", "switched on", "tried")
    assert sorted(each[1] for each in told) == [*(f"endpoint {action}" for action in actions), "secret turned"]
    assert {(who, subject, detail) for who, _, subject, detail in told} == {
        ("terminal", made.endpoint, "hooks.example.org")
    }


def test_what_cannot_be_changed_leaves_no_trace(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with pytest.raises(MisuseError, match="is written as"):
        desk.add(store, HOLDER, "ftp://x")
    with pytest.raises(MissingRowError):
        desk.remove(store, HOLDER, "ep_0")
    assert list_entries(store, "main") == []


def test_an_account_has_so_many_endpoints_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_in(tmp_path)
    monkeypatch.setattr(desk, "ENDPOINTS_MAX", 1)
    desk.add(store, HOLDER, URL)
    with pytest.raises(MisuseError, match="at most 1 endpoints"):
        desk.add(store, HOLDER, URL)


def test_what_was_told_is_told_again_by_name_or_by_time(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    made = desk.add(store, HOLDER, URL)
    tell(store, "a")
    (message,) = store.webhooks.list_deliveries("main")["message"]
    assert desk.tell_again(store, HOLDER, made.endpoint, desk.Again(message)) == 1
    store.webhooks.remove_endpoint("main", made.endpoint)
    store.webhooks.put_endpoint(made)
    assert desk.tell_again(store, HOLDER, made.endpoint, desk.Again(since=NOW - timedelta(hours=1))) == 1
    assert get_endpoint(store, "main", made.endpoint).state == "on"
    for wrong in (dict[str, str](), {"message": message, "since": NOW}):
        with pytest.raises(MisuseError, match="one of them"):
            desk.Again(**wrong)  # type: ignore[arg-type]
