"""Blocks and runs come back as they were kept; runs of one day that meet are one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrepost.base.errors import StoreError
from entrepost.mail.numbering import Block, Run, allocate
from entrepost.operations.store import Store
from tests.operations.shop import NOW

DAY = NOW.date()


def test_a_block_moves_on_and_its_runs_of_a_day_grow_together(store: Store) -> None:
    store.add_block(Block("LX", "CN", 10, 19, 10), "alpha")
    for count, day in ((2, DAY), (3, DAY), (1, DAY + timedelta(days=1))):
        (stored,) = store.list_blocks("LX", "CN")
        store.put_allocation(stored.block_no, allocate(stored.block, count, day, store.list_runs(stored.block_no)))
    (stored,) = store.list_blocks("LX", "CN")
    assert (stored.tenant, stored.block) == ("alpha", Block("LX", "CN", 10, 19, 16))
    assert store.list_runs(stored.block_no) == [Run(10, 14, DAY), Run(15, 15, DAY + timedelta(days=1))]
    assert store.list_blocks("LX", "DE") == []


def test_two_blocks_cannot_begin_with_the_same_number(store: Store) -> None:
    store.add_block(Block("LX", "CN", 10, 19, 10))
    with pytest.raises(StoreError, match=r"(?i)unique"):
        store.add_block(Block("LX", "CN", 10, 29, 10))
