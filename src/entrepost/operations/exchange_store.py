"""What the exchange of messages needs of a store: its nouns by name, what is due, what to look at, and sealed bytes.

The verbs of `Store.exchange`. The rows of `operations.exchange_records` are what is kept; a list for people comes in
pages, the latest first, and a page goes on behind the `Place` of the last row of the one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from entrepost.base.clock import Clock
from entrepost.operations.exchange_records import Sent

N = TypeVar("N")
Place = tuple[datetime, str]
"""Where a row stands when rows are read by time: `created_at`, and its name."""

Where = Mapping[str, Sequence[str]]
"""Which rows: the values that a field may have, by field; all fields must fit."""


class ExchangeStore(Protocol):
    """Where the exchange keeps what it sent and what came."""

    def hold(self, name: str) -> None:
        """Wait until no other transaction holds that name, and hold it to the end of this one."""

    def put(self, nouns: Sequence[Any]) -> None:
        """Keep nouns of one kind, each over the one of the same name."""

    def find(self, kind: type[N], tenant: str, names: Sequence[str]) -> dict[str, N]:
        """The nouns of those names that are there."""

    def list_with(self, kind: type[N], tenant: str, where: Where) -> list[N]:
        """The nouns of an account that fit, by name; many values may be asked for."""

    def count(self, kind: type[Any], tenant: str, name: str, value: str) -> int:
        """How many nouns of an account have that value in a field."""

    def page(self, kind: type[N], tenant: str, where: Where, before: Place | None = None, limit: int = 100) -> list[N]:
        """`Sent`, `SentMessage`, `Came` or `CameMessage` that fit, the latest first, at most so many."""

    def count_with(self, kind: type[Any], tenant: str, where: Where) -> int:
        """How many nouns of an account fit."""

    def list_old(self, kind: type[N], tenant: str, before: datetime, after: Place | None, limit: int) -> list[N]:
        """`Sent` or `Came` from before an instant, the oldest first, behind a place; at most so many."""

    def list_reasons(self, kind: type[Any], tenant: str) -> list[tuple[str, str]]:
        """Of `Sent`, `SentMessage`, `Came` or `CameMessage` that have a reason: their names and reasons."""

    def remove(self, kind: type[Any], tenant: str, names: Sequence[str]) -> None:
        """Forget the nouns of those names."""

    def list_due(self, now: datetime, limit: int, tenant: str = "") -> list[Sent]:
        """Open rows of the outbox whose time has come, of an account or of all, the longest due first."""

    def count_states(self, tenant: str) -> list[tuple[str, str, str, str, int]]:
        """How many messages are how: direction (in, out), operator, message, state, and their number."""

    def count_hours(self, tenant: str, since: datetime) -> list[tuple[str, str, int, int]]:
        """How many messages came when: operator, message, the hour (from 1970), and their number."""

    def find_destinations(self, tenant: str, item_ids: Sequence[str]) -> dict[str, str]:
        """The country to which each of these items goes, of those that are there; of several issues the last one."""

    def put_bodies(self, tenant: str, bodies: Mapping[str, bytes]) -> None:
        """Keep bytes under names, sealed by the account's key, each over what was there."""

    def find_bodies(self, tenant: str, names: Sequence[str]) -> dict[str, bytes]:
        """The bytes of those names that are there."""

    def list_bodies(self, tenant: str, after: str, limit: int) -> list[str]:
        """The names of bytes that are kept, in their order behind a name, at most so many."""

    def remove_bodies(self, tenant: str, names: Sequence[str]) -> None:
        """Forget bytes."""

    def remove_old_bodies(self, tenant: str, before: datetime) -> int:
        """Forget the bytes that were kept before, but for what is not answered or applied yet; how many."""

    def list_accounts(self) -> list[str]:
        """The accounts of which bytes are kept."""

    def list_partnered(self) -> list[str]:
        """The accounts that have partners."""

    def seal_anew(self, tenant: str) -> int:
        """Seal all bytes of an account by its latest key; how many."""


class Books(Protocol):
    """As much of a store as the exchange needs: a `Store` is one, and so is the memory of a simulation."""

    @property
    def clock(self) -> Clock:
        """Who tells the present instant."""

    @property
    def exchange(self) -> ExchangeStore:
        """Where what was sent and what came is kept."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside becomes durable together or not at all."""
