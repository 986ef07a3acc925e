"""The people of an account: invited, there with a role and a password, and gone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from entrepost.base.errors import MissingRowError, MisuseError, UnknownCallerError
from entrepost.operations.access import Caller, scopes_of
from entrepost.operations.acting import NOBODY, acting_for
from entrepost.operations.audit import write_down
from entrepost.operations.passwords import PasswordParams, hash_password
from entrepost.operations.promising import promise_from_the_start
from entrepost.operations.records import Invitation, Person, Session
from entrepost.operations.store import Store
from entrepost.operations.tokens import find_token, new_token

EMAIL = re.compile(r"[^@\s\x00-\x1f<>\"]{1,64}@[^@\s\x00-\x1f<>\"]{1,190}")
INVITED_DAYS = 7


def invite(store: Store, by: Caller, email: str, role: str) -> tuple[Invitation, str]:
    """Invite somebody to an account; the text that they are to be sent is shown once.

    Raises
    ------
    MisuseError
        When it is no address or no role.
    NotAllowedError
        When the role may what the caller may not.
    """
    address = check_email(email)
    for scope in scopes_of(role):
        by.demand(scope)
    now = store.clock.now()
    token = new_token("i", by.tenant)
    until = now + timedelta(days=INVITED_DAYS)
    invitation = Invitation(by.tenant, token.hash, address, role, by.who, now, until)
    with store.transaction():
        store.records.put(invitation)
        write_down(store, by.tenant, by.who, "invited", address, role)
    return invitation, str(token)


def find_invitation(store: Store, text: str) -> Invitation | None:
    """The invitation of that text if it still holds, or None."""
    token = find_token("i", text)
    if token is None:
        return None
    with acting_for(token.tenant):
        found = store.records.find(Invitation, token.tenant, token.hash)
    if found is None or found.accepted_at is not None or store.clock.now() >= found.until:
        return None
    return found


def accept(store: Store, text: str, name: str, password: str, params: PasswordParams | None = None) -> Person:
    """Become somebody in the account that invited, or have a new role and password there; it works once.

    Raises
    ------
    UnknownCallerError
        When the invitation does not hold.
    MisuseError
        When the password will not do.
    """
    kept = hash_password(password, params or PasswordParams())
    token = find_token("i", text)
    with acting_for(token.tenant if token else NOBODY), store.transaction():
        invitation = find_invitation(store, text)
        if invitation is not None:
            store.records.hold(f"people of {invitation.tenant}")
            invitation = find_invitation(store, text)
        if invitation is None:
            raise UnknownCallerError("the invitation does not hold: it was used, or it is over; ask for a new one")
        now = store.clock.now()
        shown = name.strip()[:100] or invitation.email
        promise_from_the_start(store, invitation.tenant)
        person = Person(invitation.tenant, invitation.email, shown, invitation.role, kept, now)
        store.records.put(person)
        store.records.put(replace(invitation, accepted_at=now))
        end_sessions(store, person.tenant, person.email)
        write_down(store, person.tenant, person.email, "invitation accepted", person.email, person.role)
    return person


def set_role(store: Store, by: Caller, email: str, role: str) -> Person:
    """Give somebody another role; raises `MissingRowError` where the account has no such person."""
    for scope in scopes_of(role):
        by.demand(scope)
    return _change(store, by, email, f"role {role}", role=role)


def end_person(store: Store, by: Caller, email: str) -> Person:
    """Let somebody in no more, and end what sessions they have."""
    return _change(store, by, email, "ended", ended_at=store.clock.now())


def get_person(store: Store, tenant: str, email: str) -> Person:
    """Somebody of an account; raises `MissingRowError` where there is no such person."""
    person = store.records.find(Person, tenant, email.strip().lower())
    if person is None:
        raise MissingRowError(f"the account has nobody with the address {email}")
    return person


def list_people(store: Store, tenant: str, after: str = "", limit: int = 0) -> list[Person]:
    """The people of an account by their addresses."""
    return store.records.list_of(Person, tenant, after, limit)


def end_sessions(store: Store, tenant: str, email: str) -> None:
    """End all sessions of somebody; the caller holds a transaction."""
    for session in store.records.list_of(Session, tenant):
        if session.email == email:
            store.records.remove(Session, tenant, session.session)


def check_email(text: str) -> str:
    """An e-mail address as it is kept; raises `MisuseError` where it is none."""
    address = text.strip().lower()
    if not EMAIL.fullmatch(address):
        raise MisuseError(f"{text[:100]!r} is no e-mail address; give one such as anna@example.org")
    return address


def _change(store: Store, by: Caller, email: str, what: str, **changed: object) -> Person:
    with store.transaction():
        store.records.hold(f"people of {by.tenant}")
        person = replace(get_person(store, by.tenant, email), **changed)  # type: ignore[arg-type]
        if not _admins(store, person):
            raise MisuseError(f"{person.email} is the last admin of the account; make somebody else one before")
        store.records.put(person)
        end_sessions(store, by.tenant, person.email)
        write_down(store, by.tenant, by.who, what, person.email)
    return person


def _admins(store: Store, changed: Person) -> bool:
    """Whether the account has an admin after that change, or had none before."""
    before = list_people(store, changed.tenant)
    after = [changed if each.email == changed.email else each for each in before]
    return any(map(_is_admin, after)) or not any(map(_is_admin, before))


def _is_admin(person: Person) -> bool:
    return person.role == "admin" and person.ended_at is None
