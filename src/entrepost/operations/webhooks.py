"""Tell endpoints what happens: queued in the transaction of what is told, so that neither is ever without the other.

A message names no person: identifiers, numbers, states and times alone. It has a name made of its content, which
the receiver gets as `webhook-id`; whoever gets one twice can see that it is one. Sending is `webhooks_send`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from entrepost.operations.store import Intake, Store
from entrepost.operations.webhook_store import DELIVERY, MESSAGE
from entrepost.tables.frames import INSTANT
from entrepost.tables.status_numbers import KINDS as ENDS
from entrepost.tables.status_numbers import SHOWN

STATUS_CHANGED, BATCH_FINISHED, EXCEPTION_FOUND = "item.status_changed", "batch.finished", "exception.found"
ENDPOINT_FAILED, ENDPOINT_TESTED = "endpoint.failed", "endpoint.tested"
KINDS = {
    STATUS_CHANGED: "The status of an item, or its reason, is another one.",
    BATCH_FINISHED: "All rows of a file of orders or events are taken in or rejected.",
    EXCEPTION_FOUND: "Something needs somebody: mail is silent for improbably long.",
    ENDPOINT_FAILED: "Another endpoint of the account answered nothing for long and was switched off.",
    ENDPOINT_TESTED: "Somebody tries whether messages arrive.",
}
"""Kinds of messages, and what each tells."""

QUEUED, SENDING, DELIVERED, DEAD = "queued", "sending", "delivered", "dead"
"""States of a delivery; *dead*: tried for as long as is tried, or its endpoint said that it wants no more."""

TOLD = ("seller", "order_id", "item_id", "status", "kind", "reason", "action_required", "since", "last_event_at")
"""What a message tells of an item."""
FRAME = "frame"
"""What a frame is called where a file has its name."""
ITEMS_MOST = 100
"""So many items of an exception are named, those that are silent most improbably (assumed)."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that an account's endpoints are told, once for each `content`.

    Only `endpoint` where it is named, and never `but`.
    """

    tenant: str
    kind: str
    subject: str
    content: tuple[Any, ...]
    data: dict[str, Any] = field(repr=False)
    endpoint: str = ""
    but: str = ""

    @property
    def message(self) -> str:
        """The name of the message."""
        parts = repr((self.tenant, self.kind, self.subject, *self.content))
        return f"msg_{hashlib.sha256(parts.encode()).hexdigest()[:32]}"


def announce(store: Store, news: Iterable[News]) -> int:
    """Queue what is told for every endpoint that wants it; how many deliveries were queued.

    The caller holds the transaction in which it happens. What was told before is not told again.
    """
    with store.transaction():
        wanting = _wanting(store)
        told = [each for each in news if each.tenant in wanting]
        known = _known(store, told)
        fresh = {each.message: each for each in told if each.message not in known}
        pairs = [(each, name) for each in fresh.values() for name in _receivers(each, wanting[each.tenant])]
        if not pairs:
            return 0
        now = store.clock.now()
        messages = [_message(each, now) for each in {each.message: each for each, _ in pairs}.values()]
        store.webhooks.add_messages(_frame(messages, MESSAGE))
        store.webhooks.add_deliveries(_frame([_delivery(each, name, now) for each, name in pairs], DELIVERY[1:]))
    return len(pairs)


def announce_statuses(store: Store, changes: pl.DataFrame) -> int:
    """Tell of items whose status is another one (item_no, and `before`, the number of the state that it was)."""
    if not changes.height:
        return 0
    wanting = _wanting(store, STATUS_CHANGED)
    if not wanting:
        return 0
    items = store.list_items(numbers=changes.select("item_no")).filter(pl.col("tenant").is_in(list(wanting)))
    whole = items.join(changes.select("item_no", "before"), on="item_no", how="inner", maintain_order="left")
    return announce(store, [_status_news(row) for row in whole.iter_rows(named=True)])


def announce_batch(store: Store, intake: Intake) -> int:
    """Tell that the intake of a file is finished; what came as a frame was answered at once."""
    if intake.file == FRAME or not _wanting(store, BATCH_FINISHED):
        return 0
    names = (
        "intake",
        "kind",
        "file",
        "read",
        "accepted",
        "duplicates",
        "rejected",
        "orders",
        "started_at",
        "finished_at",
    )
    data = {name: getattr(intake, name) for name in names}
    return announce(store, [News(intake.tenant, BATCH_FINISHED, intake.intake, (intake.finished_at,), data)])


def announce_exceptions(store: Store, exceptions: pl.DataFrame, items: pl.DataFrame) -> int:
    """Tell the accounts whose items are behind them of exceptions, each once for as long as it goes on.

    Parameters
    ----------
    exceptions, items : DataFrame
        `frame` and `items` of `operations.exceptions.Exceptions`.
    """
    wanting = list(_wanting(store, EXCEPTION_FOUND))
    theirs = items.filter(pl.col("tenant").is_in(wanting)).partition_by("tenant", "number", as_dict=True)
    found = {row["number"]: row for row in exceptions.iter_rows(named=True)}
    return announce(store, [_exception_news(str(key[0]), found[key[1]], part) for key, part in theirs.items()])


def to_body(kind: str, at: datetime, data: dict[str, Any]) -> str:
    """What is sent, as Standard Webhooks has it: type, timestamp, data."""
    whole = {"type": kind, "timestamp": _write(at), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), default=_write)


def _wanting(store: Store, kind: str = "") -> dict[str, list[tuple[str, frozenset[str]]]]:
    """By account the endpoints that are told something, each with the kinds that it wants (none: all)."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for tenant, endpoint, kinds in store.webhooks.list_subscriptions().iter_rows():
        wants = frozenset(kinds.split())
        if not kind or not wants or kind in wants:
            found.setdefault(tenant, []).append((endpoint, wants))
    return found


def _receivers(news: News, endpoints: Sequence[tuple[str, frozenset[str]]]) -> list[str]:
    if news.endpoint:
        return [name for name, _ in endpoints if name == news.endpoint]
    return [name for name, kinds in endpoints if name != news.but and (not kinds or news.kind in kinds)]


def _known(store: Store, told: Sequence[News]) -> set[str]:
    by_tenant: dict[str, list[str]] = {}
    for each in told:
        by_tenant.setdefault(each.tenant, []).append(each.message)
    found = [store.webhooks.find_known(tenant, names) for tenant, names in sorted(by_tenant.items())]
    return set().union(*found)


def _status_news(row: dict[str, Any]) -> News:
    before = {"status": SHOWN[row["before"]], "kind": ENDS[row["before"]]}
    data = {name: row[name] for name in TOLD} | {"previous": before}
    if row["operator"]:  # the name of a posting is ours alone
        data["order_id"] = ""
    content = (row["item_no"], row["before"], row["status"], row["kind"], row["reason"], row["events"])
    return News(row["tenant"], STATUS_CHANGED, row["item_id"], content, data)


def _exception_news(tenant: str, row: dict[str, Any], items: pl.DataFrame) -> News:
    names = ("kind", "subject", "place", "service", "since", "chance", "item_days_saved", "promises_rescued", "action")
    affected = items.head(ITEMS_MOST).select("seller", "item_id", "since", "chance").to_dicts()
    data = {name: row[name] for name in names} | {"items": items.height, "affected": affected}
    content = (row["place"], row["service"], row["since"])
    return News(tenant, EXCEPTION_FOUND, f"{row['kind']} {row['subject']}", content, data)


def _message(news: News, now: datetime) -> dict[str, Any]:
    cells = {"message": news.message, "tenant": news.tenant, "kind": news.kind, "subject": news.subject}
    return cells | {"body": to_body(news.kind, now, news.data), "created_at": now}


def _delivery(news: News, endpoint: str, now: datetime) -> dict[str, Any]:
    cells = dict.fromkeys(DELIVERY[1:]) | {"tenant": news.tenant, "endpoint": endpoint, "message": news.message}
    cells |= {"kind": news.kind, "subject": news.subject, "state": QUEUED, "created_at": now, "due_at": now}
    return cells | {"attempts": 0, "answer": ""}


def _frame(rows: list[dict[str, Any]], names: tuple[str, ...]) -> pl.DataFrame:
    kinds: dict[str, pl.DataType] = {
        name: INSTANT if name.endswith(("_at", "_until")) else pl.String() for name in names
    }
    return pl.DataFrame(rows, schema=kinds | ({"attempts": pl.Int64()} if "attempts" in names else {}))


def _write(value: object) -> str:
    """An instant as JSON has it."""
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no place in a message")
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
