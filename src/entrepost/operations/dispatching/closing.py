"""Closing receptacles: weighed, judged by the gate, and numbered in the open dispatch of their series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.receptacle import WEIGHT_MOST_G
from entrepost.customs.gate import Gate
from entrepost.mail.closing import EMPTIES, count_items, next_dispatch, number_receptacle, series_of
from entrepost.mail.receptacle import check_receptacle
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.dispatch_records import CLOSED, OPEN, OUT, Content, Filling, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.filling import find_known, judge_items
from entrepost.operations.dispatching.gate import say_kept_out
from entrepost.operations.dispatching.names import BEHIND, name_dispatch, name_receptacle, offset_of, to_local, year_in
from entrepost.operations.dispatching.nouns import to_receptacle, write_counts
from entrepost.operations.store import Store

TAG_UNKNOWN = finding_code("receptacle_tag_unknown", "A receptacle is to be closed that nobody has opened.")
EMPTY = finding_code("receptacle_empty", "A receptacle without items is to be closed.")
UNWEIGHED = finding_code("receptacle_unweighed", "A receptacle is to be closed that weighs nothing, or too much.")
LIGHTER = finding_code("receptacle_lighter", "Items were held back from a receptacle after it had been weighed.")

HOLD_ITEM, HOLD_RECEPTACLE = "item", "receptacle"
"""What is held back where items may not be loaded: these items, or the whole receptacle."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A receptacle to be closed: its tag, and its gross weight as weighed."""

    tag: str
    weight_g: int


@dataclass(frozen=True, slots=True)
class ClosingParams:
    """How receptacles are closed.

    Attributes
    ----------
    hold : str
        What is held back where items may not be loaded: `item` (the rest goes on) or `receptacle`.
    timeout_minutes : int, optional
        After so long without an answer of the authorities an item may be loaded; without it what is assumed.
    """

    hold: str = HOLD_ITEM
    timeout_minutes: int | None = None

    def __post_init__(self) -> None:
        if self.hold not in (HOLD_ITEM, HOLD_RECEPTACLE):
            raise MisuseError(f"hold {self.hold!r} is not one of {HOLD_ITEM}, {HOLD_RECEPTACLE}")


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of closing: receptacles with their numbers, items that were held back and must be taken out."""

    receptacles: tuple[KeptReceptacle, ...]
    held: tuple[str, ...]
    findings: tuple[Finding, ...]


def close_receptacles(
    store: Store,
    network: Network,
    by: Caller,
    closings: Sequence[Closing],
    params: ClosingParams | None = None,
) -> Closed:
    """Close receptacles, one or hundreds at once: each gets its number, which does not change unless it is the last.

    What cannot be closed stays as it is, with a finding. A receptacle that was closed before is answered as it was.
    Items that may not be loaded are held back, or their receptacle is (`params.hold`); where items are, their weight
    is taken off the gross weight, and a finding says that they must come out of the bag.
    """
    params = params or ClosingParams()
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        work = _Work(store, network, by, params)
        work.look_up(closings)
        for closing in closings:
            work.close(closing)
        if work.held:
            store.records.remove_many(Content, by.tenant, pl.Series(work.held))
    return Closed(tuple(work.closed), tuple(work.held), tuple(work.findings))


class _Work:
    """One closing under way, in a transaction."""

    def __init__(self, store: Store, network: Network, by: Caller, params: ClosingParams) -> None:
        self.store, self.network, self.by, self.params = store, network, by, params
        self.closed: list[KeptReceptacle] = []
        self.held: list[str] = []
        self.findings: list[Finding] = []
        self._fillings: dict[str, Filling] = {}
        self._inside: dict[str, list[tuple[str, int]]] = {}
        self._barred: dict[str, Gate] = {}

    def look_up(self, closings: Sequence[Closing]) -> None:
        """What the receptacles hold, item and weight, and which of it may not be loaded: once for all of them."""
        records, tags = self.store.records, [each.tag for each in closings]
        self._fillings = {each.tag: each for each in records.list_where(Filling, self.by.tenant, "tag", tags)}
        waiting = {tag: each for tag, each in self._fillings.items() if not each.receptacle}
        held = records.frame_where(Content, self.by.tenant, "tag", pl.Series(list(waiting), dtype=pl.String))
        by_mode: dict[str, list[str]] = {}
        for tag, item_id, weight in held.select("tag", "item_id", "weight_g").iter_rows():
            self._inside.setdefault(tag, []).append((item_id, weight))
            by_mode.setdefault(waiting[tag].mode, []).append(item_id)
        for mode, item_ids in by_mode.items():
            known = find_known(self.store, self.by.tenant, item_ids)
            filling = next(each for each in waiting.values() if each.mode == mode)
            self._barred |= judge_items(self.store, filling, known, self.params.timeout_minutes)

    def close(self, closing: Closing) -> None:
        """Close one, or say why it cannot be."""
        filling = self._fillings.get(closing.tag)
        if filling is None:
            self._refuse(TAG_UNKNOWN, "tag", "nobody has opened it", closing.tag, "open it, or scan its tag again")
        elif filling.receptacle:
            before = self.store.records.find(KeptReceptacle, self.by.tenant, filling.receptacle)
            if before is not None:
                self.closed.append(before)
        else:
            self._judge(filling, closing, self._inside.get(closing.tag, []))

    def _judge(self, filling: Filling, closing: Closing, inside: list[tuple[str, int]]) -> None:
        barred = [item_id for item_id, _ in inside if item_id in self._barred]
        self.findings += [say_kept_out(item_id, self._barred[item_id]) for item_id in barred]
        if barred and self.params.hold == HOLD_RECEPTACLE:
            return
        lighter = sum(weight for item_id, weight in inside if item_id in barred)
        rest = [item_id for item_id, _ in inside if item_id not in barred]
        weight = closing.weight_g - lighter
        if not rest and filling.mail_subclass[0] != EMPTIES:
            self._refuse(EMPTY, "tag", "there is nothing in it", filling.tag, "put items in, or drop it")
        elif not 0 < weight <= WEIGHT_MOST_G or closing.weight_g <= 0:
            message = f"it is said to weigh {closing.weight_g} g"
            self._refuse(UNWEIGHED, "weight_g", message, filling.tag, "weigh it, in grams")
        else:
            self.held += barred
            if barred:
                message = f"{len(barred):,} items were held back; it was closed with {weight} g"
                fix = f"take out {', '.join(barred[:3])}{' and others' if len(barred) > 3 else ''}, and weigh it"
                self.findings.append(Finding(LIGHTER, "weight_g", message, filling.tag, fix=fix, level="warning"))
            self._number(filling, weight, rest)

    def _number(self, filling: Filling, weight_g: int, item_ids: list[str]) -> None:
        dispatch = open_dispatch(self.store, self.network, self.by, filling.series)
        serial = dispatch.receptacles + 1
        counts = count_items(filling.mail_subclass[0], len(item_ids))
        made = KeptReceptacle(
            self.by.tenant,
            name_receptacle(dispatch.dispatch, serial),
            number_receptacle(dispatch.dispatch_id, serial, weight_g, item_ids),
            dispatch.dispatch,
            filling.tag,
            filling.kind,
            filling.handling_class,
            write_counts(counts),
            state=CLOSED,
            outcome="",
            consignment="",
            closed_by=self.by.who,
            weight_g=weight_g,
            items=len(item_ids),
            exempt=0,
            closed_at=self.store.clock.now(),
        )
        self.findings += check_receptacle(to_receptacle(made, item_ids))
        records = self.store.records
        records.put(made)
        records.put(replace(filling, receptacle=made.receptacle))
        records.put(
            replace(
                dispatch,
                receptacles=serial,
                weight_g=dispatch.weight_g + weight_g,
                items=dispatch.items + len(item_ids),
            )
        )
        self.closed.append(made)

    def _refuse(self, code: str, field: str, message: str, subject: str, fix: str) -> None:
        self.findings.append(Finding(code, field, message, subject, fix=fix))


def find_last(store: Store, tenant: str, series: str) -> KeptDispatch | None:
    """The last dispatch of a series that we numbered."""
    start = f"{OUT} {series} "
    found = store.records.list_latest(KeptDispatch, tenant, f"{start}{BEHIND}", 1)
    return found[0] if found and found[0].dispatch.startswith(start) else None


def open_dispatch(store: Store, network: Network, by: Caller, series: str) -> KeptDispatch:
    """The open dispatch of a series, numbered now where there is none. In a transaction that holds receptacles.

    Raises
    ------
    MisuseError
        Where the series has no number left in the year.
    """
    last = find_last(store, by.tenant, series)
    if last is not None and last.state == OPEN:
        return last
    now = store.clock.now()
    local = to_local(network, series[:6], now)
    before = (last.dispatch_id, year_in(last.dispatch)) if last else None
    dispatch_id, year = next_dispatch(series_of(series), local.date(), before)
    made = KeptDispatch(
        by.tenant,
        name_dispatch(OUT, dispatch_id, year),
        dispatch_id,
        OPEN,
        by.who,
        offset_of(local),
        weight_g=0,
        receptacles=0,
        items=0,
        version=0,
        opened_at=now,
    )
    store.records.put(made)
    write_down(store, by.tenant, by.who, "dispatch opened", dispatch_id)
    return made
