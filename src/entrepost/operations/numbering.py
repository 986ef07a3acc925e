"""Give out item identifiers from the store's blocks: none twice within the reuse period, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

from entrepost.base.errors import ExhaustedError, MisuseError
from entrepost.base.findings import list_errors
from entrepost.codes.s10 import SERIAL_MOST
from entrepost.mail.numbering import Block, allocate, check_blocks
from entrepost.operations.store import Store, StoredBlock


def add_block(store: Store, block: Block, tenant: str = "") -> None:
    """Register a block of numbers, for one tenant or (empty) for all.

    Raises
    ------
    MisuseError
        When it holds numbers of another block of the same indicator and issuer.
    """
    with store.transaction():
        others = [each.block for each in store.list_blocks(block.indicator, block.issuer)]
        overlaps = list_errors(check_blocks([*others, block]))
        if overlaps:
            raise MisuseError(str(overlaps[0]))
        store.add_block(block, tenant)


def allocate_numbers(store: Store, indicator: str, issuer: str, count: int, tenant: str = "main") -> list[str]:
    """The next `count` identifiers; where no block was registered, one of all serials is, shared by all tenants.

    Durable when the surrounding transaction commits; two processes never get the same number.

    Raises
    ------
    ExhaustedError
        When the blocks have too few numbers that were not given within their reuse period.
    """
    with store.transaction():
        if not store.list_blocks(indicator, issuer):
            store.add_block(Block(indicator, issuer, 0, SERIAL_MOST, 0))
        blocks = [each for each in store.list_blocks(indicator, issuer) if each.tenant in ("", tenant)]
        own_first = sorted(blocks, key=lambda each: each.tenant == "")
        return _allocate(store, [each.block_no for each in own_first], indicator, issuer, count)


def _allocate(store: Store, block_nos: Sequence[int], indicator: str, issuer: str, count: int) -> list[str]:
    """From the first block that has them all; otherwise one half after the other, from whichever blocks."""
    if count == 0:
        return []
    for block_no in block_nos:
        given = _allocate_from(store, _get(store, block_no, indicator, issuer), count)
        if given is not None:
            return given
    if count == 1:
        raise ExhaustedError(f"no number {indicator}...{issuer} is free; register another block")
    half = count // 2
    first = _allocate(store, block_nos, indicator, issuer, half)
    return first + _allocate(store, block_nos, indicator, issuer, count - half)


def _allocate_from(store: Store, stored: StoredBlock, count: int) -> list[str] | None:
    try:
        allocation = allocate(stored.block, count, store.clock.now().date(), store.list_runs(stored.block_no))
    except ExhaustedError:
        return None
    store.put_allocation(stored.block_no, allocation)
    return list(allocation.identifiers)


def _get(store: Store, block_no: int, indicator: str, issuer: str) -> StoredBlock:
    return next(each for each in store.list_blocks(indicator, issuer) if each.block_no == block_no)
