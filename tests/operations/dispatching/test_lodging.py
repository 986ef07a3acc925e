"""The data of items are lodged when they are whole, and open the gate once they are assessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.lodging import lodge_items
from entrepost.operations.senders import set_sender
from entrepost.operations.store import Store
from tests.operations.dispatching.station import CLERK, NETWORK, bag, put
from tests.operations.shop import lamp, number, store_in, take, write_csv
from tests.operations.test_item_papers import ARTICLE, PERSON, SENDER


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two orders of a lamp: of the first all is known, of the second nobody said what it is."""
    made = store_in(tmp_path)
    take(
        made, write_csv(tmp_path, lamp(**PERSON, **ARTICLE), lamp(**PERSON, order_id="o2", description="", hs_code=""))
    )
    set_sender(made, CLERK, "shop", SENDER)
    return made


def test_whole_data_are_lodged_and_the_others_are_told(store: Store) -> None:
    whole, bare = number(store, "o1") + number(store, "o2")
    lodged = lodge_items(store, NETWORK, CLERK, [whole, bare, "RX000000007CN"])
    assert lodged.item_ids == (whole,)
    data = lodged.messages[0].message.data
    assert (data.sender.name, data.recipient.city, data.destination_operator) == ("The shop", "Frankfurt", "DEA")
    assert {each.subject for each in lodged.findings} >= {bare, "RX000000007CN"}


def test_the_gate_opens_when_lodged_data_are_assessed(store: Store) -> None:
    (whole,) = number(store, "o1")
    bag(store)
    codes = [[each.code for each in put(store, whole).findings]]
    lodge_items(store, NETWORK, CLERK, [whole])
    codes.append([each.code for each in put(store, whole).findings])
    add_referrals(store, "main", [(whole, "AC", store.clock.now())])
    assert codes == [["gate_data_not_lodged"], ["gate_not_assessed"]]
    assert put(store, whole).added == 1
