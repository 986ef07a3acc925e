"""The desk at which messages are watched: what stands how, one message, its replay, and people's data."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError, NotAllowedError
from entrepost.messages.showing import HIDDEN
from entrepost.operations.access import Caller, scopes_of
from entrepost.operations.audit import list_entries
from entrepost.operations.exchange_records import SentMessage
from entrepost.operations.message_desk import (
    name_message,
    open_message,
    parse_name,
    replay_message,
    watch_messages,
)
from entrepost.operations.privacy import turn_keys
from tests.operations.exchanged import JOE, apply, exchange, refuse
from tests.operations.shop import NOW, store_in

CLERK, VIEWER = (Caller("main", f"{role}@example.org", scopes_of(role)) for role in ("clerk", "viewer"))


def test_the_exchange_with_each_partner_is_counted_with_its_ages(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    exchange(store)
    watched = watch_messages(store, "main")
    nla, usa = watched.partners
    assert (nla.operator, nla.name, nla.came, nla.refused, nla.kept, nla.sent) == ("NLA", "PostNL", 4, 1, 1, 0)
    assert (nla.last_came_at, nla.oldest_kept_at) == (NOW, NOW)
    assert (usa.came, usa.sent, usa.unanswered, usa.oldest_unanswered_at) == (0, 2, 2, NOW)
    assert [each.operator for each in watched.alarms] == ["USA"]
    assert watched.total("came") == 4
    assert len(watched.waiting) == 1
    assert watch_messages(store, "other").partners == ()


def test_a_message_is_opened_with_its_faults_where_they_stand(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    rows = exchange(store)
    (row,) = [row for row in rows.values() if row.message == "PREDES"]
    opened = open_message(store, CLERK, name_message("in", row.entry))
    assert opened.why == ("dispatch_weight_differs: it weighs 1 g",)
    (line,) = [line for line in opened.seen.lines if line.faults]
    assert "QQ" in line.text
    assert opened.may_replay
    assert "PREDES" in opened.raw
    assert not open_message(store, VIEWER, name_message("in", row.entry)).may_replay


def test_who_only_looks_sees_nobodys_name(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    rows = exchange(store)
    for row in rows.values():
        name = name_message("in", row.entry)
        hidden, whole = open_message(store, VIEWER, name), open_message(store, CLERK, name)
        assert not any(word in str(hidden) + hidden.raw for word in (JOE, "Jane", "Fictional", "Jan Janssen"))
        if row.message in ("EMSEVT", "ITMATT"):
            assert hidden.seen.is_hidden
            assert HIDDEN in str(hidden.seen.says)
            assert any(word in whole.raw for word in (JOE, "Fictional"))


def test_a_refused_message_is_replayed_as_it_came_or_corrected_and_that_is_written_down(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    rows = exchange(store)
    (row,) = [row for row in rows.values() if row.message == "PREDES"]
    name = name_message("in", row.entry)
    assert replay_message(store, CLERK, {"PREDES": refuse}, name).state == "refused"
    raw = open_message(store, CLERK, name).raw
    mended = raw.replace("+1:QQ", "+1:BG").replace("\n", "\r\n")
    assert replay_message(store, CLERK, {"PREDES": apply}, name, mended).state == "applied"
    assert open_message(store, CLERK, name).seen.found == ()
    told = [(each.who, each.action, each.detail) for each in list_entries(store, "main", "", 10)]
    assert ("clerk@example.org", "message corrected and replayed", "applied") in told
    assert ("clerk@example.org", "message replayed", "refused") in told
    with pytest.raises(MisuseError, match="none of these messages"):
        replay_message(store, CLERK, {"PREDES": apply}, name)


def test_what_may_not_be_done_is_refused(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    rows = exchange(store)
    name = name_message("in", rows["E-1"].entry)
    with pytest.raises(NotAllowedError, match="messages:write"):
        replay_message(store, VIEWER, {}, name)
    with pytest.raises(MissingRowError):
        replay_message(store, Caller("other", "x", CLERK.scopes), {}, name)
    (sent,) = watch_messages(store, "main").partners[1:]
    assert sent.sent == 2
    with pytest.raises(MisuseError, match="only what came in"):
        replay_message(
            store, CLERK, {}, name_message("out", next(iter(store.exchange.list_with(SentMessage, "main", {}))).entry)
        )
    with pytest.raises(MisuseError, match="character set"):
        replay_message(store, CLERK, {}, name, "中")
    with pytest.raises(MisuseError, match="by hand"):
        replay_message(store, CLERK, {}, name, "x" * 1_000_001)
    with pytest.raises(MisuseError, match="no message: an interchange begins"):
        replay_message(store, CLERK, {}, name, "hello")
    with pytest.raises(MisuseError, match="holds 0 messages"):
        replay_message(store, CLERK, {}, name, "UNB+UNOC:3+A+B+261128:1805+R'UNZ+0+R'")
    for wrong in ("nonsense", "", "ä", "aW4"):
        with pytest.raises(MissingRowError):
            parse_name(wrong)
    assert parse_name(name_message("out", "a b/c")) == ("out", "a b/c")


def test_messages_are_sealed_anew_by_a_new_key(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    rows = exchange(store)
    name = name_message("in", rows["LX261122017NL"].entry)
    before = open_message(store, CLERK, name).raw
    assert "350 Fictional Ave" in before
    assert turn_keys(store, "main") == 5
    assert open_message(store, CLERK, name).raw == before
