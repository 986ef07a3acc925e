"""Filling receptacles: opened at a station under a tag, items put in and taken out scan by scan or in bulk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding
from entrepost.codes.signs import squeeze
from entrepost.customs.gate import Gate, Loading
from entrepost.mail.closing import ABSENT, ELSEWHERE, ENDED, HOLDS, UNKNOWN, Series, check_fit, series_of
from entrepost.mail.consignment import MODES as MODES_OF_CARRIAGE
from entrepost.mail.receptacle import KINDS
from entrepost.mail.status import Status
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.dispatch_records import CLOSED, Content, Filling, KeptReceptacle
from entrepost.operations.dispatching.gate import MODES, find_kept_out, say_kept_out
from entrepost.operations.dispatching.names import to_local
from entrepost.operations.store import Store

TAG_MOST = 40
OVER = (Status.DELIVERED, Status.RETURNED, Status.ENDED)
"""Where an item stands whose journey is over."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A receptacle to be filled: where it goes, by what, and its tag (empty: one is made up)."""

    origin: str
    destination: str
    mail_category: str
    mail_subclass: str
    tag: str = ""
    kind: str = "BG"
    handling_class: str = ""
    holds: str = "any"
    mode: str = ""

    @property
    def series(self) -> Series:
        """Offices, category and subclass; raises `MisuseError` where they are none."""
        return series_of(f"{self.origin}{self.destination}{self.mail_category}{self.mail_subclass}")

    def __post_init__(self) -> None:
        for what, value, known in (
            ("kind", self.kind, tuple(KINDS)),
            ("holds", self.holds, HOLDS),
            ("mode", self.mode or "air", MODES_OF_CARRIAGE),
        ):
            if value not in known:
                raise MisuseError(f"{what} {value!r} is not one of {', '.join(known)}")
        if len(self.tag) > TAG_MOST or not self.tag.isprintable():
            raise MisuseError(f"tag {self.tag!r}: write at most {TAG_MOST} signs that can be printed")


@dataclass(frozen=True, slots=True)
class Put:
    """What came of items that were put in: how many are in it now that were not, how many were, what is wrong."""

    added: int
    again: int
    findings: tuple[Finding, ...]


def open_receptacle(store: Store, network: Network, by: Caller, opening: Opening) -> Filling:
    """Begin to fill a receptacle. The same again is answered alike.

    Raises
    ------
    MisuseError
        Where offices, category or subclass are none, the network does not know the office of origin, or the tag is
        that of another receptacle that is being filled.
    """
    series = opening.series
    now = store.clock.now()
    to_local(network, series.origin, now)
    tag = " ".join(opening.tag.split()) or f"T{secrets.token_hex(4).upper()}"
    parts = (series.origin, series.destination, series.mail_category, series.mail_subclass)
    mode = opening.mode or MODES[series.mail_category]
    made = Filling(by.tenant, tag, *parts, opening.kind, opening.handling_class, opening.holds, mode, "", by.who, now)
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        found = store.records.find(Filling, by.tenant, tag)
        if found is not None and not found.receptacle:
            if replace(made, opened_by=found.opened_by, opened_at=found.opened_at) == found:
                return found
            raise MisuseError(f"the tag {tag} is on another receptacle for {found.destination}; take another tag")
        if found is not None and store.records.frame_where(Content, by.tenant, "tag", pl.Series([tag])).height:
            raise MisuseError(f"the tag {tag} is on a receptacle whose dispatch is not closed; take another tag")
        store.records.put(made)
    return made


def get_filling(store: Store, tenant: str, tag: str) -> Filling:
    """A receptacle that is being filled; raises `MissingRowError` where none has the tag, or it was closed."""
    found = store.records.find(Filling, tenant, tag)
    if found is None:
        raise MissingRowError(f"no receptacle has the tag {tag}; open it first")
    if found.receptacle:
        raise MissingRowError(f"the receptacle {tag} was closed; what is closed does not change")
    return found


def put_items(store: Store, by: Caller, tag: str, item_ids: Sequence[str], timeout_minutes: int | None = None) -> Put:
    """Put items into a receptacle; what does not belong there, or may not be loaded, is told and stays out.

    Parameters
    ----------
    store : Store
        Where they are kept.
    by : Caller
        Who puts them in.
    tag : str
        The tag of the receptacle.
    item_ids : sequence of str
        One item that was scanned, or many.
    timeout_minutes : int, optional
        After so long without an answer of the authorities an item may be loaded; without it what is assumed.

    Raises
    ------
    MissingRowError
        When no receptacle that is being filled has the tag.
    """
    wanted = list(dict.fromkeys(map(squeeze, item_ids)))
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        filling = get_filling(store, by.tenant, tag)
        names = pl.Series("item_id", wanted, dtype=pl.String)
        held = dict(_columns(store.records.frame_where(Content, by.tenant, "item_id", names), "item_id", "tag"))
        again = [item_id for item_id in wanted if held.get(item_id) == tag]
        rest = [item_id for item_id in wanted if held.get(item_id) != tag]
        known = find_known(store, by.tenant, rest)
        refused = _refuse(store, filling, rest, held, known)
        good = known.filter(~pl.col("item_id").is_in(list({each.subject for each in refused})))
        barred = _barred(store, filling, good, timeout_minutes)
        good = good.filter(~pl.col("item_id").is_in([each.subject for each in barred]))
        now = pl.lit(store.clock.now())
        rows = good.select(
            pl.lit(by.tenant).alias("tenant"), "item_id", pl.lit(tag).alias("tag"), "weight_g", added_at=now
        )
        if rows.height:
            store.records.put_many(Content, rows)
    return Put(rows.height, len(again), (*refused, *barred))


def take_out(store: Store, by: Caller, tag: str, item_ids: Sequence[str]) -> Put:
    """Take items out of a receptacle that is being filled; `added` is 0 and `again` how many were taken out."""
    wanted = list(dict.fromkeys(map(squeeze, item_ids)))
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        get_filling(store, by.tenant, tag)
        names = pl.Series("item_id", wanted, dtype=pl.String)
        found = store.records.frame_where(Content, by.tenant, "item_id", names).filter(pl.col("tag") == tag)
        inside = found.get_column("item_id")
        if found.height:
            store.records.remove_many(Content, by.tenant, inside)
    gone = set(inside)
    fix = "scan the number again, or look where it is"
    missing = [
        Finding(ABSENT, "item_id", f"it is not in the receptacle {tag}", each, fix=fix)
        for each in wanted
        if each not in gone
    ]
    return Put(0, found.height, tuple(missing))


def drop_receptacle(store: Store, by: Caller, tag: str) -> int:
    """Give up a receptacle that is being filled; its items are free again. How many they were."""
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        get_filling(store, by.tenant, tag)
        held = store.records.frame_where(Content, by.tenant, "tag", pl.Series([tag]))
        if held.height:
            store.records.remove_many(Content, by.tenant, held.get_column("item_id"))
        store.records.remove(Filling, by.tenant, tag)
    return held.height


def find_known(store: Store, tenant: str, item_ids: Sequence[str]) -> pl.DataFrame:
    """Of the items that an account has: item_id, item_no, country, weight_g, state; of a number the last issue."""
    names = pl.DataFrame({"item_id": item_ids}, schema={"item_id": pl.String}).with_columns(tenant=pl.lit(tenant))
    found = store.find_items(names.select("tenant", "item_id")).sort("issued_at")
    latest = found.unique("item_id", keep="last", maintain_order=True)
    told = store.list_items(numbers=latest).select("item_no", "country", "weight_g")
    return latest.join(told, on="item_no").select("item_id", "item_no", "country", "weight_g", "state")


def _refuse(
    store: Store, filling: Filling, wanted: Sequence[str], held: dict[str, str], known: pl.DataFrame
) -> list[Finding]:
    """Why items do not belong into the receptacle."""
    series = series_of(filling.series)
    places = dict(_columns(known, "item_id", "country"))
    over = set(known.filter(pl.col("state").is_in([int(each) for each in OVER])).get_column("item_id"))
    sent = _find_sent(store, filling.tenant, list(places))
    findings = []
    for item_id in wanted:
        where = held.get(item_id) or sent.get(item_id)
        if item_id not in places:
            fix = "bring its order in and promise it, or scan the number again"
            findings.append(Finding(UNKNOWN, "item_id", f"no item {item_id} is there", item_id, fix=fix))
        elif where:
            findings.append(Finding(ELSEWHERE, "item_id", f"it is in {where}", item_id, fix="take it out there first"))
        elif item_id in over:
            fix = "look at its events"
            findings.append(Finding(ENDED, "item_id", "its journey is over", item_id, fix=fix))
        else:
            findings += check_fit(item_id, places[item_id], series, filling.holds)
    return findings


def _find_sent(store: Store, tenant: str, item_ids: Sequence[str]) -> dict[str, str]:
    """Items that left in a receptacle which did not come back, nor arrive: item, and the receptacle's number."""
    names = pl.DataFrame({"subject": item_ids}, schema={"subject": pl.String}).with_columns(tenant=pl.lit(tenant))
    inside = store.find_containments(names.select("tenant", "subject")).filter(pl.col("until").is_null())
    inside = inside.join(names.select("subject"), on="subject", how="semi")
    if inside.is_empty():
        return {}
    numbers = inside.get_column("container").unique().to_list()
    kept = store.records.list_where(KeptReceptacle, tenant, "receptacle_id", numbers)
    closed = {each.receptacle_id for each in kept if each.state == CLOSED and each.received_at is None}
    return {item_id: name for item_id, name in _columns(inside, "subject", "container") if name in closed}


def _barred(store: Store, filling: Filling, known: pl.DataFrame, timeout_minutes: int | None) -> list[Finding]:
    """Items that the gate keeps out."""
    return [say_kept_out(*each) for each in judge_items(store, filling, known, timeout_minutes).items()]


def judge_items(
    store: Store, filling: Filling, known: pl.DataFrame, timeout_minutes: int | None = None
) -> dict[str, Gate]:
    """The items (item_id, country) that may not be loaded into a receptacle now, and why."""
    now = store.clock.now()
    kept_out: dict[str, Gate] = {}
    for (country,), part in known.group_by("country"):
        loading = Loading(str(country), filling.mode, now, timeout_minutes)
        kept_out |= find_kept_out(store, filling.tenant, part.get_column("item_id").to_list(), loading)
    return kept_out


def _columns(frame: pl.DataFrame, *names: str) -> Iterator[tuple[str, str]]:
    return frame.select(names).iter_rows()
