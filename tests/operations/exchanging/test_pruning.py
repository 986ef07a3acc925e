"""Old rows go when they are finished, and what came is known again: answered, and never applied twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.exchange_records import Came, CameMessage, Remembered, Sent, SentMessage
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.outbox import body_of
from entrepost.operations.exchanging.pruning import Pruned, PruneParams, prune_old
from entrepost.operations.exchanging.receipts import send_receipts
from entrepost.operations.store import Store
from tests.operations.exchanging.world import PARTNERS, Box, Reader, notes, post
from tests.operations.shop import NOW, FixedClock, store_in

PARAMS = PruneParams()


class Desks:
    """A store whose clock goes on, and what was read in it."""

    def __init__(self, store: Store) -> None:
        self.store, self.reader, self.box = store, Reader(), Box()

    def take(self, body: bytes, name: str = "t1") -> None:
        desk = Desk("main", PARTNERS, self.store.clock.now())
        self.box.arrive(body, name)
        take_in(self.store, desk, {"NOTE": self.reader}, "folder", list(self.box.fetch()))

    def answer(self) -> list[str]:
        """Send the receipts that are due; what they say."""
        before = len(self.box.gone)
        send_receipts(self.store, "main", PARTNERS, {"folder": self.box})
        return [each.body.decode() for each in self.box.gone[before:]]

    def wait(self, days: float) -> None:
        clock = self.store.clock
        assert isinstance(clock, FixedClock)
        clock.instant += timedelta(days=days)

    def prune(self) -> Pruned:
        return prune_old(self.store, "main")

    def states(self) -> dict[str, str]:
        rows = self.store.exchange.list_with(CameMessage, "main", {})
        return {f"{row.came} {row.document} {row.function}": row.state for row in rows}


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    store = store_in(tmp_path)
    yield Desks(store)
    store.close()


def test_a_replay_after_pruning_is_answered_and_not_applied(desks: Desks) -> None:
    body = notes(("A", "hello"), ("B", "no"))
    desks.take(body)
    desks.answer()
    desks.wait(PARAMS.keep_days + 1)
    assert desks.prune() == Pruned(came=1, messages=2)
    assert [desks.store.exchange.list_with(kind, "main", {}) for kind in (Came, CameMessage)] == [[], []]
    assert desks.store.exchange.find_bodies("main", ["in DE101 1"]) == {}
    desks.take(body, "t2")
    assert desks.reader.said == ["A hello"], "what was said was applied once"
    assert desks.states() == {"DE101 1 A original": "duplicate", "DE101 1 B original": "refused"}
    (told,) = desks.answer()
    assert ('"accepted"' in told, '"refused"' in told, f"it was refused on {NOW:%Y-%m-%d}" in told) == (
        True,
        True,
        True,
    )
    desks.wait(PARAMS.keep_days + 1)
    desks.prune()
    desks.take(body, "t3")
    assert desks.reader.said == ["A hello"], "nor after it was pruned a second time"


def test_other_bytes_under_a_remembered_reference_are_refused(desks: Desks) -> None:
    desks.take(notes(("A", "hello")))
    desks.answer()
    desks.wait(PARAMS.keep_days + 1)
    desks.prune()
    desks.take(notes(("C", "something else")), "t2")
    assert (desks.reader.said, list(desks.box.refused)) == (["A hello"], ["t2"])
    assert "exchange_reference_reused" in desks.box.refused["t2"]


def test_a_document_that_is_told_anew_after_pruning_is_sorted_as_if_its_rows_were_there(desks: Desks) -> None:
    desks.take(notes(("A", "hello"), ("B", "hello"), ("C", "hello")))
    desks.take(notes(("cancel:C", ""), reference="2", minutes=1), "t2")
    desks.answer()
    desks.wait(PARAMS.keep_days + 1)
    assert desks.prune().messages == 4
    minutes = (PARAMS.keep_days + 1) * 24 * 60
    again = [("A", "hello"), ("B", "something else"), ("C", "hello"), ("D", "new")]
    desks.take(notes(*again, reference="3", minutes=minutes), "t3")
    desks.take(notes(("replace:A", "better"), ("cancel:B", ""), reference="4", minutes=minutes + 1), "t4")
    assert list(desks.states().values()) == ["duplicate", "refused", "duplicate", "applied", "applied", "applied"]
    assert desks.reader.said == ["A hello", "B hello", "C hello", "C ", "D new", "A better", "B "]


def test_what_is_not_finished_stays_however_old_it_is(desks: Desks) -> None:
    desks.take(notes(("change:A", "later")))
    desks.take(notes(("B", "hello"), reference="2"), "t2")
    post(desks.store, "X")
    desks.wait(10 * PARAMS.keep_days)
    assert desks.prune() == Pruned(), "one waits to be applied, one owes a receipt, one waits for one"
    desks.answer()
    assert desks.prune() == Pruned(came=1, messages=1)
    desks.take(notes(("A", "hello"), reference="3"), "t3")
    assert desks.reader.said[:2] == ["B hello", "A hello"]


def test_what_was_sent_goes_when_it_was_answered_and_references_go_on(desks: Desks) -> None:
    name = post(desks.store, "X", "Y")
    (row,) = desks.store.exchange.find(Sent, "main", [name]).values()
    desks.store.exchange.put([replace(row, state="accepted")])
    desks.wait(PARAMS.keep_days + 1)
    assert desks.prune() == Pruned(sent=1, messages=2)
    assert desks.store.exchange.find_bodies("main", [body_of(row)]) == {}
    assert desks.store.exchange.list_with(SentMessage, "main", {}) == []
    assert post(desks.store, "Z").endswith("00000002")


def test_it_goes_in_steps_and_goes_on_after_a_stop(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 8):
        desks.take(notes((f"D{number}", "hello"), reference=str(number)), f"t{number}")
    desks.answer()
    desks.wait(PARAMS.keep_days + 1)
    monkeypatch.setattr("entrepost.operations.exchanging.pruning.MESSAGES_AT_ONCE", 2)
    steps: list[int] = []

    def stop() -> None:
        steps.append(1)
        if len(steps) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prune_old(desks.store, "main", go_on=stop)
    assert len(desks.store.exchange.list_with(Came, "main", {})) == 3
    assert desks.prune().came == 3
    assert len(desks.store.exchange.list_with(Remembered, "main", {})) == 7 * 2
    text = repr(desks.store.exchange.list_with(Remembered, "main", {}))
    assert "D1" not in text, "no document is named"


def test_what_others_look_back_at_is_kept() -> None:
    with pytest.raises(MisuseError, match="at least 200 days"):
        PruneParams(keep_days=180)
