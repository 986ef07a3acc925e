"""What an account has under way and how its customers waited lately, from the sums of all its items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from entrepost.mail.status import ACTORS, Status, action_required
from entrepost.operations.tally import Tally, day_number, week_number, week_of
from entrepost.reference.reason import reason_class_of

WEEKS = 12
"""Weeks that are shown one by one: whole ones, before the present one."""

LATELY = 4
"""Weeks of which a mean is told, and of which the map tells."""

LATEST_DAYS = 60
"""What is still waited for after so many days counts as so many wherever waits are compared."""

OVER = tuple(int(each) for each in Status if each.shown in ("delivered", "returned", "ended"))


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of an account.

    Attributes
    ----------
    statuses : DataFrame
        status, items: of items that are under way, in the order of a journey.
    needs : DataFrame
        status, reason, actor, items: items that wait for somebody, the most first.
    weeks : DataFrame
        monday, items, wait_days, promised, kept: of waits that ended in each week.
    countries, flows : DataFrame
        By country, and by origin and country: items, wait_days, promised, kept of waits that ended lately, under_way.
    totals : dict
        under_way, overdue, waiting_long (beyond `LATEST_DAYS`); ended, wait_days, kept (of what was promised) lately.
        Lately, and the weeks, end with the Sunday `until`: the last, or where nothing came in since, an earlier one.
    """

    statuses: pl.DataFrame
    needs: pl.DataFrame
    weeks: pl.DataFrame
    countries: pl.DataFrame
    flows: pl.DataFrame
    totals: dict[str, Any]


def sum_up(tally: Tally, tenant: str, now: datetime) -> Summary:
    """The summary of an account as of an instant."""
    sums = tally.of(tenant)
    this_week = min(week_number(now.date()), _last_week(sums) + 1)
    open_ = sums.filter(~pl.col("state").is_in(OVER))
    lately = sums.filter(pl.col("ended_week").is_between(this_week - LATELY, this_week - 1))
    long_ago = week_number((now - timedelta(days=LATEST_DAYS)).date())
    is_waited_for = pl.col("ended_week").is_null() & (pl.col("state") != int(Status.RETURNING))
    whole = lately.select(_measures()).row(0, named=True)
    totals = {
        "under_way": _count(open_),
        "overdue": _count(open_.filter(pl.col("due_day") < day_number(now.date()))),
        "waiting_long": _count(open_.filter(is_waited_for, pl.col("placed_week") < long_ago)),
        "ended": whole["items"],
        "wait_days": whole["wait_days"],
        "kept": whole["kept"] / whole["promised"] if whole["promised"] else None,
        "until": week_of(this_week) - timedelta(days=1),
    }
    return Summary(
        _statuses(open_), _needs(open_), _weeks(sums, this_week), _by(["country"], lately, open_),
        _by(["origin", "country"], lately, open_), totals,
    )  # fmt: skip


def _last_week(sums: pl.DataFrame) -> int:
    """The last week in which an order was placed or a wait ended."""
    last = sums.select(pl.max_horizontal(pl.col("placed_week").max(), pl.col("ended_week").max())).item()
    return int(last) if last is not None else 0


def _measures() -> list[pl.Expr]:
    items = pl.col("items").sum()
    return [
        items,
        (pl.col("wait_hours").sum() / pl.when(items > 0).then(items) / 24).alias("wait_days"),
        pl.col("items").filter(pl.col("kept").is_not_null()).sum().alias("promised"),
        pl.col("items").filter(pl.col("kept") == 1).sum().alias("kept"),
    ]


def _count(sums: pl.DataFrame) -> int:
    return int(sums.get_column("items").sum())


def _statuses(open_: pl.DataFrame) -> pl.DataFrame:
    counts = dict(open_.group_by("state").agg(pl.col("items").sum()).iter_rows())
    rows = [(each.shown, counts.get(int(each), 0)) for each in Status if int(each) not in OVER]
    return pl.DataFrame(rows, schema={"status": pl.String(), "items": pl.Int64()}, orient="row")


def _needs(open_: pl.DataFrame) -> pl.DataFrame:
    groups = open_.group_by("state", "reason").agg(pl.col("items").sum())
    rows = []
    for state, reason, items in groups.iter_rows():
        actor = ACTORS[action_required(state, reason_class_of(reason))]
        if actor or Status(state) in (Status.ON_HOLD, Status.DELIVERY_FAILED):
            rows.append((Status(state).shown, reason, actor, items))
    schema = {**dict.fromkeys(("status", "reason", "actor"), pl.String()), "items": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row").sort(
        "items", "status", "reason", descending=[True, False, False]
    )


def _weeks(sums: pl.DataFrame, this_week: int) -> pl.DataFrame:
    numbers = pl.DataFrame({"ended_week": range(this_week - WEEKS, this_week)}, schema={"ended_week": pl.Int64()})
    found = numbers.join(sums.group_by("ended_week").agg(_measures()), on="ended_week", how="left").sort("ended_week")
    mondays = pl.Series("monday", [week_of(number) for number in found["ended_week"]], dtype=pl.Date)
    return found.select(mondays, pl.col("items", "promised", "kept").fill_null(0), "wait_days")


def _by(names: list[str], lately: pl.DataFrame, open_: pl.DataFrame) -> pl.DataFrame:
    ended = lately.group_by(names).agg(_measures())
    under_way = open_.group_by(names).agg(under_way=pl.col("items").sum())
    both = ended.join(under_way, on=names, how="full", coalesce=True)
    counts = pl.col("items", "promised", "kept", "under_way").fill_null(0)
    return both.select(*names, counts, "wait_days").sort(pl.col("items") + pl.col("under_way"), descending=True)
