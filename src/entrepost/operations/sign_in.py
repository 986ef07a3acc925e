"""Signing in and out: sessions in a cookie, a token in every form, and a lock after too many wrong passwords."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from entrepost.base.errors import UnknownCallerError
from entrepost.operations.access import ROLES, Caller
from entrepost.operations.acting import act_for, acting_for
from entrepost.operations.audit import write_down
from entrepost.operations.passwords import PasswordParams, fits, hash_password, is_outdated
from entrepost.operations.records import Person, Session
from entrepost.operations.store import Store
from entrepost.operations.tokens import Token, find_token, new_token

SESSION_COOKIE = "entrepost_session"
"""The cookie in which a browser keeps its session."""

CSRF_HEADER = "X-CSRF-Token"
"""The header by which a script sends what forms carry."""

WRONG = "account, address or password is wrong, or signing in is locked for a while after too many wrong passwords"


@dataclass(frozen=True, slots=True)
class SignInParams:
    """How many wrong passwords lock somebody out, for how long, and how long a session lasts."""

    failures_max: int = 10
    locked_minutes: int = 15
    session_hours: int = 12
    idle_minutes: int = 120
    passwords: PasswordParams = field(default_factory=PasswordParams)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with a session: who they are as a caller, and what their forms must carry."""

    caller: Caller
    person: Person
    session: Session

    def holds(self, csrf: str) -> bool:
        """Whether a form carries what it must."""
        return hmac.compare_digest(self.session.csrf.encode(), csrf.encode())


def sign_in(store: Store, tenant: str, email: str, password: str, params: SignInParams | None = None) -> str:
    """Begin a session; its text is for a cookie.

    Raises
    ------
    UnknownCallerError
        When account, address or password is wrong or signing in is locked; the message is always the same.
    """
    with acting_for(tenant):
        return _sign_in(store, tenant, email, password, params or SignInParams())


def _sign_in(store: Store, tenant: str, email: str, password: str, chosen: SignInParams) -> str:
    address, now = email.strip().lower(), store.clock.now()
    person = store.records.find(Person, tenant, address)
    kept = person.password if person is not None and _may_try(person, now) else ""
    right = fits(password, kept, chosen.passwords)
    if person is None or not _may_try(person, now):
        raise UnknownCallerError(WRONG)
    if not right:
        _count_failure(store, person, chosen)
        raise UnknownCallerError(WRONG)
    renewed = hash_password(password, chosen.passwords) if is_outdated(kept, chosen.passwords) else kept
    token = new_token("s", tenant)
    until = now + timedelta(hours=chosen.session_hours)
    session = Session(tenant, token.hash, address, secrets.token_urlsafe(24), now, now, until)
    with store.transaction():
        store.records.hold(f"people of {tenant}")
        current = store.records.find(Person, tenant, address)
        if current is None or current.password != kept or current.ended_at is not None:
            raise UnknownCallerError(WRONG)
        store.records.put(replace(current, failures=0, locked_until=None, password=renewed))
        store.records.put(session)
        write_down(store, tenant, address, "signed in", address)
    return str(token)


def find_session(store: Store, text: str, params: SignInParams | None = None) -> SignedIn | None:
    """Who has the session of that text, or None where it is over; being seen keeps it alive.

    The request acts for their account from now on.
    """
    token = find_token("s", text)
    if token is None:
        return None
    with acting_for(token.tenant):
        found = _find_session(store, token, params or SignInParams())
    if found is not None:
        act_for(token.tenant)
    return found


def _find_session(store: Store, token: Token, chosen: SignInParams) -> SignedIn | None:
    session = store.records.find(Session, token.tenant, token.hash)
    now = store.clock.now()
    if session is None or now >= session.until or now - session.seen_at >= timedelta(minutes=chosen.idle_minutes):
        return None
    person = store.records.find(Person, session.tenant, session.email)
    if person is None or person.ended_at is not None:
        return None
    if now - session.seen_at >= timedelta(minutes=1):
        session = _see(store, session, now)
        if session is None:
            return None
    return SignedIn(Caller(person.tenant, person.email, ROLES[person.role]), person, session)


def sign_out(store: Store, text: str) -> None:
    """End a session; one that is over stays so."""
    token = find_token("s", text)
    if token is None:
        return
    with acting_for(token.tenant), store.transaction():
        session = store.records.find(Session, token.tenant, token.hash)
        if session is not None:
            store.records.remove(Session, token.tenant, token.hash)
            write_down(store, token.tenant, session.email, "signed out", session.email)


def _may_try(person: Person, now: datetime) -> bool:
    return person.ended_at is None and (person.locked_until is None or now >= person.locked_until)


def _count_failure(store: Store, person: Person, params: SignInParams) -> None:
    with store.transaction():
        store.records.hold(f"people of {person.tenant}")
        current = store.records.find(Person, person.tenant, person.email) or person
        failures = current.failures + 1
        locked = failures >= params.failures_max
        until = store.clock.now() + timedelta(minutes=params.locked_minutes) if locked else current.locked_until
        store.records.put(replace(current, failures=0 if locked else failures, locked_until=until))
        if locked:
            write_down(store, person.tenant, person.email, "locked out", person.email)


def _see(store: Store, session: Session, now: datetime) -> Session | None:
    """A session that was ended meanwhile stays so."""
    with store.transaction():
        current = store.records.find(Session, session.tenant, session.session)
        if current is not None:
            current = replace(current, seen_at=now)
            store.records.put(current)
        return current
