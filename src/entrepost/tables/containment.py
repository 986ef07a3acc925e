"""Containment: what is inside what, from when to when; events of a container are events of the items in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

import polars as pl

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import dispatch, receptacle
from entrepost.mail.consignment import Consignment
from entrepost.mail.dispatch import Dispatch
from entrepost.tables.frames import conform, dtypes

SUBJECT_UNKNOWN = finding_code("event_subject_unknown", "An event is about mail that nobody knows.")
SUBJECT_EMPTY = finding_code("event_subject_empty", "An event is about a container that held no known item then.")
REVERSED = finding_code("containment_reversed", "Mail is said to leave a container before it gets in; it never was.")
ROUND = finding_code("containment_round", "Mail would be inside itself.")
OVERLAP = finding_code("containment_overlap", "Mail is said to be in two containers of a kind at once.")

EVER, NEVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
ROW = "#event"


def roll_down(
    events: pl.DataFrame, containment: pl.DataFrame, items: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """Turn events about items, receptacles, dispatches and consignments into events of items.

    An event of a container is one of each item that was inside at its time, however deep: in a bag of a
    dispatch of a consignment. Every step down must hold at that time; the first instant of a containment
    counts as inside, its last as outside. An item reached on several ways gets the event once.

    Parameters
    ----------
    events : DataFrame
        Rows of the table `events` with `subject`, the identifier of what they are about, instead of
        `item_id`. Other columns are kept.
    containment : DataFrame
        Rows of the table `containment`, in any order.
    items : DataFrame
        Column item_id, and tenant where it is not `main`: the items that are known.

    Returns
    -------
    DataFrame
        The columns of `events` and `item_id`: a row per event and item, in the order of the events,
        within each in that of `items`.
    list of Finding
        An event about what is neither an item nor named in `containment` (error), or about a container
        without known items at the time (warning). Rows count from 1.

    Raises
    ------
    MisuseError
        Where at some instant something is inside itself.
    UnreadableInputError
        Where a column is missing, or cannot be read as what it should be.
    """
    held = conform(containment, "containment").with_columns(
        pl.col("since").fill_null(EVER), pl.col("until").fill_null(NEVER)
    )
    _refuse_cycles(held)
    asked = _asked(events)
    known = _tenanted(items, "item_id").with_row_index("#item")
    reached = pl.concat(_descend(asked, held))
    found = (
        reached.join(known, left_on=["tenant", "subject"], right_on=["tenant", "item_id"], how="inner")
        .unique([ROW, "#item"])
        .sort(ROW, "#item")
        .select(ROW, item_id="subject")
    )
    given = events.drop("item_id", strict=False).with_row_index(ROW)
    rolled = given.join(found, on=ROW, how="inner", maintain_order="right").drop(ROW)
    return rolled, _find_missing(asked, found, held)


def check_containment(containment: pl.DataFrame) -> list[Finding]:
    """What cannot be in a frame of containment, however it came about; rows count from 1.

    A row that ends before it begins is an error and has no effect. Being in two containers of one kind
    at once (two bags, two dispatches) is a warning: a scan on leaving the first is missing. A receptacle
    is in a dispatch and in a consignment at once, and should be.
    """
    held = conform(containment, "containment").with_row_index("row", offset=1)
    held = held.with_columns(pl.col("since").fill_null(EVER), pl.col("until").fill_null(NEVER))
    reversed_rows = held.filter(pl.col("until") < pl.col("since"))
    findings = [
        Finding(REVERSED, "until", f"it leaves {container} before it gets in", subject, row, "correct the instants")
        for row, subject, container in reversed_rows.select("row", "subject", "container").iter_rows()
    ]
    return findings + [
        Finding(OVERLAP, "container", f"it is in {container} and still in {before}", subject, row, fix, "warning")
        for row, subject, container, before in _find_overlaps(held).iter_rows()
        for fix in (f"say when it left {before}",)
    ]


def find_rounds(containment: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame of containment by which at some instant something is inside itself, or that join such."""
    held = conform(containment, "containment").with_columns(pl.col("since").fill_null(EVER))
    endless = held.with_columns(pl.col("until").fill_null(NEVER))
    rows = [at_once.get_column(ROW) for _, at_once in _list_rounds(endless.with_row_index(ROW))]
    found = pl.concat(rows) if rows else pl.Series(dtype=pl.UInt32)
    return held.with_row_index(ROW).filter(pl.col(ROW).is_in(found.implode())).drop(ROW)


def to_containment(dispatches: Iterable[Dispatch], consignments: Iterable[Consignment] = ()) -> pl.DataFrame:
    """Rows of the table `containment` for what nouns say is inside them.

    Items are in their receptacle and receptacles in their dispatch from the closing of the dispatch on,
    receptacles in their consignment from its completion on; none of them has an end.
    """
    rows: list[tuple[str, str, str, datetime, None]] = []
    for made in dispatches:
        since = made.closed_at.astimezone(UTC)
        for bag in made.receptacles:
            rows.append((made.tenant, bag.receptacle_id, made.dispatch_id, since, None))
            rows += [(made.tenant, item_id, bag.receptacle_id, since, None) for item_id in bag.item_ids]
    for sent in consignments:
        since = sent.completed_at.astimezone(UTC)
        rows += [(sent.tenant, bag.receptacle_id, sent.consignment_id, since, None) for bag in sent.receptacles]
    return pl.DataFrame(rows, schema=dtypes("containment"), orient="row")


def _asked(events: pl.DataFrame) -> pl.DataFrame:
    """Of each event its row, tenant, subject and time."""
    if "subject" not in events.columns:
        found = ", ".join(events.columns)
        raise UnreadableInputError(f"events: the column subject is missing, what each is about; found {found}")
    there = [name for name in ("tenant", "time") if name in events.columns]
    asked = conform(events.select(*there, item_id="subject", code=pl.lit("")), "events")
    return asked.select("tenant", "time", subject="item_id").with_row_index(ROW)


def _tenanted(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    tenant = pl.col("tenant") if "tenant" in frame.columns else pl.lit("main").alias("tenant")
    return frame.select(tenant, column).unique(maintain_order=True)


def _descend(asked: pl.DataFrame, held: pl.DataFrame) -> list[pl.DataFrame]:
    """What each event is about (row, tenant, subject), then what was in that at its time, level by level."""
    inside = (pl.col("since") <= pl.col("time")) & (pl.col("time") < pl.col("until"))
    level, levels = asked, []
    while level.height:
        levels.append(level.select(ROW, "tenant", "subject"))
        level = (
            level.join(held, left_on=["tenant", "subject"], right_on=["tenant", "container"], how="inner")
            .filter(inside)
            .select(ROW, "tenant", "time", subject="subject_right")
            .unique([ROW, "subject"])
        )
    return levels or [asked.select(ROW, "tenant", "subject")]


def _find_missing(asked: pl.DataFrame, found: pl.DataFrame, held: pl.DataFrame) -> list[Finding]:
    """A finding for each event that came to no item."""
    lost = asked.join(found, on=ROW, how="anti", maintain_order="left")
    if lost.is_empty():
        return []
    ends = [held.select("tenant", subject=name) for name in ("subject", "container")]
    named = lost.join(pl.concat(ends).unique(), on=["tenant", "subject"], how="semi").get_column(ROW).implode()
    marked = lost.select(ROW, "subject", "time", pl.col(ROW).is_in(named).alias("#named"))
    return [_missing(row + 1, subject, time, known) for row, subject, time, known in marked.iter_rows()]


def _missing(row: int, subject: str | None, time: datetime, known: bool) -> Finding:
    fix = "bring in what it holds, or correct the event"
    if known:
        message = f"no known item was in it at {time.isoformat()}"
        return Finding(SUBJECT_EMPTY, "subject", message, subject or "event", row, fix, "warning")
    return Finding(SUBJECT_UNKNOWN, "subject", f"{subject!r} is no item, and holds none", subject or "event", row, fix)


def _find_overlaps(held: pl.DataFrame) -> pl.DataFrame:
    """Rows that begin in a container while their subject is in another one of that kind: row to `before`."""
    length = pl.col("container").str.len_chars()
    kind = pl.when(length.is_in([receptacle.LENGTH, dispatch.LENGTH])).then(length).otherwise(0)
    groups = ["tenant", "subject", "kind"]
    ordered = held.filter(pl.col("since") < pl.col("until")).with_columns(kind=kind).sort(*groups, "since", "row")
    return (
        ordered.with_columns(
            before=pl.col("container").shift().over(groups), free=pl.col("until").cum_max().shift().over(groups)
        )
        .filter((pl.col("since") < pl.col("free")) & (pl.col("container") != pl.col("before")))
        .sort("row")
        .select("row", "subject", "container", "before")
    )


def _refuse_cycles(held: pl.DataFrame) -> None:
    """Raise where at some instant something is inside itself."""
    for instant, at_once in _list_rounds(held):
        when = "from ever" if instant == EVER else f"at {instant.isoformat()}"
        raise MisuseError(f"containment goes round: {_name_round(at_once)} {when}; say when one of them ended")


def _list_rounds(held: pl.DataFrame) -> Iterator[tuple[datetime, pl.DataFrame]]:
    """The instants at which something is inside itself, each with the rows that go round then.

    What is inside what changes only where a row begins, so the beginnings of the rows that go round at
    all, whenever, are the only instants to look at.
    """
    round_rows = _peel(held.filter(pl.col("since") < pl.col("until")))
    for instant in round_rows.get_column("since").unique().sort():
        at_once = _peel(round_rows.filter((pl.col("since") <= instant) & (pl.col("until") > instant)))
        if at_once.height:
            yield instant, at_once


def _peel(held: pl.DataFrame) -> pl.DataFrame:
    """Take away whatever holds nothing or is in nothing, until only what goes round is left (and what joins it)."""
    before = -1
    while held.height != before:
        before = held.height
        held = held.join(held, left_on=["tenant", "subject"], right_on=["tenant", "container"], how="semi")
        held = held.join(held, left_on=["tenant", "container"], right_on=["tenant", "subject"], how="semi")
    return held


def _name_round(held: pl.DataFrame) -> str:
    """One round in words; every subject is in a container that is a subject too."""
    tenant, subject = held.select("tenant", "subject").row(0)
    own = held.filter(pl.col("tenant") == tenant)
    above = dict(own.select("subject", "container").iter_rows())
    seen: list[str] = []
    while subject not in seen:
        seen.append(subject)
        subject = above[subject]
    round_names = [*seen[seen.index(subject) :], subject]
    return ", ".join(f"{inner} is in {outer}" for inner, outer in pairwise(round_names))
