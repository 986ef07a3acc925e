"""Make the items that a partner announces to us, and change those that it announced before.

A partner may make and change what it issued itself and hands to us; an item of ours, or one that another operator
announced, is left as it is. Everything happens in the transaction of the message, as columns of many items at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.party import Party
from entrepost.operations.exchanging.waiting import wake
from entrepost.operations.inbound_store import INBOUND, ITMATT, PREDES, WITHDRAWN, name_posting
from entrepost.operations.recipient_store import RECIPIENT
from entrepost.operations.store import FROM, ITEM, Store
from entrepost.reference.currency import list_currencies
from entrepost.tables.frames import INSTANT

OTHERS = finding_code("exchange_item_announced", "A message is about an item that another operator announced.")

REUSED_AFTER = timedelta(days=365)
"""A number that is posted so long after its last item was is that of another one (S10: not within twelve months)."""

MOST = 10**18
LINES = 3


@dataclass(frozen=True, slots=True)
class Announced:
    """One item as a partner announces it; a weight or number of pieces of 0, or an empty text, was not told."""

    item_id: str
    posted_at: datetime
    origin: str
    country: str
    weight_g: int = 0
    pieces: int = 0
    value_minor: int = 0
    currency: str | None = None
    recipient: Party | None = field(default=None, repr=False)
    by: str = ITMATT


@dataclass(frozen=True, slots=True)
class Made:
    """What became of announced items: by item why one was left alone, and those whose people were forgotten."""

    findings: dict[str, Finding] = field(default_factory=dict)
    forgotten: frozenset[str] = frozenset()


def announce(data: AdvanceData) -> Announced:
    """An item by its advance data."""
    said = data.declaration
    is_money = said.currency in CURRENCIES
    return Announced(
        item_id=data.item_id,
        posted_at=data.posted_at.astimezone(UTC),
        origin=data.origin_operator,
        country=data.recipient.country,
        weight_g=data.weight_g,
        pieces=min(sum(each.quantity for each in said.contents), MOST),
        value_minor=min(said.value_minor, MOST) if is_money else 0,
        currency=said.currency if is_money else None,
        recipient=data.recipient,
    )


def make_items(store: Store, tenant: str, operator: str, told: Sequence[Announced]) -> Made:
    """Make or change the items that an operator announces, the last word about each; the caller holds a transaction."""
    if not told:
        return Made()
    latest = {each.item_id: each for each in told}
    _hold(store, tenant)
    known = {row["item_id"]: row for row in store.inbound.find(tenant, list(latest)).iter_rows(named=True)}
    now = store.clock.now()
    new, changed, findings = [], [], {}
    for item_id, said in latest.items():
        each, row = replace(said, posted_at=min(said.posted_at, now)), known.get(item_id)
        if row is None or each.posted_at - row["issued_at"] >= REUSED_AFTER:
            new.append(each)
        elif row["operator"] == operator:
            changed.append((each, row))
        elif row["operator"]:
            what = f"{item_id} was announced by {row['operator']}"
            findings[item_id] = Finding(OTHERS, "item_id", what, item_id, fix="send what is your own", level="warning")
    _add(store, tenant, operator, new)
    _change(store, tenant, [(each, row) for each, row in changed if each.by == ITMATT])
    _place(store, [(each, row) for each, row in changed if each.by == PREDES and each.origin != row["origin"]])
    return Made(findings, frozenset(row["item_id"] for _, row in changed if row["is_forgotten"]))


def withdraw_items(store: Store, tenant: str, operator: str, item_ids: Sequence[str]) -> None:
    """Mark that advance data of items were taken back: an item stays, for what happened to it is a fact."""
    known = store.inbound.find(tenant, item_ids).filter(pl.col("operator") == operator)
    if known.height:
        store.inbound.change_items(known.select("item_no", announced=pl.lit(WITHDRAWN)))


def _hold(store: Store, tenant: str) -> None:
    """Hold the account's items, and before them what a dispatch in the same transaction would hold before them."""
    store.records.hold(f"receptacles of {tenant}")
    store.find_containments(pl.DataFrame({"tenant": [tenant], "subject": [""]}))
    store.take_turn(tenant)


def _add(store: Store, tenant: str, operator: str, new: Sequence[Announced]) -> None:
    if not new:
        return
    frame = _frame_of(tenant, [(each, name_posting(each.item_id, each.posted_at)) for each in new])
    store.inbound.add_postings(frame.rename({"posted_at": "placed_at"}))
    items = frame.with_columns(
        item=pl.lit(1, pl.Int64), service=pl.lit(""), issued_at="posted_at", operator=pl.lit(operator)
    )
    store.add_items(items.select(*ITEM, *FROM))
    _tell_recipients(store, tenant, [(each, name_posting(each.item_id, each.posted_at)) for each in new], fresh=True)
    wake(store, tenant, [each.item_id for each in new])


def _change(store: Store, tenant: str, changed: Sequence[tuple[Announced, dict[str, object]]]) -> None:
    """Say anew what advance data say of items; an office of origin that a dispatch told stays."""
    if not changed:
        return
    named = [(each, str(row["order_id"])) for each, row in changed]
    frame = _frame_of(tenant, named).with_columns(
        item_no=pl.Series([row["item_no"] for _, row in changed], dtype=pl.Int64),
        origin=pl.Series([_origin(each, str(row["origin"])) for each, row in changed]),
        is_forgotten=pl.Series([row["is_forgotten"] for _, row in changed], dtype=pl.Boolean),
    )
    names = ("item_no", "origin", "country", "weight_g", "pieces", "value_minor", "currency", "announced")
    store.inbound.change_items(frame.select(names))
    of_posting = ("tenant", "seller", "order_id", "origin", "country", "postcode", "city")
    known = frame.filter(~pl.col("is_forgotten"))
    if known.height:
        store.inbound.change_postings(known.select(*of_posting, placed_at="posted_at"))
    _tell_recipients(store, tenant, named, fresh=False)


def _place(store: Store, changed: Sequence[tuple[Announced, dict[str, object]]]) -> None:
    """Say from which office items come, which advance data do not tell."""
    if changed:
        told = {"item_no": [row["item_no"] for _, row in changed], "origin": [each.origin for each, _ in changed]}
        store.inbound.change_items(pl.DataFrame(told))


def _origin(told: Announced, before: str) -> str:
    return before if len(before) > len(told.origin) else told.origin


def _frame_of(tenant: str, told: Sequence[tuple[Announced, str]]) -> pl.DataFrame:
    """Announced items and the names of their postings as columns of items and of postings."""
    texts = ("item_id", "origin", "country", "currency")
    numbers = ("weight_g", "pieces", "value_minor")
    cells = {name: pl.Series([getattr(each, name) for each, _ in told], dtype=pl.String) for name in texts}
    cells |= {name: pl.Series([getattr(each, name) for each, _ in told], dtype=pl.Int64) for name in numbers}
    cells["posted_at"] = pl.Series([each.posted_at for each, _ in told], dtype=INSTANT)
    cells["order_id"] = pl.Series([name for _, name in told], dtype=pl.String)
    cells["announced"] = pl.Series([each.by for each, _ in told], dtype=pl.String)
    for name in ("postcode", "city"):
        said = [getattr(each.recipient, name) or None if each.recipient else None for each, _ in told]
        cells[name] = pl.Series(said, dtype=pl.String)
    return pl.DataFrame(cells).with_columns(tenant=pl.lit(tenant), seller=pl.lit(INBOUND))


def _tell_recipients(store: Store, tenant: str, told: Sequence[tuple[Announced, str]], fresh: bool) -> None:
    rows = [
        (tenant, INBOUND, name, *_cells(each.recipient))
        for each, name in told
        if each.recipient is not None and each.recipient.name
    ]
    if rows:
        frame = pl.DataFrame(rows, schema=dict.fromkeys(RECIPIENT, pl.String()), orient="row")
        (store.recipients.add if fresh else store.recipients.correct)(frame)


def _cells(party: Party) -> tuple[str | None, ...]:
    """Columns of recipients; lines of an address beyond the third stand behind it."""
    lines = [*party.lines[: LINES - 1], " ".join(party.lines[LINES - 1 :])]
    lines += [""] * (LINES - len(lines))
    told = (party.name, *lines, party.city, party.region, party.postcode, party.country, party.phone, party.email)
    return tuple(each or None for each in told)


CURRENCIES = frozenset(list_currencies())
