"""Item identifiers given out from blocks, none twice within the reuse period.

Everything here is pure. Whoever keeps the blocks reads a block and its earlier runs, calls `allocate`,
and writes the moved block and the new runs in one transaction that fails when another process has
moved the block meanwhile.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from entrepost.base.errors import ExhaustedError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import s10

OVERLAP = finding_code("block_overlap", "Two blocks of identifiers hold the same numbers.")

REUSE_MONTHS = 24
"""Months after which a serial may be given again.

The standard asks for 12; customs data later asked for more. The longer one is assumed.
"""


@dataclass(frozen=True, slots=True)
class Block:
    """Serials `first` to `last` of an indicator and issuer; `next` is the one to be given next."""

    indicator: str
    issuer: str
    first: int
    last: int
    next: int
    reuse_months: int = REUSE_MONTHS

    def __post_init__(self) -> None:
        s10.S10(self.indicator, self.first, self.issuer)
        s10.S10(self.indicator, self.last, self.issuer)
        if not self.first <= self.next <= self.last:
            raise MisuseError(f"a block gives {self.first} to {self.last}; its next serial cannot be {self.next}")

    @property
    def size(self) -> int:
        """How many serials the block has."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Run:
    """Serials `first` to `last`, given out on one day."""

    first: int
    last: int
    day: date


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a call gave: the block as it is afterwards, the runs to be kept, and the identifiers."""

    block: Block
    runs: tuple[Run, ...]
    identifiers: tuple[str, ...]


def allocate(block: Block, count: int, day: date, given: Iterable[Run] = ()) -> Allocation:
    """Give out the next `count` identifiers of a block, going round at its end.

    Parameters
    ----------
    block : Block
        As it was last written.
    count : int
        How many identifiers; all of them or none.
    day : date
        The day of giving.
    given : iterable of Run
        What the block gave before; runs older than its reuse period may be left out.

    Raises
    ------
    ExhaustedError
        When one of the numbers was given less than the reuse period ago, or the block is smaller.
    """
    if count < 0:
        raise MisuseError(f"cannot give out {count} identifiers")
    name = f"block {block.indicator} {block.first:08d}-{block.last:08d} {block.issuer}"
    if count > block.size:
        raise ExhaustedError(f"{name} has {block.size} numbers, {count} are needed; add a block")
    runs = _runs(block, count, day)
    for old in given:
        free = free_on(old, block.reuse_months)
        if free > day and any(old.first <= run.last and run.first <= old.last for run in runs):
            raise ExhaustedError(f"{name} is used up until {free}; add a block")
    following = block.first + (block.next - block.first + count) % block.size
    identifiers = tuple(
        s10.format(s10.S10(block.indicator, serial, block.issuer))
        for run in runs
        for serial in range(run.first, run.last + 1)
    )
    return Allocation(replace(block, next=following), runs, identifiers)


def free_on(run: Run, months: int = REUSE_MONTHS) -> date:
    """The first day on which the numbers of a run may be given again."""
    year, month = divmod(run.day.year * 12 + run.day.month - 1 + months, 12)
    return date(year, month + 1, min(run.day.day, calendar.monthrange(year, month + 1)[1]))


def check_blocks(blocks: Iterable[Block]) -> list[Finding]:
    """A finding for each block that holds numbers of another."""
    findings: list[Finding] = []
    ordered = sorted(blocks, key=lambda block: (block.indicator, block.issuer, block.first))
    ends: dict[tuple[str, str], int] = {}
    for block in ordered:
        end = ends.get((block.indicator, block.issuer), -1)
        if block.first <= end:
            subject = f"{block.indicator} {block.first:08d}-{block.last:08d} {block.issuer}"
            findings.append(Finding(OVERLAP, "first", f"another goes up to {end:08d}", subject, fix="begin later"))
        ends[block.indicator, block.issuer] = max(end, block.last)
    return findings


def _runs(block: Block, count: int, day: date) -> tuple[Run, ...]:
    if count == 0:
        return ()
    ahead = min(count, block.last - block.next + 1)
    runs = [Run(block.next, block.next + ahead - 1, day)]
    if count > ahead:
        runs.append(Run(block.first, block.first + count - ahead - 1, day))
    return tuple(runs)
