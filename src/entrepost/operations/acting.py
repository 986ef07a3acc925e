"""For whom a store is asked now: for one account, whose rows alone are there then, or for all accounts.

A command of whoever holds the store, and what a server does for all, act for all accounts. A request acts for nobody
until it is known who asks, and then for that account: on PostgreSQL the database itself shows it no other row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

NOBODY = ""
"""No account: nothing is there."""


@dataclass(slots=True)
class _Acting:
    """The account; None: all. It is shared by all threads of a request."""

    account: str | None


_acting: ContextVar[_Acting | None] = ContextVar("acting", default=None)


def find_account() -> str | None:
    """The account for which is acted now; empty: for nobody, None: for all accounts."""
    found = _acting.get()
    return found.account if found else None


@contextmanager
def acting_for(account: str) -> Iterator[None]:
    """Act for an account."""
    before = _acting.set(_Acting(account))
    try:
        yield
    finally:
        _acting.reset(before)


@contextmanager
def for_all_accounts() -> Iterator[None]:
    """Act for all accounts: for what is no account's own, such as the queue of webhooks, or who takes files in."""
    before = _acting.set(_Acting(None))
    try:
        yield
    finally:
        _acting.reset(before)


def begin_request() -> None:
    """Act for nobody, in this task and all threads that it asks, until `act_for` says for whom."""
    _acting.set(_Acting(NOBODY))


def act_for(account: str) -> None:
    """Act for an account to the end of the request; outside of one nothing changes."""
    found = _acting.get()
    if found is not None:
        found.account = account
