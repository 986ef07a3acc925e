"""Time in customs, measured from the events of items.

The clock of the receiving post stands still while import customs hold an item, if the hold (EME) says why and a release
(EDC or EMF) follows; showing it to customs (EDB) alone stops nothing. How long each channel of a place takes, and how
many items take it, is learned from the same events by `journey.learn`; what comes from here is each item's own story,
and by it the estimate of clearance is learned (`outcomes`, `customs.estimate.learn_clearance`).
"""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.reference.event_code import get_event_code
from entrepost.reference.reason import list_reasons
from entrepost.tables.frames import INSTANT

ARRIVED, PRESENTED, HELD, RELEASED, LEFT, ENDED = "EMD", "EDB", "EME", "EDC", "EMF", "EDX"
LATER = ("EDD", "EDE", "EMX", "EMG", "EDF", "EDG", "EMH", "EDH", "EMI")
"""Scans after customs: they say that an item was released, not when."""

KEY = ("tenant", "seller", "item_id")
OUTCOMES = ("open", "released", "refused")
HOUR_MS = 3_600_000


def measure_dwell(events: pl.DataFrame) -> pl.DataFrame:
    """How long each item that arrived abroad was with customs.

    Parameters
    ----------
    events : DataFrame
        ``item_id``, ``code``, ``time`` (instants with their zone), optionally ``reason``, ``facility``, ``tenant`` and
        ``seller``; in any order, repeated ones count once. Codes that nobody knows are left out.

    Returns
    -------
    DataFrame
        A row for each item with an event of import customs or an arrival: its names, ``facility`` (of the first such
        event), ``begin_at`` (shown to customs, else arrived, else held), ``end_at`` (released, left, or ended),
        ``hours`` between them, ``held_hours`` (from each hold to the release that follows), ``deducted_hours`` (of
        holds that say why), ``reason`` (of the first hold), ``stopped`` (held or refused) and ``outcome``: open,
        released, refused.
    """
    typed = _typed(events)
    here = typed.filter(pl.col("code").is_in((ARRIVED, PRESENTED, HELD, RELEASED, LEFT, ENDED)))
    keys = [name for name in KEY if name in typed.columns]
    first = here.filter(pl.col("code") != ENDED).group_by(keys, maintain_order=True)
    firsts = first.agg(pl.col("facility").first(), *(_first(code) for code in (ARRIVED, PRESENTED, HELD)))
    holds = _holds(here, keys)
    ends = typed.group_by(keys).agg(
        _first_of((RELEASED, LEFT), "released_at"), _first(ENDED), _first_of(LATER, "later_at")
    )
    found = firsts.join(holds, on=keys, how="left", maintain_order="left")
    found = found.join(ends, on=keys, how="left", maintain_order="left")
    return _tell(found, keys)


def outcomes(facts: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """The facts of items whose clearance is over, with what came of it: ``stopped`` and ``day``.

    Parameters
    ----------
    facts : DataFrame
        A row for each item, named as in `events`, with the facts that `customs.estimate` asks for.
    events : DataFrame
        As for `measure_dwell`.
    """
    dwell = measure_dwell(events).filter(pl.col("outcome") != "open")
    keys = [name for name in KEY if name in dwell.columns and name in facts.columns]
    over = dwell.select(*keys, "stopped", day=pl.coalesce("begin_at", "end_at").dt.date())
    return facts.join(over, on=keys, how="inner", maintain_order="left")


def _typed(events: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in ("item_id", "code", "time") if name not in events.columns]
    if missing:
        raise MisuseError(f"events has no column {', '.join(missing)}; time in customs needs item_id, code and time")
    if not isinstance(events.schema["time"], pl.Datetime) or events.schema["time"].time_zone is None:
        raise MisuseError("events: time must be instants with their zone")
    for code in (ARRIVED, PRESENTED, HELD, RELEASED, LEFT, ENDED, *LATER):
        get_event_code(code)
    own = [name for name in ("facility", "reason") if name not in events.columns]
    names = [*(name for name in KEY if name in events.columns), "code", "time", "facility", "reason"]
    filled = events.with_columns(*(pl.lit(None, pl.String).alias(name) for name in own))
    typed = filled.select(names).with_columns(pl.col("time").dt.convert_time_zone("UTC").cast(INSTANT))
    return typed.unique(maintain_order=True).sort("time", maintain_order=True)


def _first(code: str) -> pl.Expr:
    return _first_of((code,), f"{code}_at")


def _first_of(codes: tuple[str, ...], name: str) -> pl.Expr:
    return pl.col("time").filter(pl.col("code").is_in(codes)).first().alias(name)


def _holds(here: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The hours from each hold to the release that follows; a hold within a hold changes nothing.

    Of a hold whose release was not scanned the end is not known, so it counts nothing.
    """
    moves = here.filter(pl.col("code").is_in((HELD, RELEASED, LEFT, ENDED)))
    held = pl.col("code") == HELD
    moves = moves.filter(~(held & (held.shift().over(keys)).fill_null(False)))
    known = [reason.reason for reason in list_reasons() if reason.kind == "retention"]
    after = pl.col("code").shift(-1).over(keys)
    until = pl.when(after.is_in((RELEASED, LEFT))).then(pl.col("time").shift(-1).over(keys))
    spells = moves.with_columns(hours=(until - pl.col("time")).dt.total_milliseconds() / HOUR_MS).filter(held)
    return spells.group_by(keys).agg(
        pl.col("hours").sum().alias("held_hours"),
        pl.col("hours").filter(pl.col("reason").is_in(known)).sum().alias("deducted_hours"),
        pl.col("reason").first(),
    )


def _tell(found: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    begin = pl.coalesce(f"{PRESENTED}_at", f"{ARRIVED}_at", f"{HELD}_at")
    released = pl.col("released_at").is_not_null() | pl.col("later_at").is_not_null()
    refused = pl.col(f"{ENDED}_at").is_not_null() & ~released
    end = pl.when(refused).then(f"{ENDED}_at").otherwise("released_at")
    outcome = pl.when(refused).then(pl.lit("refused")).when(released).then(pl.lit("released")).otherwise(pl.lit("open"))
    told = found.with_columns(begin_at=begin, end_at=end, outcome=outcome)
    hours = (pl.col("end_at") - pl.col("begin_at")).dt.total_milliseconds() / HOUR_MS
    return told.select(
        *keys,
        "facility",
        "begin_at",
        "end_at",
        pl.when(hours >= 0).then(hours).alias("hours"),
        pl.col("held_hours").fill_null(0.0),
        pl.col("deducted_hours").fill_null(0.0),
        "reason",
        (pl.col(f"{HELD}_at").is_not_null() | (pl.col("outcome") == "refused")).alias("stopped"),
        "outcome",
    )
