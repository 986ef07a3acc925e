"""What came is applied once, message by message, whatever comes with it, after it or again."""

from __future__ import annotations

from collections.abc import Sequence

from entrepost.base.errors import MisuseError
from entrepost.operations.exchange_records import Came, CameMessage
from entrepost.operations.exchanging.inbox import Applier, Incoming, Verdict, apply_again, apply_kept, take_in
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import DESK, Box, Reader, notes
from tests.operations.shop import FixedClock


class Office:
    """CNA's books, its box, and somebody who reads notes."""

    def __init__(self) -> None:
        self.books, self.box, self.reader = MemoryBooks(FixedClock()), Box(), Reader()
        self.appliers: dict[str, Applier] = {"NOTE": self.reader}

    def take(self, *bodies: bytes) -> dict[str, int]:
        arrivals = [self.box.arrive(body, f"t{number}") for number, body in enumerate(bodies)]
        return dict(+take_in(self.books, DESK, self.appliers, "folder", arrivals))

    def states(self) -> list[str]:
        return [row.state for row in self.books.list_with(CameMessage, "main", {})]


def test_messages_are_applied_and_the_transport_is_told_afterwards() -> None:
    office = Office()
    assert office.take(notes(("d1", "a"), ("d2", "no"))) == {"applied": 1, "refused": 1, "interchanges": 1}
    assert (office.reader.said, office.box.done) == (["d1 a"], ["t0"])
    came = office.books.find(Came, "main", ["DE101 1"])["DE101 1"]
    assert (came.state, came.receipt, came.accepted, came.refused) == ("taken", "due", 1, 1)
    assert office.books.find_bodies("main", ["in DE101 1"])


def test_what_comes_again_changes_nothing_and_is_answered_again() -> None:
    office = Office()
    body = notes(("d1", "a"))
    assert office.take(body, body) == {"applied": 1, "interchanges": 2, "again": 1}
    assert office.take(body) == {"interchanges": 1, "again": 1}
    assert (office.reader.said, office.states()) == (["d1 a"], ["applied"])
    assert office.books.find(Came, "main", ["DE101 1"])["DE101 1"].times == 3


def test_a_message_that_comes_in_another_interchange_is_a_duplicate() -> None:
    office = Office()
    office.take(notes(("d1", "a")))
    assert office.take(notes(("d1", "a"), ("duplicate:d1", "a"), ("d1", "b"), reference="2")) == {
        "duplicate": 2,
        "refused": 1,
        "interchanges": 1,
    }
    assert office.reader.said == ["d1 a"]


def test_a_replacement_that_overtakes_its_original_is_the_one_that_holds() -> None:
    office = Office()
    office.take(notes(("replace:d1", "new"), reference="2", minutes=5))
    assert office.take(notes(("d1", "old")))["superseded"] == 1
    assert office.reader.said == ["d1 new"]


def test_a_change_waits_for_what_it_changes() -> None:
    office = Office()
    assert office.take(notes(("change:d1", "more"), reference="2", minutes=5))["kept"] == 1
    assert apply_kept(office.books, DESK, office.appliers) == {}
    office.take(notes(("d1", "first")))
    assert apply_kept(office.books, DESK, office.appliers) == {"applied": 1}
    assert office.reader.said == ["d1 first", "d1 more"]
    assert office.books.find(Came, "main", ["DE101 2"])["DE101 2"].receipt == "due"


def test_what_nobody_applies_yet_is_kept_and_applied_later() -> None:
    office = Office()
    office.appliers = {}
    assert office.take(notes(("d1", "a"), ("replace:d1", "b")))["kept"] == 2
    assert apply_kept(office.books, DESK, {"NOTE": office.reader}) == {"applied": 2}
    assert office.reader.said == ["d1 a", "d1 b"]


def test_an_interchange_that_cannot_be_applied_loses_no_other() -> None:
    office = Office()

    def choosy(books: object, desk: object, mine: Sequence[Incoming]) -> list[Verdict]:
        if any(each.row.document == "bad" for each in mine):
            raise MisuseError("it makes no sense")
        return office.reader(office.books, DESK, mine)

    office.appliers = {"NOTE": choosy}
    assert office.take(notes(("d1", "a")), notes(("bad", "b"), reference="2"))["applied"] == 1
    assert office.states() == ["applied", "refused"]
    assert office.reader.said == ["d1 a"]


def test_a_message_that_was_refused_is_mended_and_applied() -> None:
    office = Office()
    office.take(notes(("d1", "no")))
    (row,) = apply_again(office.books, DESK, office.appliers, ["DE101 1 1"])
    assert (row.state, row.why) == ("refused", "it says no")
    mended = notes(("d1", "yes"))
    (row,) = apply_again(office.books, DESK, office.appliers, ["DE101 1 1"], {"DE101 1 1": mended})
    assert (row.state, office.reader.said) == ("applied", ["d1 yes"])
    assert apply_again(office.books, DESK, office.appliers, ["DE101 1 1", "none"]) == []
