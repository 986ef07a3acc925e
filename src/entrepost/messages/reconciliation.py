"""Whatever is open between what operators told, found rule by rule over frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.mail.consignment import TOLERANCE_G
from entrepost.messages.reconciling.open import (
    ABSENT,
    DATALESS,
    GAP,
    OPEN,
    UNANNOUNCED,
    UNANSWERED,
    UNARRIVED,
    UNDELIVERED,
    UNTAKEN,
    WEIGHT,
    open_of,
)
from entrepost.messages.reconciling.told import Told
from entrepost.tables.text import fill

SURFACE = ("C", "D")
"""Mail categories that travel by surface."""

GONE = ("not_found", "lost")
"""What is said of a receptacle that did not come."""

NUMBER = pl.col("receptacle_id").str.slice(20, 3)
"""The number of a receptacle in its dispatch."""


@dataclass(frozen=True, slots=True)
class ReconcileParams:
    """After how long what is missing is open.

    `air_days` and `surface_days` are our working rules for EMC without EMD (10 and 45 days), and serve for dispatches,
    too; `taken_hours` is a day; `delivered_days` is assumed. Weights may be off by 100 g for each receptacle.
    """

    air_days: float = 10
    surface_days: float = 45
    taken_hours: float = 24
    delivered_days: float = 5
    tolerance_g: int = TOLERANCE_G

    def __post_init__(self) -> None:
        if min(self.air_days, self.surface_days, self.taken_hours, self.delivered_days, self.tolerance_g) < 0:
            raise MisuseError("nothing is open before it was told; give days, hours and grams of 0 or more")


def reconcile(told: Told, now: datetime, params: ReconcileParams | None = None) -> pl.DataFrame:
    """What is open at an instant: rows of `OPEN`, those that are open longest first in each kind.

    Parameters
    ----------
    told : Told
        What the messages of all sides tell.
    now : datetime
        The instant.
    params : ReconcileParams, optional
        After how long what is missing is open.
    """
    params = params or ReconcileParams()
    parts = [
        _find_unanswered(told, now, params),
        _find_absent(told, now, params),
        _find_unannounced(told),
        _find_untaken(told, now, params),
        _find_undelivered(told, now, params),
        _find_weights(told, params),
        _find_dataless(told),
        _find_unarrived(told, now, params),
        _find_gaps(told),
    ]
    return pl.concat([pl.DataFrame(schema=OPEN), *(part.sort("since", "subject") for part in parts)])


def _find_unanswered(told: Told, now: datetime, params: ReconcileParams) -> pl.DataFrame:
    answered = told.received.select("dispatch_id").unique()
    late = told.dispatches.join(answered, on="dispatch_id", how="anti").filter(_is_late("closed_at", now, params))
    sizes = told.receptacles.group_by("dispatch_id").agg(count=pl.len())
    late = late.join(sizes, on="dispatch_id", how="left", maintain_order="left")
    return open_of(
        late,
        UNANSWERED,
        "ask whether it came, and trace it with the carrier where it did not",
        subject=pl.col("dispatch_id"),
        within=pl.col("dispatch_id"),
        ask=pl.col("destination"),
        since=pl.col("closed_at"),
        message=fill("{} receptacles, {} g", pl.col("count").fill_null(0), "weight_g"),
    )


def _find_absent(told: Told, now: datetime, params: ReconcileParams) -> pl.DataFrame:
    came = told.received.filter(~pl.col("status").is_in(GONE))
    answered = came.group_by("dispatch_id").agg(since=pl.col("time").min())
    absent = told.receptacles.join(came, on="receptacle_id", how="anti")
    absent = absent.join(answered, on="dispatch_id", maintain_order="left").join(
        told.dispatches.drop("weight_g"), on="dispatch_id", maintain_order="left"
    )
    missed = (
        told.received.filter(pl.col("status").is_in(GONE)).select("receptacle_id", "status").unique("receptacle_id")
    )
    absent = absent.join(missed, on="receptacle_id", how="left", maintain_order="left")
    absent = absent.filter(pl.col("status").is_not_null() | _is_late("closed_at", now, params))
    said = pl.when(pl.col("status") == "lost").then(pl.lit("said to be lost")).otherwise(pl.lit("said to be missing"))
    why = pl.when(pl.col("status").is_null()).then(pl.lit("nothing is said of it")).otherwise(said)
    return open_of(
        absent,
        ABSENT,
        "trace it, and tell its items if it is lost",
        subject=pl.col("receptacle_id"),
        within=pl.col("dispatch_id"),
        ask=pl.col("destination"),
        since=pl.col("since"),
        message=fill("number {}, {} g: {}", NUMBER, "weight_g", why),
    )


def _find_unannounced(told: Told) -> pl.DataFrame:
    came = told.received.filter(~pl.col("status").is_in(GONE))
    strange = came.join(told.receptacles, on="receptacle_id", how="anti").unique("receptacle_id", maintain_order=True)
    known = told.dispatches.select("dispatch_id", known=pl.lit(True))
    dispatch = pl.col("receptacle_id").str.slice(0, 20)
    strange = strange.with_columns(dispatch.alias("dispatch_id")).join(
        known, on="dispatch_id", how="left", maintain_order="left"
    )
    half = pl.when(pl.col("known")).then(pl.lit("its dispatch was announced without it"))
    return open_of(
        strange,
        UNANNOUNCED,
        "ask for a PREDES that has it",
        subject=pl.col("receptacle_id"),
        within=dispatch,
        ask=pl.col("receptacle_id").str.slice(0, 6),
        since=pl.col("time"),
        message=fill("received at {}; {}", "place", half.otherwise(pl.lit("its dispatch was not announced"))),
    )


def _find_untaken(told: Told, now: datetime, params: ReconcileParams) -> pl.DataFrame:
    taken = told.carried.filter(pl.col("status") == "received").select("consignment_id").unique()
    late = pl.col("completed_at") < now - timedelta(hours=params.taken_hours)
    open_ = told.consignments.join(taken, on="consignment_id", how="anti").filter(late)
    return open_of(
        open_,
        UNTAKEN,
        "ask for RESDIT 74 from a scan; find out whether the mail was handed over",
        subject=pl.col("consignment_id"),
        within=pl.col("consignment_id"),
        ask=pl.col("carrier"),
        since=pl.col("completed_at"),
        message=fill("{} g from {}: no RESDIT 74", "weight_g", "origin"),
    )


def _find_undelivered(told: Told, now: datetime, params: ReconcileParams) -> pl.DataFrame:
    """Each receptacle for itself; what is said of a whole consignment is said of each in it."""
    inside = told.consigned.select("consignment_id", bag="receptacle_id")
    whole = told.carried.filter(pl.col("receptacle_id") == "")
    whole = whole.join(inside, on="consignment_id", how="left", maintain_order="left").with_columns(
        pl.col("bag").fill_null("")
    )
    single = told.carried.filter(pl.col("receptacle_id") != "").with_columns(bag="receptacle_id")
    seen = pl.concat([whole, single])
    key = ["consignment_id", "bag"]
    taken = seen.filter(pl.col("status") == "received").group_by(key, maintain_order=True).agg(pl.col("time").min())
    ended = seen.filter(pl.col("status").is_in(["delivered", "returned"])).select(key).unique()
    late = pl.col("time") < now - timedelta(days=params.delivered_days)
    open_ = taken.join(ended, on=key, how="anti").filter(late)
    facts = told.consignments.select("consignment_id", "carrier", "mail_category")
    open_ = open_.join(facts, on="consignment_id", how="left", maintain_order="left")
    surface = pl.col("mail_category").is_in(SURFACE).fill_null(False)
    open_ = open_.filter(~surface | (pl.col("time") < now - timedelta(days=params.surface_days)))
    subject = pl.when(pl.col("bag") == "").then(pl.col("consignment_id")).otherwise(pl.col("bag"))
    return open_of(
        open_,
        UNDELIVERED,
        "ask where it is, and for RESDIT 21 from a scan",
        subject=subject,
        within=pl.col("consignment_id"),
        ask=pl.col("carrier").fill_null(""),
        since=pl.col("time"),
        message=pl.lit("taken over by the carrier and not delivered"),
    )


def _find_weights(told: Told, params: ReconcileParams) -> pl.DataFrame:
    announced = told.receptacles.select("receptacle_id", announced_g="weight_g")
    both = told.consigned.join(announced, on="receptacle_id", maintain_order="left")
    count = told.consigned.group_by("consignment_id").agg(inside=pl.len())
    sums = both.group_by("consignment_id", maintain_order=True).agg(pl.col("announced_g").sum(), bags=pl.len())
    whole = sums.join(count, on="consignment_id").filter(pl.col("bags") == pl.col("inside"))
    whole = whole.join(told.consignments, on="consignment_id", maintain_order="left")
    apart = (pl.col("weight_g") - pl.col("announced_g")).abs() > params.tolerance_g * pl.col("bags")
    return open_of(
        whole.filter(apart),
        WEIGHT,
        "weigh again, and correct the message that is wrong",
        subject=pl.col("consignment_id"),
        within=pl.col("consignment_id"),
        ask=pl.col("origin"),
        since=pl.col("completed_at"),
        message=fill(
            "{} g to the carrier, {} g in the dispatches of its {} receptacles", "weight_g", "announced_g", "bags"
        ),
    )


def _find_dataless(told: Told) -> pl.DataFrame:
    bare = told.items.join(told.advance, on="item_id", how="anti")
    bare = bare.join(told.dispatches, on="dispatch_id", how="left", maintain_order="left")
    return open_of(
        bare,
        DATALESS,
        "send or ask for ITMATT before the dispatch arrives",
        subject=pl.col("item_id"),
        within=pl.col("dispatch_id"),
        ask=pl.col("origin"),
        since=pl.col("closed_at"),
        message=fill("in receptacle {} of {}", NUMBER, "dispatch_id"),
    )


def _find_unarrived(told: Told, now: datetime, params: ReconcileParams) -> pl.DataFrame:
    """An item that was sent again counts from when it last left; the dispatch that names it tells how it travels."""
    times = told.happened.filter(pl.col("code") == "EMC").group_by("item_id", maintain_order=True)
    left = times.agg(pl.col("time").max(), office=pl.col("office").sort_by("time").last())
    came = told.happened.filter(pl.col("code") == "EMD").group_by("item_id").agg(came=pl.col("time").max())
    open_ = left.join(came, on="item_id", how="left", maintain_order="left")
    open_ = open_.filter(pl.col("came").is_null() | (pl.col("came") < pl.col("time")))
    way = told.items.join(told.dispatches, on="dispatch_id").unique("item_id", keep="last", maintain_order=True)
    way = way.select("item_id", "dispatch_id", "destination", "mail_category")
    open_ = open_.join(way, on="item_id", how="left", maintain_order="left").filter(_is_late("time", now, params))
    dispatched = pl.when(pl.col("dispatch_id").is_not_null()).then(fill(" in {}", "dispatch_id"))
    return open_of(
        open_,
        UNARRIVED,
        "ask for EMD, or trace the receptacle in which it left",
        subject=pl.col("item_id"),
        within=pl.col("dispatch_id").fill_null(""),
        ask=pl.col("destination").fill_null(""),
        since=pl.col("time"),
        message=fill("left {}{}", "office", dispatched.otherwise(pl.lit(""))),
    )


def _find_gaps(told: Told) -> pl.DataFrame:
    key = ["series", "year"]
    ordered = told.dispatches.sort(*key, "serial").with_columns(before=pl.col("serial").shift(1).over(key))
    gaps = ordered.filter(pl.col("serial") > pl.col("before") + 1)
    first, last = (each.cast(pl.String).str.zfill(4) for each in (pl.col("before") + 1, pl.col("serial") - 1))
    missing = pl.when(first == last).then(first).otherwise(fill("{} to {}", first, last))
    return open_of(
        gaps,
        GAP,
        "ask for the PREDES that are missing, or whether the numbers were left out",
        subject=fill("{} {}", "series", "year"),
        within=pl.col("dispatch_id"),
        ask=pl.col("origin"),
        since=pl.col("closed_at"),
        message=fill("{} missing before {}", missing, pl.col("serial").cast(pl.String).str.zfill(4)),
    )


def _is_late(column: str, now: datetime, params: ReconcileParams) -> pl.Expr:
    """Whether more than the standard time has passed since, by air or by surface; unknown counts as air."""
    surface = pl.col("mail_category").is_in(SURFACE).fill_null(False)
    days = pl.when(surface).then(params.surface_days).otherwise(params.air_days)
    return pl.col(column) < pl.lit(now).cast(pl.Datetime("us", "UTC")) - pl.duration(seconds=days * 86_400)
