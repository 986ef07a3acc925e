"""A receptacle is closed with what may be loaded, and gets the next number of its dispatch."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.dispatching.closing import Closing, ClosingParams, close_receptacles
from entrepost.operations.dispatching.dispatches import close_dispatch
from tests.operations.dispatching.station import CLERK, NETWORK, SERIES, assess, bag, close, packed, put, station
from tests.operations.shop import LAMP_NO, MUG_NO


def test_an_item_that_may_not_be_loaded_any_more_is_held_back_and_the_rest_goes_on(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO, MUG_NO])
    assess(store, MUG_NO, answer="DNL")
    told = close(store)
    assert told.held == (MUG_NO,)
    assert [each.code for each in told.findings] == ["gate_do_not_load", "receptacle_lighter"]
    assert (told.receptacles[0].items, told.receptacles[0].weight_g) == (1, 850)
    told = close_dispatch(store, NETWORK, CLERK, SERIES).messages[0].message
    assert [each.item_ids for each in told.dispatch.receptacles] == [(LAMP_NO,)]


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


def test_nothing_but_items_or_receptacles_can_be_held_back() -> None:
    with pytest.raises(MisuseError, match="hold"):
        ClosingParams(hold="everything")


def test_empty_receptacles_of_their_class_go_without_items(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store, mail_subclass="TN")
    (made,) = close(store).receptacles
    assert (made.items, made.counts, made.receptacle_id[13:15]) == (0, "", "TN")
