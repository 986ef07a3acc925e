"""Plan notices: what recipients were told against what holds now, and what makes a difference to them is queued.

The queue stands in the store, so that what is to be told and what was told are one transaction; sending is
`notices_post`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from entrepost.experience.notice import (
    RANGED,
    STANDINGS,
    News,
    NoticeParams,
    Standing,
    notice_news,
    range_news,
    standing_after,
)
from entrepost.operations.notices_silent import find_silent
from entrepost.operations.store import NOTICE, Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER

QUEUED, SENDING, SENT, UNCERTAIN, DEAD, DROPPED = "queued", "sending", "sent", "uncertain", "dead", "dropped"
"""States of a notice; `dropped`: overtaken by what holds now, or its contact was withdrawn."""
TOLD = (SENDING, SENT, UNCERTAIN)
"""States in which the recipient knows, or may know."""
ITEM = ("tenant", "item_id")
RANGE = {
    "tenant": pl.String(),
    "item_id": pl.String(),
    "from_at": INSTANT,
    "to_at": INSTANT,
    "probability": pl.Float64(),
}
"""Columns of ranges: an item is expected from P10 (may be null) to P90, which holds with `probability`."""
KINDS = {int(news): news.name.lower() for news in News}
NUMBERS = {kind: number for number, kind in KINDS.items()}
STANDING_OF_KIND = {kind: standing_after(number) for number, kind in KINDS.items()}
MOST_DAYS, MOST_SPAN, MOST_HOURS = 10_000, 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning did: items looked at, notices queued, and those dropped because they no longer hold."""

    items: int
    queued: int
    dropped: int
    news: dict[str, int]


def plan_notices(
    store: Store,
    ranges: pl.DataFrame,
    now: datetime | None = None,
    params: NoticeParams | None = None,
    tenant: str = "",
) -> Planned:
    """Queue what recipients should know, each news once, whoever plans at once.

    A queued notice that says what no longer holds is dropped, never sent beside the new one.

    Parameters
    ----------
    store : Store
        Orders with a contact (`operations.contacts`) are looked at, the others not.
    ranges : DataFrame
        When items are expected: columns of `RANGE`. Whether their wait is over is known to the store.
    now : datetime, optional
        Decide as of this instant; the store's clock otherwise.
    params : NoticeParams, optional
        When a change is worth a notice.
    tenant : str
        Only the orders of this account; empty: all.
    """
    now = now or store.clock.now()
    items = _expected(store, ranges, now, params or NoticeParams(), tenant)
    with store.transaction():
        known = store.find_notices(items)
        found = _decide(items, known, now, params or NoticeParams())
        queued = known.filter(pl.col("state") == QUEUED)
        idle = queued.filter(~pl.col("item_no").is_in(_busy(known)))
        over = idle.join(found, on="notice", how="anti").select("notice", state=pl.lit(DROPPED))
        fresh = found.join(known, on="notice", how="anti")
        again = found.join(known.filter(pl.col("state") == DROPPED), on="notice", how="semi")
        store.add_notices(fresh.select(NOTICE))
        store.set_notices(over)
        store.set_notices(again.select("notice", "state", "due_at"))
    told = pl.concat([fresh, again.select(fresh.columns)])
    counts = {str(kind): int(count) for kind, count in told.group_by("kind").len().sort("kind").iter_rows()}
    return Planned(items.height, told.height, over.height, counts)


def find_news(
    store: Store,
    ranges: pl.DataFrame,
    now: datetime | None = None,
    params: NoticeParams | None = None,
    tenant: str = "",
) -> pl.DataFrame:
    """What `plan_notices` would have recipients told; columns of notices, and nothing is changed."""
    now = now or store.clock.now()
    items = _expected(store, ranges, now, params or NoticeParams(), tenant)
    return _decide(items, store.find_notices(items), now, params or NoticeParams()).select(NOTICE)


def promised_ranges(store: Store, tenant: str = "") -> pl.DataFrame:
    """The range of each item as it was promised, from P10 to P90, with the probability that was stated."""
    promises = store.list_promises(tenant).filter(pl.col("arrive_by_p90").is_not_null())
    items = store.list_items(tenant).select(*ORDER, "service", "item_id")
    both = items.join(promises, on=[*ORDER, "service"], how="inner", maintain_order="left")
    return both.select(
        *ITEM,
        from_at=_promised_from(),
        to_at="arrive_by_p90",
        probability="arrive_by_p90_probability",
    )


def _promised_from() -> pl.Expr:
    """When the range of a promise begins; null where it was given without P10."""
    return pl.col("arrive_by_p90") - pl.duration(hours=pl.col("wait_hours_p90") - pl.col("wait_hours_p10"))


def _expected(store: Store, ranges: pl.DataFrame, now: datetime, params: NoticeParams, tenant: str) -> pl.DataFrame:
    """Items with a contact: what holds now, and the promise; a row for each, with days in the recipient's zone."""
    contacts = store.find_contacts(tenant)
    contacts = contacts.join(find_silent(store, contacts), on=ORDER, how="anti", maintain_order="left")
    items = store.list_items(orders=contacts).sort("issued_at").unique(ITEM, keep="last", maintain_order=True)
    promises = store.list_promises(orders=contacts).select(
        *ORDER, "service", "arrive_by_p90", promised_from=_promised_from()
    )
    told_ranges = ranges.select(pl.col(name).cast(dtype) for name, dtype in RANGE.items()).unique(ITEM, keep="last")
    whole = (
        items.join(contacts.select(*ORDER, "zone"), on=ORDER, how="inner", maintain_order="left")
        .join(promises, on=[*ORDER, "service"], how="left", maintain_order="left")
        .join(told_ranges, on=list(ITEM), how="left", maintain_order="left")
        .with_columns(_standing().alias("standing"), now=pl.lit(now).cast(INSTANT))
    )
    promised = {"promised_from": "promised_from_day", "arrive_by_p90": "promised_day"}
    whole = _with_days(whole, {"from_at": "from_day", "to_at": "to_day", **promised, "now": "today"})
    stale = pl.col("since") < now - timedelta(days=params.stale_days)
    over = pl.when(stale.fill_null(False)).then(int(Standing.UNKNOWN)).otherwise(pl.col("standing"))
    open_ = pl.when(pl.col("to_day") >= pl.col("today")).then(int(Standing.EXPECTED)).otherwise(int(Standing.UNKNOWN))
    waits = pl.col("standing") == int(Standing.EXPECTED)
    whole = whole.with_columns(standing=pl.when(waits).then(open_).otherwise(over))
    ranged = [pl.when(pl.col("standing") == int(Standing.EXPECTED)).then(name).alias(name) for name in _OF_RANGE]
    return whole.with_columns(ranged).sort("item_no")


_OF_RANGE = ("from_day", "to_day", "probability")


def _standing() -> pl.Expr:
    """What can be said of items by their status."""
    named = {f"{status} {kind}".strip(): int(standing) for (status, kind), standing in STANDINGS.items()}
    shown = pl.concat_str("status", "kind", separator=" ").str.strip_chars()
    return shown.replace_strict(named, default=int(Standing.EXPECTED), return_dtype=pl.Int64)


def _with_days(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Instants as days since 1970 in the zone of each row, under new names."""

    def in_zone(part: pl.DataFrame, zone: str) -> pl.DataFrame:
        days = [pl.col(at).dt.convert_time_zone(zone).dt.date().cast(pl.Int64).alias(day) for at, day in names.items()]
        return part.with_columns(days)

    parts = [in_zone(part, str(zone)) for (zone,), part in frame.group_by("zone", maintain_order=True)]
    return pl.concat(parts) if parts else in_zone(frame, "UTC")


def _decide(items: pl.DataFrame, known: pl.DataFrame, now: datetime, params: NoticeParams) -> pl.DataFrame:
    """The notices that should be queued, with the columns of `NOTICE`; none for an item whose notice is being sent."""
    last = known.filter(pl.col("state").is_in(TOLD)).sort("told_at", "notice").unique("item_no", keep="last")
    told = last.select("item_no", "told_at", follows="notice", told_kind="kind", told_from="from_day", told_to="to_day")
    both = items.filter(~pl.col("item_no").is_in(_busy(known)))
    both = both.join(told, on="item_no", how="left", maintain_order="left")
    both = both.with_columns(_told(params)).with_columns(_moves(now, params))
    both = both.with_columns(moved=range_news.on(both))
    both = both.with_columns(news=notice_news.on(both)).filter(pl.col("news") != int(News.NONE))
    made = both.with_columns(
        pl.col("news").replace_strict(KINDS, return_dtype=pl.String).alias("kind"),
        pl.col("follows").fill_null(""),
        state=pl.lit(QUEUED),
        planned_at=pl.lit(now).cast(INSTANT),
        due_at=pl.lit(now).cast(INSTANT),
        attempts=pl.lit(0, pl.Int64),
        lease_until=pl.lit(None, INSTANT),
        told_at=pl.lit(None, INSTANT),
        answer=pl.lit(None, pl.String),
    )
    content = made.select(*ORDER, "item_id", "item_no", "follows", "kind", "from_day", "to_day")
    names = [name_of(row) for row in content.iter_rows()]
    return made.with_columns(notice=pl.Series(names, dtype=pl.String))


def name_of(content: tuple[object, ...]) -> str:
    """The name of a notice, by its content: tenant, seller, order, item, what was told before, and what is told."""
    return hashlib.sha256(repr(content).encode()).hexdigest()[:32]


def _busy(known: pl.DataFrame) -> pl.Expr:
    return pl.lit(known.filter(pl.col("state") == SENDING).get_column("item_no").implode())


def _told(params: NoticeParams) -> list[pl.Expr]:
    """What was told last: by a notice, otherwise by the promise; then its two days, for what is compared."""
    promised = pl.col("promised_day").is_not_null() & pl.col("told_kind").is_null()
    by_notice = pl.col("told_kind").replace_strict(STANDING_OF_KIND, default=0, return_dtype=pl.Int64)
    told = pl.when(promised).then(int(Standing.EXPECTED)).otherwise(by_notice.fill_null(0)).alias("told")
    to = pl.when(promised).then("promised_day").otherwise("told_to")
    begun = pl.when(promised).then("promised_from_day").otherwise("told_from")
    open_from = to - (params.open_span_days - 1)
    return [told, to.alias("told_to"), pl.coalesce(begun, open_from).alias("told_from")]


def _moves(now: datetime, params: NoticeParams) -> list[pl.Expr]:
    """The figures that the two rules are asked with; where a range is missing it makes no difference."""
    told_hours = (pl.lit(now).cast(INSTANT) - pl.col("told_at")).dt.total_hours().fill_null(MOST_HOURS)
    begins = pl.coalesce("from_day", pl.col("to_day") - (params.open_span_days - 1))

    def figure(value: pl.Expr, least: int, most: int, name: str) -> pl.Expr:
        return value.clip(least, most).fill_null(least if least > 0 else 0).cast(pl.Int64).alias(name)

    return [
        figure(pl.col("to_day") - pl.col("told_to"), -MOST_DAYS, MOST_DAYS, "later_days"),
        figure(pl.col("told_from") - pl.col("to_day"), -MOST_DAYS, MOST_DAYS, "ahead_days"),
        figure(pl.col("told_to") - pl.col("told_from") + 1, 1, MOST_SPAN, "told_span_days"),
        figure(pl.col("to_day") - begins + 1, 1, MOST_SPAN, "span_days"),
        figure(told_hours, 0, MOST_HOURS, "told_hours"),
        pl.lit(params.later_days_min, pl.Int64).alias("later_days_min"),
        pl.lit(params.narrow_days_max, pl.Int64).alias("narrow_days_max"),
        pl.lit(params.quiet_hours, pl.Int64).alias("quiet_hours"),
    ]


def is_ranged(kind: str) -> bool:
    """Whether a notice of that kind tells a range of days."""
    return News(NUMBERS[kind]) in RANGED
