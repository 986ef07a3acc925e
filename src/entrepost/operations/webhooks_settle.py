"""What became of attempts: written into the log, put off or ended, and what it says of the endpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import polars as pl

from entrepost.base.findings import finding_code
from entrepost.operations.faults import FINDINGS
from entrepost.operations.store import Store
from entrepost.operations.webhook_store import ATTEMPT, HEALTH, Endpoint
from entrepost.operations.webhooks import DEAD, DELIVERED, ENDPOINT_FAILED, QUEUED, News, announce
from entrepost.tables.frames import INSTANT

WEBHOOK_GIVEN_UP = finding_code(
    "webhook_given_up", "Messages could not be delivered to an endpoint, as often as was tried."
)
WEBHOOK_FAILED = finding_code("webhook_endpoint_failed", "An endpoint answered nothing for long, and was switched off.")
WEBHOOK_GONE = finding_code(
    "webhook_endpoint_gone", "An endpoint said that it wants no more messages; it was switched off."
)
FIXES = {
    WEBHOOK_GIVEN_UP: "mend the receiver, then: entrepost webhooks replay ENDPOINT --dead",
    WEBHOOK_FAILED: "mend the receiver, then: entrepost webhooks change ENDPOINT on; what waits goes out then",
    WEBHOOK_GONE: "remove the endpoint, or: entrepost webhooks change ENDPOINT on",
}
GONE = 410
WAIT_SECONDS_MOST = 7200
"""No receiver is waited for longer, whatever it asks for (assumed)."""
ENDED = {
    "delivery_no": pl.Int64(),
    "attempts": pl.Int64(),
    "state": pl.String(),
    "due_at": INSTANT,
    "done_at": INSTANT,
    "answer": pl.String(),
    "tenant": pl.String(),
    "endpoint": pl.String(),
    "subject": pl.String(),
}


class Pauses(Protocol):
    """What settling needs of `webhooks_send.DeliverParams`."""

    @property
    def window_hours(self) -> float:
        """For how long a message is tried."""

    @property
    def failing_hours_max(self) -> int:
        """For how long an endpoint may fail."""

    def pause(self, attempts: int) -> timedelta:
        """How long is waited after so many attempts."""

    def rest(self, failures: int) -> timedelta:
        """How long an endpoint is left alone after so many failures."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt: the delivery as it was taken, when, for how long, and what came back."""

    row: dict[str, Any]
    at: datetime
    took_ms: int
    code: int | None
    said: str
    wait_seconds: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the message."""
        return self.code is not None and 200 <= self.code < 300


def settle(store: Store, done: Sequence[Tried], params: Pauses) -> Counter[str]:
    """Keep what became of attempts, in the caller's transaction; how many were taken, put off and given up."""
    if not done:
        return Counter()
    now = store.clock.now()
    ended = [_end(each, now, params) for each in done]
    frame = pl.DataFrame(ended, schema=ENDED)
    store.webhooks.end_attempts(frame)
    moved = frame.with_columns(due_at=pl.when(pl.col("state") == QUEUED).then("due_at").otherwise(pl.lit(now)))
    store.webhooks.move_followers(moved.with_columns(pl.col("due_at").cast(INSTANT)))
    store.webhooks.add_attempts(_log(done))
    failed = _set_health(store, done, now, params)
    states = Counter(row["state"] for row in ended)
    for row in ended:
        if row["state"] == DEAD:
            _report(store, row["tenant"], row["endpoint"], WEBHOOK_GIVEN_UP, row["answer"])
    told = {"delivered": states[DELIVERED], "deferred": states[QUEUED], "dead": states[DEAD]}
    return Counter(told | {"failed_endpoints": failed})


def _end(tried: Tried, now: datetime, params: Pauses) -> dict[str, Any]:
    names = ("delivery_no", "attempts", "tenant", "endpoint", "subject")
    known = {name: tried.row[name] for name in names} | {"answer": tried.said, "due_at": tried.row["due_at"]}
    if tried.is_taken:
        return known | {"state": DELIVERED, "done_at": now}
    last = tried.row["first_at"] + timedelta(hours=params.window_hours)
    if now >= last:
        return known | {"state": DEAD, "done_at": now}
    asked = timedelta(seconds=min(tried.wait_seconds, WAIT_SECONDS_MOST))
    due_at = min(now + max(params.pause(tried.row["attempts"]), asked), last)
    return known | {"state": QUEUED, "due_at": due_at, "done_at": None}


def _log(done: Sequence[Tried]) -> pl.DataFrame:
    rows = [(t.row["delivery_no"], t.row["attempts"], t.at, t.took_ms, t.code, t.said) for t in done]
    whole, text = pl.Int64(), pl.String()
    return pl.DataFrame(
        rows, schema=dict(zip(ATTEMPT, (whole, whole, INSTANT, whole, whole, text), strict=True)), orient="row"
    )


def _set_health(store: Store, done: Sequence[Tried], now: datetime, params: Pauses) -> int:
    """Say anew how the endpoints fare that were tried; how many were switched off."""
    failed = 0
    for tenant, name in sorted({(each.row["tenant"], each.row["endpoint"]) for each in done}):
        before = store.webhooks.find_endpoint(tenant, name)
        if before is None:
            continue
        endpoint = before
        for each in done:
            if (each.row["tenant"], each.row["endpoint"]) == (tenant, name):
                endpoint = _after(endpoint, each, now, params)
        if endpoint != before:
            cells = {column: getattr(endpoint, column) for column in HEALTH}
            kinds = {"failures": pl.Int64(), "failing_since": INSTANT, "paused_until": INSTANT}
            schema = {column: kinds.get(column, pl.String()) for column in HEALTH}
            store.webhooks.set_health(pl.DataFrame([cells], schema=schema))
        if endpoint.state != before.state:
            failed += 1
            _tell_failed(store, endpoint)
    return failed


def _after(endpoint: Endpoint, tried: Tried, now: datetime, params: Pauses) -> Endpoint:
    """How an endpoint fares after an attempt."""
    if tried.is_taken:
        return replace(endpoint, failures=0, failing_since=None, paused_until=None, answer="")
    failures, since = endpoint.failures + 1, endpoint.failing_since or tried.at
    rest = params.rest(failures)
    over = now - since >= timedelta(hours=params.failing_hours_max)
    return replace(
        endpoint,
        state="failed" if endpoint.state == "on" and (over or tried.code == GONE) else endpoint.state,
        failures=failures,
        failing_since=since,
        paused_until=now + rest if rest else None,
        answer=tried.said,
    )


def _tell_failed(store: Store, endpoint: Endpoint) -> None:
    """A finding, and a message to the account's other endpoints."""
    code = WEBHOOK_GONE if endpoint.answer.startswith(str(GONE)) else WEBHOOK_FAILED
    _report(store, endpoint.tenant, endpoint.endpoint, code, endpoint.answer)
    data = {"endpoint": endpoint.endpoint, "failing_since": endpoint.failing_since, "answer": endpoint.answer}
    name = endpoint.endpoint
    announce(store, [News(endpoint.tenant, ENDPOINT_FAILED, name, (endpoint.failing_since,), data, but=name)])


def _report(store: Store, tenant: str, endpoint: str, code: str, answer: str) -> None:
    texts = {
        "code": code,
        "field": "webhook",
        "message": f"the last answer: {answer}",
        "subject": endpoint,
        "row": 0,
        "fix": FIXES[code],
        "level": "error",
        "raw": "",
    }
    store.add_findings(pl.DataFrame([texts], schema=FINDINGS), tenant, "")
