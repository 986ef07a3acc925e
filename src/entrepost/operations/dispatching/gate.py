"""Which items may be loaded by now, from what the store knows of their assessment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import polars as pl

from entrepost.base.clock import to_micros
from entrepost.base.findings import Finding
from entrepost.customs.gate import SAID, Gate, Loading, may_enter
from entrepost.customs.referral import Assessment, Referral, ReferralMessageSeen, assess
from entrepost.operations.dispatch_records import KeptReferral
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT

MODES = {"A": "air", "B": "air", "C": "sea", "D": "rail"}
"""By which mode mail of a category goes where nobody says otherwise (surface is the sea, or rail if it is urgent)."""


def add_referrals(store: Store, tenant: str, notes: Iterable[tuple[str, str, datetime]]) -> None:
    """Keep messages about the assessment of items: item, message (LODGE, AC, RFI, ...), instant; each counts once."""
    rows = [
        (tenant, f"{item_id} {to_micros(at):016x} {message}", item_id, message, at) for item_id, message, at in notes
    ]
    if rows:
        names = ["tenant", "referral", "item_id", "message", "sent_at"]
        schema = dict.fromkeys(names[:4], pl.String()) | {"sent_at": INSTANT}
        frame = pl.DataFrame(rows, schema=schema, orient="row").unique("referral", keep="last", maintain_order=True)
        store.records.put_many(KeptReferral, frame)


def assess_items(store: Store, tenant: str, item_ids: Sequence[str]) -> dict[str, Assessment]:
    """Where the assessment of items stands, of those of which anything was told.

    An answer of the very instant of lodging came after it.
    """
    told = store.records.frame_where(KeptReferral, tenant, "item_id", pl.Series(item_ids, dtype=pl.String))
    by_item = told.sort("sent_at", pl.col("message") != "LODGE").group_by("item_id").agg("message", "sent_at")
    known: dict[tuple[object, ...], Assessment] = {}
    found = {}
    for item_id, messages, instants in by_item.iter_rows():
        key = (*messages, *instants)
        if key not in known:
            known[key] = assess(map(ReferralMessageSeen, messages, instants))
        found[item_id] = known[key]
    return found


def find_kept_out(store: Store, tenant: str, item_ids: Sequence[str], loading: Loading) -> dict[str, Gate]:
    """The items that may not be loaded, and why; none where nobody asks and nothing was said against them."""
    assessed, gated, fresh = assess_items(store, tenant, item_ids), loading.gated, Assessment()
    if not gated:
        judged = {item_id: may_enter(known, loading) for item_id, known in assessed.items()}
    else:
        answers: dict[Assessment, Gate] = {}
        judged = {}
        for item_id in item_ids:
            known = assessed.get(item_id, fresh)
            if known not in answers:
                answers[known] = may_enter(known, loading)
            judged[item_id] = answers[known]
    return {item_id: answer for item_id, answer in judged.items() if answer != Gate.OPEN}


def find_forbidden(store: Store, tenant: str, item_ids: Sequence[str]) -> list[str]:
    """The items that the authorities forbid to be loaded; what holds one must not be handed over."""
    assessed = assess_items(store, tenant, item_ids)
    return [item_id for item_id, known in assessed.items() if known.referral == Referral.DO_NOT_LOAD]


def say_kept_out(item_id: str, why: Gate) -> Finding:
    """The finding about an item that may not be loaded."""
    code, message, fix = SAID[why]
    return Finding(code, "item_id", message, item_id, fix=fix)
