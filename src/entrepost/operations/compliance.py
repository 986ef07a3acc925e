"""The compliance report of messages in files or of what was exchanged, and its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from entrepost.documents.page import Card, Page, Section
from entrepost.documents.table import Column, Table
from entrepost.messages.compliance import Case, Compliance, Issue, Overview
from entrepost.messages.hearing import Heard, hear
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Zones
from entrepost.operations.exchange_records import Came, Sent
from entrepost.operations.exchange_store import Place
from entrepost.operations.exchanging import inbox, outbox
from entrepost.operations.exchanging.partners import get_partners
from entrepost.operations.source import read_bytes
from entrepost.operations.store import Store

AT_ONCE = 200
"""Interchanges whose bytes are held in memory together."""

ENVELOPE = "(envelope)"
"""How faults of no message in particular are called."""


def hear_files(paths: Iterable[Path], zones: Zones | None = None, profiles: Sequence[Profile] = ()) -> list[Heard]:
    """The messages of files, each one interchange or document, with what is wrong with them."""
    return [heard for path in paths for heard in hear(read_bytes(path), path.name, zones, profiles)]


def hear_store(
    store: Store, tenant: str, zones: Zones | None = None, profiles: Sequence[Profile] = ()
) -> Iterator[Heard]:
    """The messages that an account exchanged, as far as their bytes are kept; `place` names the interchange."""
    known = {**(zones or {}), **get_partners(store, tenant).zones(store.clock.now().date())}
    kinds: tuple[type[Came | Sent], ...] = (Came, Sent)
    for kind in kinds:
        before: Place | None = None
        while rows := store.exchange.page(kind, tenant, {}, before, AT_ONCE):
            yield from _hear_rows(store, tenant, rows, (known, profiles))
            before = (rows[-1].created_at, _named_row(rows[-1])[0])


def _hear_rows(
    store: Store, tenant: str, rows: Sequence[Came | Sent], means: tuple[Zones, Sequence[Profile]]
) -> Iterator[Heard]:
    named = [(row, *_named_row(row)) for row in rows]
    bodies = store.exchange.find_bodies(tenant, [body for _, _, _, body in named])
    for row, name, sender, body in named:
        for heard in hear(bodies[body], name, *means) if body in bodies else ():
            yield replace(heard, sender=heard.sender or sender, sent_on=heard.sent_on or row.created_at.date())


def _named_row(row: Came | Sent) -> tuple[str, str, str]:
    """The name of an interchange, its sender, and under what name its bytes are kept."""
    if isinstance(row, Came):
        return row.came, row.sender, inbox.body_of(row)
    return row.sent, row.own, outbox.body_of(row)


def draw_compliance(report: Compliance) -> Page:
    """The report as a page: overview, issues, and the first cases of each."""
    messages = sum(row.messages for row in report.overview)
    faultless = sum(row.faultless for row in report.overview)
    faults = sum(row.faults for row in report.overview)
    share = f"{100 * faultless / messages:.1f} %" if messages else "–"
    looked = ", ".join(day.isoformat() for day in report.days)
    lead = [f"Looked at were the days {looked}; {report.passed_over:,} messages of other days were passed over."]
    return Page(
        title="Compliance of messages",
        subtitle="A self-check in the three parts of the UPU's own report",
        lead=tuple(lead) if report.days else ("Looked at were all messages.",),
        cards=(
            Card("Messages", f"{messages:,}", note=f"of {len({row.sender for row in report.overview}):,} senders"),
            Card("Faultless", share, note=f"{faultless:,} messages with nothing to say against them"),
            Card("Faults", f"{faults:,}", note=f"of {len({row.code for row in report.issues}):,} kinds"),
        ),
        sections=(
            Section(
                "overview",
                "Overview",
                ("Usable is a message that can be applied; faultless is one that nothing at all is wrong with.",),
                (_overview(report.overview),),
            ),
            Section("issues", "Faults by message and sender", _none(report.issues), (_issues(report.issues),)),
            Section("cases", "The first cases of each", _none(report.cases), (_cases(report.cases),)),
        ),
        footer="Drawn from the messages themselves, by Entrepost.",
    )


def _named(message: str) -> str:
    return message or ENVELOPE


def _number(segment: int) -> str:
    return str(segment) if segment else ""


def _none(rows: Sequence[object]) -> tuple[str, ...]:
    return () if rows else ("There is none.",)


def _overview(rows: Sequence[Overview]) -> Table:
    names = ("sender", "message", "messages", "usable", "faultless", "faults")
    cells = [
        (row.sender, _named(row.message), row.messages, row.usable, row.faultless, row.faults, row.faultless_share)
        for row in rows
    ]
    texts = {name: pl.String() for name in names[:2]}
    schema = {**texts, **{name: pl.Int64() for name in names[2:]}, "share": pl.Float64()}
    titles = ("Sender", "Message", "Messages", "Usable", "Faultless", "Faults")
    counts = (Column(name, title, "count") for name, title in zip(names[2:], titles[2:], strict=True))
    columns = (Column("sender", "Sender"), Column("message", "Message"), *counts, Column("share", "Faultless", "share"))
    return Table(pl.DataFrame(cells, schema=schema, orient="row"), columns)


def _issues(rows: Sequence[Issue]) -> Table:
    names = ("sender", "message", "code", "level", "faults", "messages", "meaning")
    cells = [
        (row.sender, _named(row.message), row.code, row.level, row.faults, row.messages, row.meaning) for row in rows
    ]
    schema = {name: pl.Int64() if name in ("faults", "messages") else pl.String() for name in names}
    titles = ("Sender", "Message", "Fault", "Level", "Times", "In messages", "Meaning")
    columns = (
        Column(name, title, "count" if name in ("faults", "messages") else "text")
        for name, title in zip(names, titles, strict=True)
    )
    return Table(pl.DataFrame(cells, schema=schema, orient="row"), tuple(columns))


def _cases(rows: Sequence[Case]) -> Table:
    names = ("sender", "message", "code", "document", "place", "segment", "what", "fix")
    cells = [
        (
            row.sender,
            _named(row.message),
            row.code,
            row.document,
            row.place,
            _number(row.segment),
            row.what,
            row.fix,
        )
        for row in rows
    ]
    titles = ("Sender", "Message", "Fault", "Document", "File", "Segment", "What is wrong", "What to do")
    columns = tuple(Column(name, title) for name, title in zip(names, titles, strict=True))
    return Table(pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String()), orient="row"), columns)
