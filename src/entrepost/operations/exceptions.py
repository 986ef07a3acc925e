"""What needs somebody now: silence that is improbable, explained once, ranked by what acting saves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from entrepost.base.findings import Finding
from entrepost.journey.learn import to_instant
from entrepost.journey.silence import Silence, weigh_silence
from entrepost.network.network import Network
from entrepost.operations.exceptions_found import Found, find_all
from entrepost.operations.exceptions_params import MILLION, ExceptionParams
from entrepost.operations.exceptions_words import ENGLISH, tell
from entrepost.operations.exceptions_worth import look_out, save
from entrepost.tables.frames import INSTANT, empty

SCHEMA = {
    "number": pl.Int64(),
    **dict.fromkeys(("kind", "subject", "place", "service"), pl.String()),
    "since": INSTANT,
    "chance": pl.Float64(),
    "items": pl.Int64(),
    "item_days_saved": pl.Float64(),
    "promises_rescued": pl.Float64(),
    "action": pl.String(),
}
"""The columns of exceptions."""

AFFECTED = {
    "number": pl.Int64(),
    **dict.fromkeys(("tenant", "seller", "item_id"), pl.String()),
    "since": INSTANT,
    "chance": pl.Float64(),
}
"""The columns of the items behind them."""

LEAST = 1e-12
"""No chance is told smaller: no model is that sure."""


@dataclass(frozen=True)
class Exceptions:
    """Exceptions (`frame`), the items behind each (`items`), and what they rest on.

    `expected_false`: so many of them are expected to be chance; `under_way`: items that were looked at.
    """

    frame: pl.DataFrame
    items: pl.DataFrame
    expected_false: float
    under_way: int
    findings: tuple[Finding, ...]
    params: ExceptionParams

    def _repr_html_(self) -> str:
        return str(self.frame._repr_html_())


def list_exceptions(
    network: Network, events: pl.DataFrame, now: datetime, params: ExceptionParams | None = None
) -> pl.DataFrame:
    """List what needs somebody now, what saves most first.

    Parameters
    ----------
    network : Network
        What the steps usually take; better a learned one.
    events : DataFrame
        As for `learn`. What happened or became known after `now` is not looked at.
    now : datetime
        The instant of looking.
    params : ExceptionParams, optional
        How many false ones are borne, and what acting is assumed to do.

    Returns
    -------
    DataFrame
        A row per exception: number, kind, subject, place (whom to ask), service (where it is one), since,
        chance (how probable it is if all goes as usual), items, item_days_saved, promises_rescued (by acting
        now, as assumed in `params`), action (what to do, in words).
    """
    return weigh_exceptions(network, events, now, params).frame


def weigh_exceptions(
    network: Network,
    events: pl.DataFrame,
    now: datetime,
    params: ExceptionParams | None = None,
    containment: pl.DataFrame | None = None,
    promised: pl.DataFrame | None = None,
) -> Exceptions:
    """The same, with the items behind each exception, findings, and how many are expected to be false.

    Parameters
    ----------
    containment : DataFrame, optional
        Rows of the table `containment`: which bag, dispatch or consignment holds which mail.
    promised : DataFrame, optional
        tenant, seller, item_id, arrive_by: until when an item is promised.
    """
    params = params or ExceptionParams()
    silence = weigh_silence(network, events, to_instant(now), params.final_unscanned_per_million / MILLION)
    return sift(network, silence, params, containment, promised)


def sift(
    network: Network,
    silence: Silence,
    params: ExceptionParams,
    containment: pl.DataFrame | None = None,
    promised: pl.DataFrame | None = None,
) -> Exceptions:
    """The same, of silence that was weighed already."""
    held = empty("containment") if containment is None else containment
    found, expected = find_all(silence, params, held)
    outlook = look_out(silence, params, pl.DataFrame() if promised is None else promised)
    rows = [_row(network, silence, each, save(each, outlook, params)) for each in found]
    order = sorted(range(len(rows)), key=lambda at: _rank(rows[at]))
    ranked = [rows[at] | {"number": number} for number, at in enumerate(order, start=1)]
    items = [_affected(silence, found[at], number) for number, at in enumerate(order, start=1)]
    return Exceptions(
        frame=pl.DataFrame(ranked, schema=SCHEMA),
        items=pl.concat(items) if items else pl.DataFrame(schema=AFFECTED),
        expected_false=expected,
        under_way=int(silence.under_way.sum()),
        findings=silence.watch.findings,
        params=params,
    )


def _rank(row: dict[str, Any]) -> tuple[float, str, str, str]:
    return -round(row["item_days_saved"], 6), row["kind"], row["subject"], row["service"] or ""


def _row(network: Network, silence: Silence, found: Found, saved: tuple[float, float]) -> dict[str, Any]:
    services = silence.watch.items.get_column("service").gather(found.items).unique().drop_nulls()
    service = services[0] if services.len() == 1 else None
    since = _instant(silence, found.since)
    facts: dict[str, str | int] = {"subject": found.subject, "place": found.place, "items": int(found.items.size)}
    facts |= {"service": service or "", **found.facts}
    return {
        "kind": found.kind,
        "subject": found.subject,
        "place": found.place,
        "service": service,
        "since": since,
        "chance": max(found.chance, LEAST),
        "items": int(found.items.size),
        "item_days_saved": saved[0],
        "promises_rescued": saved[1],
        "action": tell(network, found.kind, facts, since, ENGLISH),
    }


def _affected(silence: Silence, found: Found, number: int) -> pl.DataFrame:
    watch = silence.watch
    names = watch.items.select("tenant", "seller", "item_id")[found.items]
    since = [_instant(silence, int(hour)) for hour in watch.heard[found.items]]
    columns = names.with_columns(
        number=pl.lit(number, pl.Int64),
        since=pl.Series(since, dtype=INSTANT),
        chance=pl.Series(silence.chance[found.items], dtype=pl.Float64).clip(LEAST),
    )
    return columns.select(*AFFECTED).sort("chance", "since", "tenant", "seller", "item_id")


def _instant(silence: Silence, hour: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=silence.watch.first_hour + hour)
