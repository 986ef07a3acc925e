"""The keys with which programs ask: made and shown once, scoped, expiring, revoked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from entrepost.base.errors import MissingRowError, MisuseError, UnknownCallerError
from entrepost.operations.access import Caller, check_scopes
from entrepost.operations.acting import act_for, acting_for
from entrepost.operations.audit import write_down
from entrepost.operations.records import ApiKey, name_by_time
from entrepost.operations.store import Store
from entrepost.operations.tokens import find_token, new_token

USED_EVERY = timedelta(minutes=1)
"""That a key is in use is written down no more often."""

REFUSED = "the key is missing or not valid; send it as Authorization: Bearer KEY"


def make_key(
    store: Store, by: Caller, name: str, scopes: Iterable[str], until: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key of the caller's account, and its text, which nobody can show again.

    Raises
    ------
    MisuseError
        When a scope is unknown, the name is missing, or the end has passed.
    NotAllowedError
        When the caller may not do what the key may: nobody gives what they have not.
    """
    kept, now = check_scopes(scopes), store.clock.now()
    for scope in kept.split():
        by.demand(scope)
    if not name.strip() or len(name) > 100:
        raise MisuseError("a key has a name of 1 to 100 characters, by which its users know it")
    if until is not None and until <= now:
        raise MisuseError(f"the key would have ended at {until.isoformat()}; give an instant that is to come")
    until = until and until.astimezone(UTC)
    token = new_token("k", by.tenant, name_by_time(now))
    key = ApiKey(by.tenant, token.name, token.hash, name.strip(), kept, by.who, now, until)
    with store.transaction():
        store.records.put(key)
        write_down(store, by.tenant, by.who, "key made", key.key, f"{key.name}: {kept}")
    return key, str(token)


def check_key(store: Store, text: str) -> Caller:
    """Who asks with that key; the request acts for their account from now on.

    Raises
    ------
    UnknownCallerError
        When it is none, or was revoked, or has ended; the message is always the same.
    """
    token = find_token("k", text)
    if token is None:
        raise UnknownCallerError(REFUSED)
    now = store.clock.now()
    with acting_for(token.tenant):
        key = store.records.find(ApiKey, token.tenant, token.name)
        if key is None or not token.fits(key.secret_hash) or not is_valid(key, now):
            raise UnknownCallerError(REFUSED)
        if key.used_at is None or now - key.used_at >= USED_EVERY:
            _note_use(store, key, now)
    act_for(key.tenant)
    return Caller(key.tenant, f"key {key.name}", frozenset(key.scopes.split()), key.key)


def glance_key(store: Store, text: str) -> Caller | None:
    """Who asks with that key, by the row as it is committed now; None where `check_key` has to write that it is in use.

    Raises
    ------
    UnknownCallerError
        As `check_key` does.
    """
    token, now = find_token("k", text), store.clock.now()
    key = store.glance.find(ApiKey, token.tenant, token.name) if token else None
    if token is None or key is None or not token.fits(key.secret_hash) or not is_valid(key, now):
        raise UnknownCallerError(REFUSED)
    if key.used_at is None or now - key.used_at >= USED_EVERY:
        return None
    act_for(key.tenant)
    return Caller(key.tenant, f"key {key.name}", frozenset(key.scopes.split()), key.key)


def is_valid(key: ApiKey, now: datetime) -> bool:
    """Whether a key holds at an instant."""
    return key.revoked_at is None and (key.until is None or now < key.until)


def revoke_key(store: Store, by: Caller, name: str) -> ApiKey:
    """End a key at once; one that was revoked before stays as it was.

    Raises
    ------
    MissingRowError
        When the account has no such key.
    """
    with store.transaction():
        store.records.hold(f"keys of {by.tenant}")
        key = get_key(store, by.tenant, name)
        if key.revoked_at is None:
            key = replace(key, revoked_at=store.clock.now())
            store.records.put(key)
            write_down(store, by.tenant, by.who, "key revoked", key.key, key.name)
    return key


def get_key(store: Store, tenant: str, name: str) -> ApiKey:
    """The key of that name in an account; raises `MissingRowError` where there is none."""
    key = store.records.find(ApiKey, tenant, name)
    if key is None:
        raise MissingRowError(f"the account has no key {name}")
    return key


def list_keys(store: Store, tenant: str, after: str = "", limit: int = 0) -> list[ApiKey]:
    """The keys of an account in the order in which they were made."""
    return store.records.list_of(ApiKey, tenant, after, limit)


def _note_use(store: Store, key: ApiKey, now: datetime) -> None:
    """A key that was revoked meanwhile stays so."""
    with store.transaction():
        store.records.hold(f"keys of {key.tenant}")
        found = store.records.find(ApiKey, key.tenant, key.key)
        if found is not None:
            store.records.put(replace(found, used_at=now))
