"""An office of people and keys: who holds its store, passwords that cost little, a clock that can be moved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.passwords import PasswordParams
from entrepost.operations.people import accept, invite
from entrepost.operations.records import Person
from entrepost.operations.sign_in import SignInParams
from entrepost.operations.store import Store
from tests.operations.shop import NOW, FixedClock, store_in

HOLDER = Caller("main", "terminal", frozenset(SCOPES))
CHEAP = PasswordParams(passes=1, memory_kib=64, lanes=1)
"""A guess costs next to nothing: for tests only."""

SIGN_IN = SignInParams(failures_max=3, locked_minutes=15, passwords=CHEAP)
PASSWORD = "the parcel comes on Tuesday"
ANNA = "anna@example.org"


def office(folder: Path) -> Store:
    """A store in which Anna is an admin."""
    store = store_in(folder)
    join(store, ANNA, "admin")
    return store


def join(store: Store, email: str, role: str, tenant: str = "main") -> Person:
    """Somebody is invited and comes."""
    by = Caller(tenant, "terminal", frozenset(SCOPES))
    return accept(store, invite(store, by, email, role)[1], email.partition("@")[0], PASSWORD, CHEAP)


def wait(store: Store, **time: float) -> None:
    """Let time go by, from the shop's instant on."""
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant = NOW + timedelta(**time)
