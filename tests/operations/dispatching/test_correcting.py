"""A closed dispatch is corrected as long as no carrier has it, and its destination takes what it is told last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.mail.dispatch import check_dispatch
from entrepost.mail.partner import EVERY, Channel, Office
from entrepost.messages import plain_lines
from entrepost.messages.plain import to_plain
from entrepost.messages.predes import Predes
from entrepost.operations.audit import list_entries
from entrepost.operations.dispatch_records import KeptDispatch
from entrepost.operations.dispatching.correcting import Corrected, Correcting, correct_dispatch
from entrepost.operations.dispatching.dispatches import cancel_dispatch, close_dispatch, list_inside
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.dispatching.nouns import list_receptacles
from entrepost.operations.exchange_records import CameMessage
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.transport import INTERCHANGE, Arrival, Transmission
from entrepost.operations.store import Store
from tests.operations.dispatching.station import CLERK, NETWORK, SERIES, bag, close, packed, put, station
from tests.operations.exchanging.world import FIRST, PARTNERS
from tests.operations.shop import LAMP_NO, MUG_NO, store_in

NUMBER = f"{SERIES}60001"
BAGS = f"{NUMBER}001000013", f"{NUMBER}002100013"
GERMANY = replace(
    PARTNERS,
    operators=tuple(replace(each, own=each.operator == "DEA") for each in PARTNERS.operators),
    offices=(Office("CNSHAA", "CNA", FIRST), Office("DEFRAA", "DEA", FIRST)),
    channels=(Channel("CNA", "in", EVERY, FIRST, syntax="json"),),
)


def closed(folder: Path, *bags: list[str]) -> Store:
    store = station(folder)
    packed(store, *bags or ([LAMP_NO], [MUG_NO]))
    close(store, *(f"bag {number}" for number in range(1, len(bags or (1, 2)) + 1)))
    close_dispatch(store, NETWORK, CLERK, SERIES)
    return store


def correct(store: Store, *weights: tuple[str, int], take_out: tuple[str, ...] = ()) -> Corrected:
    return correct_dispatch(store, CLERK, NUMBER, Correcting(weights, take_out))


def test_another_weight_is_another_number_and_the_destination_is_told_by_a_replacement(tmp_path: Path) -> None:
    store = closed(tmp_path)
    made = correct(store, (BAGS[1], 2_640))
    number = f"{NUMBER}002100026"
    assert (made.relabelled, made.dispatch.weight_g, made.dispatch.items) == (((BAGS[1], number),), 3_890, 2)
    (predes,) = (each.message for each in made.messages)
    assert isinstance(predes, Predes)
    assert (predes.document, predes.function, check_dispatch(predes.dispatch)) == (NUMBER, "replace", [])
    assert [each.item_ids for each in predes.dispatch.receptacles] == [(LAMP_NO,), (MUG_NO,)]
    bags = list_receptacles(store, "main", made.dispatch.dispatch)
    assert list_inside(store, "main", bags) == {BAGS[0]: [LAMP_NO], number: [MUG_NO]}
    assert "dispatch corrected" in {each.action for each in list_entries(store, "main")}
    again = close_dispatch(store, NETWORK, CLERK, NUMBER)
    assert again.messages[0].message == predes, "whoever lost it gets the same"


def test_an_item_that_is_taken_out_is_free_and_that_it_left_stays_a_fact(tmp_path: Path) -> None:
    store = closed(tmp_path, [LAMP_NO, MUG_NO])
    number = f"{NUMBER}001100013"
    made = correct(store, (number[:23], 1_000), take_out=(MUG_NO,))
    (kept,) = made.receptacles
    assert (kept.items, kept.counts, kept.receptacle_id) == (1, "E1", f"{NUMBER}001100010")
    assert made.messages[0].message.dispatch.receptacles[0].item_ids == (LAMP_NO,)
    bag(store, "next")
    assert put(store, MUG_NO, tag="next").findings == ()
    assert store.list_events("main").get_column("item_id").sort().to_list() == sorted([LAMP_NO, MUG_NO])


def test_the_same_once_more_changes_nothing_and_sends_nothing(tmp_path: Path) -> None:
    store = closed(tmp_path)
    correct(store, (BAGS[0], 2_000))
    again = correct(store, (BAGS[0], 2_000))
    assert (again.again, again.messages, again.dispatch.version) == (True, (), 2)


def test_what_cannot_be_corrected_is_said_and_nothing_changes(tmp_path: Path) -> None:
    store = closed(tmp_path)
    before = store.records.list_of(KeptDispatch, "main")
    with pytest.raises(MisuseError, match=r"weigh .* again"):
        correct(store, (BAGS[1], 900), take_out=(LAMP_NO,))
    with pytest.raises(MisuseError, match="would be empty"):
        correct(store, (BAGS[0], 900), take_out=(LAMP_NO,))
    with pytest.raises(MissingRowError, match="is not in this dispatch"):
        correct(store, (f"{NUMBER}003000013", 900))
    with pytest.raises(MissingRowError, match="LX000000005DE is not in"):
        correct(store, (BAGS[0], 900), take_out=("LX000000005DE",))
    with pytest.raises(MisuseError, match="cannot be; weigh it"):
        correct(store, (BAGS[0], 0))
    with pytest.raises(MisuseError, match="say what is corrected"):
        Correcting()
    assert store.records.list_of(KeptDispatch, "main") == before


def test_what_a_carrier_has_stays_as_it_was_told(tmp_path: Path) -> None:
    store = closed(tmp_path)
    first, *_ = list_receptacles(store, "main", f"out {SERIES} 2026 0001")
    store.records.put(replace(first, consignment="out CNA000000001"))
    with pytest.raises(MisuseError, match="was given to a carrier"):
        correct(store, (BAGS[0], 900))


def test_an_open_or_cancelled_dispatch_is_not_corrected(tmp_path: Path) -> None:
    store = closed(tmp_path)
    cancel_dispatch(store, NETWORK, CLERK, NUMBER)
    with pytest.raises(MisuseError, match="is cancelled; only a closed one"):
        correct(store, (BAGS[0], 900))


def told(folder: Path) -> list[Telling]:
    """What China tells of a dispatch: the original, a replacement, and in the end that it is cancelled."""
    store = station(folder)
    packed(store, [LAMP_NO], [MUG_NO])
    close(store, "bag 1", "bag 2")
    first = close_dispatch(store, NETWORK, CLERK, SERIES).messages[0]
    second = correct(store, (BAGS[1], 2_640)).messages[0]
    third = cancel_dispatch(store, NETWORK, CLERK, NUMBER).messages[0]
    return [first, second, third]


def arrive(store: Store, messages: list[tuple[int, Telling]]) -> list[str]:
    """Let messages arrive in Germany, each prepared a minute after the one before; how they stand."""
    desk = Desk("main", GERMANY, store.clock.now())
    for number, telling in messages:
        at = store.clock.now() - timedelta(hours=1) + timedelta(minutes=number)
        head = plain_lines.Head("CN101", "DE101", f"{number:08d}", at, 1)
        body = plain_lines.write(head, [to_plain(telling.message)])
        sent = Transmission(f"t{number}", "CN101", "DE101", INTERCHANGE, body)
        take_in(store, desk, APPLIERS, "folder", [Arrival(sent, "CN101", lambda: None, lambda _why: None)])
    rows = store.exchange.list_with(CameMessage, "main", {})
    return [f"{row.function} {row.state}" for row in rows]


def test_a_replacement_holds_at_the_destination_whichever_came_first(tmp_path: Path) -> None:
    (tmp_path / "china").mkdir()
    original, changed, _ = enumerate(told(tmp_path / "china"), start=1)
    for number, order in enumerate(permutations((original, changed))):
        (tmp_path / str(number)).mkdir()
        store = store_in(tmp_path / str(number))
        states = arrive(store, list(order))
        (kept,) = store.records.list_of(KeptDispatch, "main")
        assert (kept.weight_g, kept.state) == (3_890, "announced"), states
        bags = list_receptacles(store, "main", kept.dispatch)
        assert [each.receptacle_id for each in bags] == [BAGS[0], f"{NUMBER}002100026"]
        assert list_inside(store, "main", bags) == {BAGS[0]: [LAMP_NO], f"{NUMBER}002100026": [MUG_NO]}


def test_a_cancellation_is_applied_to_what_it_takes_back(tmp_path: Path) -> None:
    (tmp_path / "china").mkdir()
    messages = list(enumerate(told(tmp_path / "china"), start=1))
    store = store_in(tmp_path)
    assert arrive(store, messages) == ["original applied", "replace applied", "cancel applied"]
    assert [each.state for each in store.records.list_of(KeptDispatch, "main")] == ["cancelled"]


def test_what_came_stays_when_its_dispatch_is_told_anew_without_it_and_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "china").mkdir()
    original, changed, _ = enumerate(told(tmp_path / "china"), start=1)
    store = store_in(tmp_path)
    arrive(store, [original])
    (kept,) = store.records.list_of(KeptDispatch, "main")
    first, last = list_receptacles(store, "main", kept.dispatch)
    for each in (first, last):
        store.records.put(replace(each, received_at=store.clock.now()))
    number, telling = changed
    dispatch = telling.message.dispatch
    rest = replace(dispatch, receptacles=dispatch.receptacles[1:], weight_g=2_640)
    arrive(store, [(number, Telling(replace(telling.message, dispatch=rest), office="DEFRAA"))])
    (row,) = store.exchange.list_with(CameMessage, "main", {"function": ["replace"]})
    assert "dispatch_replaced_late" in row.why
    assert f"2 of its receptacles had come; {BAGS[0]} is told no more, and stays" in row.why
    states = [(each.state, each.received_at is not None) for each in list_receptacles(store, "main", kept.dispatch)]
    assert states == [("announced", True), ("announced", True)]
