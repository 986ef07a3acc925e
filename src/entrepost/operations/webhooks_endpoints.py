"""Endpoints of an account: added, changed, given another secret, tried, switched on and off, removed."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.store import Store
from entrepost.operations.webhook_store import Endpoint
from entrepost.operations.webhooks import ENDPOINT_TESTED, KINDS, News, announce

SECRET_PREFIX, SECRET_BYTES = "whsec_", 32
FORMER_HOURS = 24
"""For so long the former secret signs beside the new one (assumed)."""
URL_MOST = 2_000


def add_endpoint(store: Store, tenant: str, url: str, kinds: Collection[str] = (), secret: str = "") -> Endpoint:
    """Tell an account's endpoint from now on what happens; its secret is made where none is given.

    Raises
    ------
    MisuseError
        When the URL, a kind or the secret is none.
    """
    made = Endpoint(
        tenant=tenant,
        endpoint=f"ep_{secrets.token_hex(10)}",
        url=check_url(url),
        kinds=check_kinds(kinds),
        secret=check_secret(secret) if secret else new_secret(),
        created_at=store.clock.now(),
    )
    store.webhooks.put_endpoint(made)
    return made


def change_endpoint(
    store: Store, tenant: str, endpoint: str, url: str = "", kinds: Collection[str] | None = None
) -> Endpoint:
    """Give an endpoint another URL, or other kinds; what is queued goes to the new URL."""
    with store.transaction():
        found = get_endpoint(store, tenant, endpoint)
        changed = replace(
            found,
            url=check_url(url) if url else found.url,
            kinds=found.kinds if kinds is None else check_kinds(kinds),
        )
        store.webhooks.put_endpoint(changed)
    return changed


def turn_secret(store: Store, tenant: str, endpoint: str, secret: str = "", hours: float = FORMER_HOURS) -> Endpoint:
    """Give an endpoint another secret; the former one signs beside it for some hours, so that no message is missed."""
    with store.transaction():
        found = get_endpoint(store, tenant, endpoint)
        until = store.clock.now() + timedelta(hours=hours)
        fresh = check_secret(secret) if secret else new_secret()
        changed = replace(found, secret=fresh, former_secret=found.secret, former_until=until)
        store.webhooks.put_endpoint(changed)
    return changed


def switch_endpoint(store: Store, tenant: str, endpoint: str, on: bool) -> Endpoint:
    """Switch an endpoint on: what waits goes out at once; or off: nothing more is queued for it."""
    with store.transaction():
        found = get_endpoint(store, tenant, endpoint)
        healthy = replace(found, state="on", failures=0, failing_since=None, paused_until=None, answer="")
        changed = healthy if on else replace(found, state="off")
        store.webhooks.put_endpoint(changed)
    return changed


def remove_endpoint(store: Store, tenant: str, endpoint: str) -> None:
    """Forget an endpoint, its queue and its log."""
    with store.transaction():
        get_endpoint(store, tenant, endpoint)
        store.webhooks.remove_endpoint(tenant, endpoint)


def try_endpoint(store: Store, tenant: str, endpoint: str) -> str:
    """Queue a message that says nothing but that it arrives; its name."""
    found = get_endpoint(store, tenant, endpoint)
    if found.state == "off":
        raise MisuseError(f"endpoint {endpoint} is off: nothing is sent to it; switch it on first")
    content = (secrets.token_hex(8),)
    news = News(tenant, ENDPOINT_TESTED, endpoint, content, {"endpoint": endpoint}, endpoint)
    announce(store, [news])
    return news.message


def get_endpoint(store: Store, tenant: str, endpoint: str) -> Endpoint:
    """An endpoint of an account.

    Raises
    ------
    MissingRowError
        When the account has none of that name.
    """
    found = store.webhooks.find_endpoint(tenant, endpoint)
    if found is None:
        raise MissingRowError(f"there is no endpoint {endpoint}; list them: entrepost webhooks list")
    return found


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secrets_at(endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    """The secrets that sign at an instant."""
    former = endpoint.former_secret and endpoint.former_until is not None and now < endpoint.former_until
    return (endpoint.secret, endpoint.former_secret) if former else (endpoint.secret,)


def check_url(url: str) -> str:
    """The URL, or a word what is wrong with it; whether it may be reached is seen when something is sent."""
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= URL_MOST
    try:
        parts = urlsplit(url)
        sound = plain and parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        sound = False
    if not sound:
        raise MisuseError("the URL of an endpoint is written as https://hooks.example.org/path, in ASCII, without user")
    return url


def check_kinds(kinds: Collection[str]) -> tuple[str, ...]:
    """Kinds of messages in their order, or a word which one is none."""
    unknown = sorted(set(kinds) - KINDS.keys())
    if unknown:
        raise MisuseError(f"there is no kind {unknown[0]!r}; give some of {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if kind in kinds)


def check_secret(secret: str) -> str:
    """A secret of somebody's own: 24 to 64 bytes, as Standard Webhooks demands."""
    try:
        content = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        content = b""
    if not secret.startswith(SECRET_PREFIX) or not 24 <= len(content) <= 64:
        raise MisuseError("a secret is whsec_ and 24 to 64 random bytes in base64; leave it out to have one made")
    return secret
