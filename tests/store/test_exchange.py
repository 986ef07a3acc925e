"""What the exchange keeps: the same contract for a file, a server, and the memory of the simulation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.messages.receipt import Answered
from entrepost.operations.acting import acting_for
from entrepost.operations.exchange import Means, run_once
from entrepost.operations.exchange_records import CameMessage, Counter, Sent, SentMessage
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.partners import get_partners, put_partners
from entrepost.operations.exchanging.transport import RECEIPT
from entrepost.operations.store import Store
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.rows import arrived, sent, told
from tests.operations.exchanging.test_applying_events import WIDE, message, report, stood, take
from tests.operations.exchanging.test_receipts import answer
from tests.operations.exchanging.world import PARTNERS, Box, post
from tests.operations.shop import NOW, FixedClock, two_items


class RefusedError(Exception):
    pass


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def books(request: pytest.FixtureRequest) -> Iterator[Books]:
    """Books with nothing in them."""
    if request.param == "memory":
        yield MemoryBooks(FixedClock())
        return
    from entrepost.wiring import open_store

    place = request.getfixturevalue("tmp_path") / "shop.db"
    if request.param == "postgres":
        place = request.getfixturevalue("database")
    store = open_store(place, FixedClock())
    yield store
    store.close()


def test_nouns_are_kept_by_name_and_put_over_one_another(books: Books) -> None:
    many = [told(f"m{number:02d}") for number in range(30)]
    books.exchange.put(many)
    books.exchange.put([replace(many[0], state="accepted")])
    books.exchange.put([Counter("main", "A B", 7), Counter("other", "A B", 1)])
    assert books.exchange.find(SentMessage, "main", ["m00", "m29", "none"]) == {
        "m00": replace(many[0], state="accepted"),
        "m29": many[29],
    }
    assert books.exchange.find(Counter, "main", ["A B"]) == {"A B": Counter("main", "A B", 7)}
    books.exchange.remove(SentMessage, "main", ["m00", "none"])
    assert books.exchange.find(SentMessage, "main", ["m00"]) == {}
    assert books.exchange.find(SentMessage, "other", ["m29"]) == {}


def test_nouns_are_listed_by_what_they_say(books: Books) -> None:
    books.exchange.put([told("a"), told("b", state="refused"), told("c", state="refused", operator="CCC")])
    books.exchange.put([told("d", tenant="other")])

    def listed(**where: list[str]) -> list[str]:
        return [row.entry for row in books.exchange.list_with(SentMessage, "main", where)]

    assert listed() == ["a", "b", "c"]
    assert listed(state=["refused"]) == ["b", "c"]
    assert listed(state=["refused", "open"], operator=["BBB"]) == ["a", "b"]
    assert listed(state=[]) == []


def test_pages_go_back_in_time(books: Books) -> None:
    rows = [arrived(name, created_at=NOW + timedelta(minutes=at)) for name, at in (("a", 1), ("c", 2), ("b", 2))]
    books.exchange.put([*rows, arrived("x", message="ITMATT"), arrived("y", tenant="other")])
    first = books.exchange.page(CameMessage, "main", {"message": ["EMSEVT"]}, limit=2)
    assert [row.entry for row in first] == ["c", "b"]
    place = (first[-1].created_at, first[-1].entry)
    assert [row.entry for row in books.exchange.page(CameMessage, "main", {}, place)] == ["a", "x"]
    assert books.exchange.page(CameMessage, "main", {"state": []}) == []


def test_what_is_due_comes_the_longest_due_first(books: Books) -> None:
    early, late = NOW - timedelta(hours=2), NOW + timedelta(hours=2)
    books.exchange.put([sent("a"), sent("b", due_at=early), sent("c", due_at=late), sent("d", state="accepted")])
    books.exchange.put([sent("e", tenant="other", due_at=early)])
    assert [row.sent for row in books.exchange.list_due(NOW, 10)] == ["b", "e", "a"]
    assert [row.sent for row in books.exchange.list_due(NOW, 1, "main")] == ["b"]
    assert books.exchange.find(Sent, "main", ["b"])["b"] == sent("b", due_at=early)


def test_messages_are_counted_by_state_and_by_hour(books: Books) -> None:
    books.exchange.put([arrived("a"), arrived("b"), arrived("c", created_at=NOW + timedelta(hours=1))])
    books.exchange.put([told("d", state="refused")])
    hour = int(NOW.timestamp()) // 3600
    assert books.exchange.count_states("main") == [
        ("in", "BBB", "EMSEVT", "applied", 3),
        ("out", "BBB", "EMSEVT", "refused", 1),
    ]
    assert books.exchange.count_hours("main", NOW) == [("BBB", "EMSEVT", hour, 2), ("BBB", "EMSEVT", hour + 1, 1)]


def test_bytes_are_kept_until_they_are_forgotten(books: Books) -> None:
    body = b"UNB+\x00\xff" * 1000
    books.exchange.put_bodies("main", {"in a": body, "in b": b"b", "none": b""})
    books.exchange.put_bodies("main", {"in b": b"other"})
    assert books.exchange.find_bodies("main", ["in a", "in b", "none"]) == {"in a": body, "in b": b"other"}
    assert books.exchange.find_bodies("other", ["in a"]) == {}
    books.exchange.remove_bodies("main", ["in a"])
    assert books.exchange.remove_old_bodies("main", NOW) == 0
    assert books.exchange.list_accounts() == ["main"]
    assert books.exchange.remove_old_bodies("other", NOW + timedelta(seconds=1)) == 0
    assert books.exchange.remove_old_bodies("main", NOW + timedelta(seconds=1)) == 1
    assert books.exchange.find_bodies("main", ["in a", "in b"]) == {}


def test_bytes_that_are_still_needed_are_not_forgotten(books: Books) -> None:
    books.exchange.put([sent("a"), sent("b", state="accepted")])
    books.exchange.put([arrived("c", came="BBB 1", state="kept"), arrived("d", came="BBB 2", state="refused")])
    names = ("out a", "out b", "in BBB 1", "in BBB 2", "advance x")
    books.exchange.put_bodies("main", dict.fromkeys(names, b"body"))
    assert books.exchange.remove_old_bodies("main", NOW + timedelta(days=1)) == 3
    assert set(books.exchange.find_bodies("main", names)) == {"out a", "in BBB 1"}


def test_what_fails_inside_a_transaction_leaves_nothing_behind(books: Books) -> None:
    books.exchange.put([told("a")])
    with pytest.raises(RefusedError):
        change_and_refuse(books)
    assert books.exchange.list_with(SentMessage, "main", {"state": ["open", "refused"]}) == [told("a")]
    assert books.exchange.find_bodies("main", ["in a"]) == {}


def change_and_refuse(books: Books) -> None:
    with books.transaction():
        books.exchange.hold("a name")
        books.exchange.put([told("a", state="refused"), told("b")])
        books.exchange.put_bodies("main", {"in a": b"a"})
        books.exchange.remove(SentMessage, "main", ["a"])
        raise RefusedError


def test_messages_go_all_the_way_on_either_store(store: Store, tmp_path: Path) -> None:
    """What came changes items and is answered; what we sent is answered and done; all of it acts for the account."""
    two_items(tmp_path, store)
    put_partners(store, "main", WIDE)
    box = Box()
    with acting_for("main"):
        (row,) = take(store, message("a", report("EMD", 30), report("EMI", 60)))
        assert (row.state, stood(store)["status"]) == ("applied", "delivered")
        post(store, "d1")
        means = Means("main", get_partners(store, "main"), {"folder": box}, {})
        ran = run_once(store, means)
        assert (ran.receipts_out, ran.went.taken) == (1, 1)
        answered = answer("00000001", Answered("1", "NOTE", "accepted"))
        box.arrive(answered, "r1", RECEIPT)
        assert run_once(store, means).receipts_in == 1
        assert store.exchange.count_states("main") == [
            ("in", "DEA", "EMSEVT", "applied", 1),
            ("out", "DEA", "NOTE", "accepted", 1),
        ]


def test_old_rows_are_listed_the_oldest_first_behind_a_place(books: Books) -> None:
    rows = [sent(f"t{number}", created_at=NOW - timedelta(days=number)) for number in (1, 2, 3, 4)]
    books.exchange.put(rows)
    before = NOW - timedelta(days=1)
    first = books.exchange.list_old(Sent, "main", before, None, 2)
    assert [row.sent for row in first] == ["t4", "t3"]
    rest = books.exchange.list_old(Sent, "main", before, (first[-1].created_at, "t3"), 9)
    assert [row.sent for row in rest] == ["t2"], "the one of that very instant is not before it"
    assert books.exchange.list_old(Sent, "other", before, None, 9) == []


def test_rows_are_counted_and_their_reasons_listed(books: Books) -> None:
    books.exchange.put([sent("t1"), sent("t2", state="dead", answer="no such partner")])
    assert books.exchange.count_with(Sent, "main", {"state": ["dead"]}) == 1
    assert books.exchange.count_with(Sent, "main", {}) == 2
    assert books.exchange.list_reasons(Sent, "main") == [("t2", "no such partner")]
    assert books.exchange.list_reasons(CameMessage, "main") == []


def test_bytes_are_listed_by_name_and_accounts_by_their_partners(books: Books) -> None:
    books.exchange.put_bodies("main", {"out b": b"b", "in a": b"a", "out c": b"c"})
    assert books.exchange.list_bodies("main", "in a", 1) == ["out b"]
    assert books.exchange.list_bodies("main", "", 9) == ["in a", "out b", "out c"]
    assert books.exchange.list_partnered() == []
    put_partners(books, "main", PARTNERS)
    assert books.exchange.list_partnered() == ["main"]
