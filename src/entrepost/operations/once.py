"""A request with a key of idempotency has one effect however often and by however many it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from entrepost.base.errors import ChangedRequestError, MisuseError
from entrepost.operations.records import KeptAnswer
from entrepost.operations.store import Store

KEPT_HOURS = 72
LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the account, the key of idempotency (empty: none), method with path, and the body."""

    tenant: str
    key: str
    what: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: its status, its text, and whether it is given again."""

    status: int
    text: str
    again: bool = False


def answer_once(store: Store, request: Request, effect: Callable[[], Given]) -> Given:
    """Do what is asked, or answer again what was answered.

    Effect and answer become durable in one transaction, so that a kill between them cannot be. Who sends the
    same key at the same time waits.

    Raises
    ------
    ChangedRequestError
        When the key came with another request before.
    MisuseError
        When the key is too long.
    """
    if not request.key:
        return effect()
    if len(request.key) > LENGTH_MAX:
        raise MisuseError(f"a key of idempotency has at most {LENGTH_MAX} characters")
    body_hash = hashlib.sha256(request.body).hexdigest()
    with store.transaction():
        store.records.hold(f"idempotency {request.tenant} {request.key}")
        now = store.clock.now()
        kept = store.records.find(KeptAnswer, request.tenant, request.key)
        if kept is not None and now - kept.created_at < timedelta(hours=KEPT_HOURS):
            if (kept.request, kept.body_hash) != (request.what, body_hash):
                raise ChangedRequestError("this Idempotency-Key came with another request before; give a new one")
            return Given(kept.status, kept.answer, again=True)
        given = effect()
        put = KeptAnswer(request.tenant, request.key, request.what, body_hash, given.status, given.text, now)
        store.records.put(put)
    return given


def forget_old(store: Store) -> None:
    """Forget the answers that are not given again."""
    with store.transaction():
        store.records.prune(KeptAnswer, store.clock.now() - timedelta(hours=KEPT_HOURS))
