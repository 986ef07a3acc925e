"""A dispatch is closed once: its bags are numbered 1 to n, the last is marked, and its items have left."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.mail.dispatch import check_dispatch
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.predes import Predes
from entrepost.operations.dispatch_records import KeptDispatch
from entrepost.operations.dispatching.dispatches import ClosedDispatch, cancel_dispatch, close_dispatch
from entrepost.operations.dispatching.nouns import list_receptacles
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.operations.dispatching.station import CLERK, NETWORK, NOON, SERIES, bag, close, packed, put, station
from tests.operations.shop import LAMP_NO, MUG_NO, FixedClock
from tests.operations.test_events import status

EMPTIES = "CNSHAADEFRAAATN"
"""Empty receptacles, which need no items."""


def sent(store: Store) -> ClosedDispatch:
    return close_dispatch(store, NETWORK, CLERK, SERIES)


def test_two_bags_are_numbered_and_the_last_is_marked_when_the_dispatch_is_closed(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO], [MUG_NO])
    numbers = [each.receptacle_id for each in close(store, "bag 1", "bag 2").receptacles]
    assert numbers == [f"{SERIES}60001001000013", f"{SERIES}60001002000013"]
    made = sent(store)
    assert [each.receptacle_id for each in made.receptacles] == [numbers[0], f"{SERIES}60001002100013"]
    assert (made.relabelled, made.findings) == (numbers[1], ())
    assert (made.dispatch.weight_g, made.dispatch.items, made.dispatch.receptacles) == (2_500, 2, 2)


def test_what_is_told_names_every_item_in_its_bag_and_says_that_it_left(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO], [MUG_NO])
    close(store, "bag 1", "bag 2")
    predes, emsevt = (each.message for each in sent(store).messages)
    assert isinstance(predes, Predes)
    assert isinstance(emsevt, Emsevt)
    assert [each.item_ids for each in predes.dispatch.receptacles] == [(LAMP_NO,), (MUG_NO,)]
    assert (predes.document, predes.function, check_dispatch(predes.dispatch)) == (f"{SERIES}60001", "original", [])
    assert {(each.item_id, each.code, each.next_office) for each in emsevt.reports} == {
        (LAMP_NO, "EMC", "DEFRAA"),
        (MUG_NO, "EMC", "DEFRAA"),
    }


def test_items_of_a_closed_dispatch_are_under_way_and_contained(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO])
    close(store)
    assert status(store, LAMP_NO) == "pending"
    made = sent(store)
    assert (status(store, LAMP_NO), status(store, MUG_NO)) == ("in_transit", "pending")
    number = made.receptacles[0].receptacle_id
    held = store.list_events("main").select("item_id", "code", "facility").rows()
    assert held == [(LAMP_NO, "EMC", "CNSHAA")]
    assert put_again(store) == [f"it is in {number}"]


def put_again(store: Store) -> list[str]:
    bag(store, "another bag")
    return [each.message for each in put(store, LAMP_NO, tag="another bag").findings]


def test_closing_again_answers_the_same_and_what_comes_later_goes_into_the_next(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO], [MUG_NO])
    close(store, "bag 1")
    first = sent(store)
    again = close_dispatch(store, NETWORK, CLERK, first.dispatch.dispatch_id)
    assert (again.dispatch, again.receptacles, again.messages) == (first.dispatch, first.receptacles, first.messages)
    with pytest.raises(MissingRowError, match="is open"):
        sent(store)
    assert close(store, "bag 1").receptacles[0].dispatch == first.dispatch.dispatch
    assert close(store, "bag 2").receptacles[0].receptacle_id == f"{SERIES}60002001000013"


def test_serials_begin_again_on_the_offices_new_year(tmp_path: Path) -> None:
    store = station(tmp_path, now=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    packed(store, [LAMP_NO], [MUG_NO])
    close(store, "bag 1")
    assert sent(store).dispatch.dispatch_id == f"{SERIES}60001"
    store.close()
    store = station_at(tmp_path, datetime(2027, 1, 1, tzinfo=UTC))
    close(store, "bag 2")
    assert sent(store).dispatch.dispatch == f"out {SERIES} 2027 0001"


def station_at(folder: Path, now: datetime) -> Store:
    return open_store(folder / "post.db", FixedClock(now))


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_cancelled_dispatch_frees_its_items_and_keeps_its_number(tmp_path: Path, is_closed: bool) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO])
    close(store)
    if is_closed:
        sent(store)
    gone = cancel_dispatch(store, NETWORK, CLERK, f"{SERIES}60001")
    assert (gone.dispatch.state, gone.messages[0].message.function) == ("cancelled", "cancel")
    assert put_again(store) == []
    close(store, "another bag")
    assert sent(store).dispatch.dispatch_id == f"{SERIES}60002"
    with pytest.raises(MisuseError, match="cancelled"):
        close_dispatch(store, NETWORK, CLERK, f"{SERIES}60001")


def do(store: Store, step: str, tag: str) -> None:
    """One step of a clerk; a crash comes when the bag is closed."""
    bag(store, tag, mail_subclass="TN")
    if step in ("bag", "crash"):
        close(store, tag)
    elif step == "dispatch":
        close_dispatch(store, NETWORK, CLERK, EMPTIES)
    else:
        cancel_dispatch(store, NETWORK, CLERK, EMPTIES)
    if step == "crash":
        raise Crash


@given(st.lists(st.sampled_from(["bag", "dispatch", "cancel", "crash"]), min_size=1, max_size=8))
@settings(max_examples=15)
def test_two_clerks_in_any_order_leave_no_gap_and_a_crash_leaves_nothing(steps: list[str]) -> None:
    """Two connections take turns: each closes a bag, closes or cancels what is open, or dies in the middle of it."""
    with tempfile.TemporaryDirectory() as name:
        clerks = [station(Path(name), assessed=False), station_at(Path(name), NOON)]
        for number, step in enumerate(steps):
            store = clerks[number % 2]
            with suppress(MissingRowError, Crash), store.transaction():
                do(store, step, f"bag {number}")
        found = clerks[0].records.list_of(KeptDispatch, "main")
        assert [each.dispatch_id for each in found] == [f"{EMPTIES}6{one:04d}" for one in range(1, len(found) + 1)]
        for each in found:
            bags = list_receptacles(clerks[1], "main", each.dispatch)
            last = [one.receptacle_id[23] for one in bags]
            assert [one.serial for one in bags] == list(range(1, each.receptacles + 1))
            assert last.count("1") == (each.state == "closed" or (each.state == "cancelled" and last[-1] == "1"))
        for store in clerks:
            store.close()


@pytest.mark.filterwarnings("ignore:SQLite")
def test_two_clerks_at_once_get_different_numbers_without_a_gap(tmp_path: Path) -> None:
    """Each thread has a connection of its own, and closes its bag and its dispatch as soon as it may."""
    station(tmp_path, assessed=False).close()

    def clerk(number: int) -> None:
        store = station_at(tmp_path, NOON)
        for turn in range(5):
            bag(store, f"{number}-{turn}", mail_subclass="TN")
            close(store, f"{number}-{turn}")
            with suppress(MissingRowError):
                close_dispatch(store, NETWORK, CLERK, EMPTIES)
        store.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(clerk, range(2)))
    store = station_at(tmp_path, NOON)
    found = store.records.list_of(KeptDispatch, "main")
    bags = [each for one in found for each in list_receptacles(store, "main", one.dispatch)]
    assert [int(each.dispatch_id[-4:]) for each in found] == list(range(1, len(found) + 1))
    assert len(bags) == len({each.receptacle_id for each in bags}) == 10


class Crash(Exception):
    """The process dies before anything is committed."""
