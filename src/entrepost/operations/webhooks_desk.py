"""Endpoints of an account, changed by somebody who may: each change is in the audit, in its transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from entrepost.base.errors import MisuseError
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.store import Store
from entrepost.operations.webhook_store import Endpoint
from entrepost.operations.webhooks_endpoints import (
    add_endpoint,
    change_endpoint,
    check_url,
    get_endpoint,
    remove_endpoint,
    switch_endpoint,
    try_endpoint,
    turn_secret,
)
from entrepost.operations.webhooks_log import replay, replay_message

Check = Callable[[str], str]
"""Why a URL is not sent to; nothing where it may be (`Sender.check`)."""

ENDPOINTS_MAX = 50
"""An account has no more endpoints (assumed): each is told of everything that it wants."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be another one of an endpoint; None stays as it is."""

    url: str | None = None
    kinds: Collection[str] | None = None
    is_on: bool | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """What is told again: one message, or what happened in a time; `only_dead`: what could not be delivered."""

    message: str = ""
    since: datetime | None = None
    until: datetime | None = None
    only_dead: bool = False

    def __post_init__(self) -> None:
        if bool(self.message) == (self.since is not None):
            raise MisuseError("name what is told again: a message, or since when; one of them")


def refuse_unreachable(url: str, check: Check | None) -> None:
    """See to it that a URL may be sent to: it is told at once, and not only when something is to be delivered.

    Raises
    ------
    MisuseError
        When it may not.
    """
    if why := check(url) if check else "":
        raise MisuseError(f"messages are not sent to {url}: {why}; give the address of a server on the public internet")


def add(store: Store, by: Caller, url: str, kinds: Collection[str] = (), check: Check | None = None) -> Endpoint:
    """Add an endpoint to the caller's account.

    Raises
    ------
    MisuseError
        When the URL or a kind is none, or is not sent to, or the account has as many endpoints as it may.
    """
    check_url(url)
    refuse_unreachable(url, check)
    with store.transaction():
        store.records.hold(f"endpoints of {by.tenant}")
        if len(store.webhooks.list_endpoints(by.tenant)) >= ENDPOINTS_MAX:
            raise MisuseError(f"an account has at most {ENDPOINTS_MAX} endpoints; remove one before")
        made = add_endpoint(store, by.tenant, url, kinds)
        _note(store, by, "endpoint added", made)
    return made


def change(store: Store, by: Caller, endpoint: str, wanted: Change, check: Check | None = None) -> Endpoint:
    """Give an endpoint another URL or other kinds, or switch it on or off; what was wrong raises `MisuseError`."""
    if wanted.url:
        check_url(wanted.url)
        refuse_unreachable(wanted.url, check)
    with store.transaction():
        changed = get_endpoint(store, by.tenant, endpoint)
        if wanted.url is not None or wanted.kinds is not None:
            changed = change_endpoint(store, by.tenant, endpoint, wanted.url or "", wanted.kinds)
            _note(store, by, "endpoint changed", changed)
        if wanted.is_on is not None:
            changed = switch_endpoint(store, by.tenant, endpoint, wanted.is_on)
            _note(store, by, "endpoint switched on" if wanted.is_on else "endpoint switched off", changed)
    return changed


def turn(store: Store, by: Caller, endpoint: str) -> Endpoint:
    """Give an endpoint another secret, beside which the former one signs for a day."""
    with store.transaction():
        turned = turn_secret(store, by.tenant, endpoint)
        _note(store, by, "secret turned", turned)
    return turned


def remove(store: Store, by: Caller, endpoint: str) -> None:
    """Forget an endpoint with its queue and its log."""
    with store.transaction():
        _note(store, by, "endpoint removed", get_endpoint(store, by.tenant, endpoint))
        remove_endpoint(store, by.tenant, endpoint)


def try_out(store: Store, by: Caller, endpoint: str) -> str:
    """Queue a message that says nothing but that it arrives; its name."""
    with store.transaction():
        message = try_endpoint(store, by.tenant, endpoint)
        _note(store, by, "endpoint tried", get_endpoint(store, by.tenant, endpoint))
    return message


def tell_again(store: Store, by: Caller, endpoint: str, what: Again) -> int:
    """Tell an endpoint again what it was told or should have been; how many deliveries were queued."""
    with store.transaction():
        if what.since is None:
            replay_message(store, by.tenant, endpoint, what.message)
            count = 1
        else:
            count = replay(store, by.tenant, endpoint, what.since, what.until, what.only_dead)
        write_down(store, by.tenant, by.who, "endpoint told again", endpoint, f"{count} messages")
    return count


def _note(store: Store, by: Caller, action: str, endpoint: Endpoint) -> None:
    """The host alone is written down: a path may be a secret of its receiver."""
    write_down(store, by.tenant, by.who, action, endpoint.endpoint, urlsplit(endpoint.url).hostname or "")
