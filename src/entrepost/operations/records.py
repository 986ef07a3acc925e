"""The nouns of who may do what, and the protocol by which a store keeps them; each belongs to an account."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

import polars as pl

from entrepost.base.clock import to_micros
from entrepost.operations.desk_records import ActiveSegments, Care, Note, PlanRun, Segments
from entrepost.operations.dispatch_records import (
    Content,
    Filling,
    KeptConsignment,
    KeptDispatch,
    KeptLeg,
    KeptReceptacle,
    KeptReferral,
    WaybillStock,
)
from entrepost.operations.house_records import CarrierFeed, Chore, Promising, Retention, Sender


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in an account, by e-mail address; without a password they were not yet there."""

    tenant: str
    email: str
    name: str
    role: str
    password: str = field(repr=False)
    created_at: datetime
    failures: int = 0
    locked_until: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An offer to become somebody in an account; `invitation` is the hash of what the invited was sent."""

    tenant: str
    invitation: str = field(repr=False)
    email: str
    role: str
    invited_by: str
    created_at: datetime
    until: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in; `session` is the hash of what their browser keeps, `csrf` what their forms carry."""

    tenant: str
    session: str = field(repr=False)
    email: str
    csrf: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key with which programs ask, of which only the hash is kept; `scopes` are words with spaces between."""

    tenant: str
    key: str
    secret_hash: str = field(repr=False)
    name: str
    scopes: str
    created_by: str
    created_at: datetime
    until: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to a request with a key of idempotency, to be answered again."""

    tenant: str
    idempotency_key: str
    request: str
    body_hash: str
    status: int
    answer: str
    created_at: datetime


WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
"""The states of a batch."""

PROMISES = "promises"
"""The kind of a batch for which orders of the store wait; the other kinds are those of files."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that was uploaded, or promises for orders, and how far it is; `position` counts rows, or orders."""

    tenant: str
    batch: str
    kind: str
    file: str
    state: str
    intake: str
    created_by: str
    created_at: datetime
    size_bytes: int = 0
    position: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    lease_until: datetime | None = None
    finished_at: datetime | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what and when, as it is kept for those who answer for it."""

    tenant: str
    entry: str
    at: datetime
    who: str
    action: str
    subject: str
    detail: str = ""
    request: str = ""


House = Chore | Retention | Sender | CarrierFeed | Promising
Desk = Care | Note | PlanRun | Segments | ActiveSegments
Mail = Filling | Content | KeptReceptacle | KeptDispatch | KeptConsignment | KeptLeg | KeptReferral | WaybillStock
N = TypeVar("N")
"""Any of these kinds of noun."""


class Records(Protocol):
    """Where these nouns are kept, each by its first two fields: the account, and its name in it."""

    def transaction(self) -> AbstractContextManager[None]:
        """That of the store: everything inside becomes durable together or not at all."""

    def hold(self, name: str) -> None:
        """Wait until no other transaction holds that name, and hold it to the end of this one."""

    def put(
        self, noun: Person | Invitation | Session | ApiKey | KeptAnswer | Batch | AuditEntry | Desk | House | Mail
    ) -> None:
        """Keep a noun, over the one of the same name."""

    def find(self, kind: type[N], tenant: str, name: str) -> N | None:
        """The noun of that name in an account, or None."""

    def list_of(self, kind: type[N], tenant: str = "", after: str = "", limit: int = 0) -> list[N]:
        """The nouns of an account (empty: of all) by name, those after a name, at most `limit` (0: all)."""

    def list_latest(self, kind: type[N], tenant: str, before: str = "", limit: int = 0) -> list[N]:
        """As `list_of`, from the last name on down."""

    def list_with(self, kind: type[N], column: str, values: Sequence[str]) -> list[N]:
        """The nouns of all accounts that have one of these values in a field, by name."""

    def list_where(self, kind: type[N], tenant: str, column: str, values: Sequence[str]) -> list[N]:
        """The nouns of an account that have one of these values, however many, in a field; by name."""

    def frame_where(self, kind: type[Any], tenant: str, column: str, values: pl.Series) -> pl.DataFrame:
        """What `list_where` gives, as a frame with the fields as columns."""

    def put_many(self, kind: type[Any], nouns: pl.DataFrame) -> None:
        """Keep nouns in bulk: a frame with the fields as columns."""

    def remove_many(self, kind: type[Any], tenant: str, names: pl.Series) -> None:
        """Forget nouns in bulk, by their names."""

    def remove(self, kind: type[N], tenant: str, name: str) -> None:
        """Forget a noun."""

    def prune(self, kind: type[N], before: datetime) -> None:
        """Forget the nouns of all accounts that were created before an instant."""


def name_by_time(instant: datetime) -> str:
    """A new name that nobody else has, in the order of time."""
    return f"{to_micros(instant):014x}{secrets.token_hex(5)}"
