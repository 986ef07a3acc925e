"""A dispatch is closed once: its bags are numbered 1 to n, the last is marked, and its items have left."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.mail.dispatch import check_dispatch
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.predes import Predes
from entrepost.operations.dispatching.closing import Closing, ClosingParams, close_receptacles
from entrepost.operations.dispatching.dispatches import ClosedDispatch, cancel_dispatch, close_dispatch
from entrepost.operations.store import Store
from tests.operations.dispatching.station import CLERK, NETWORK, SERIES, assess, bag, close, packed, put, station
from tests.operations.shop import LAMP_NO, MUG_NO, FixedClock
from tests.operations.test_events import status


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
    from entrepost.wiring import open_store

    return open_store(folder / "post.db", FixedClock(now))


def test_an_item_that_may_not_be_loaded_any_more_is_held_back_and_the_rest_goes_on(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO, MUG_NO])
    assess(store, MUG_NO, answer="DNL")
    told = close(store)
    assert told.held == (MUG_NO,)
    assert [each.code for each in told.findings] == ["gate_do_not_load", "receptacle_lighter"]
    assert (told.receptacles[0].items, told.receptacles[0].weight_g) == (1, 850)
    assert [each.item_ids for each in sent(store).messages[0].message.dispatch.receptacles] == [(LAMP_NO,)]


def test_or_the_whole_bag_is_held_back(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO], [MUG_NO])
    assess(store, MUG_NO, answer="RFS")
    closings = [Closing("bag 1", 1_000), Closing("bag 2", 1_000)]
    told = close_receptacles(store, NETWORK, CLERK, closings, ClosingParams(hold="receptacle"))
    assert ([each.tag for each in told.receptacles], told.held) == (["bag 1"], ())
    assert [each.code for each in told.findings] == ["gate_screening_wanted"]


def test_a_bag_that_cannot_be_closed_loses_no_other(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO], [])
    told = close(store, "bag 1", "bag 2", "bag 3")
    assert [each.tag for each in told.receptacles] == ["bag 1"]
    assert [each.code for each in told.findings] == ["receptacle_empty", "receptacle_tag_unknown"]
    assert [each.code for each in close(store, "bag 2", weight_g=0).findings] == ["receptacle_empty"]
    put(store, MUG_NO, tag="bag 2")
    assert [each.code for each in close(store, "bag 2", weight_g=0).findings] == ["receptacle_unweighed"]


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
