"""Keys by which operators know one another over HTTPS: one for each partner and direction, which signs and stays.

Who is to receive makes a key and hands it to the partner once, by another way. It has a name, which is sent with every
request and finds account and partner, and a secret, which only signs. A key is turned by making another one: the
former one holds for some days beside it, so that nothing is missed while the partner changes over.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import datetime, timedelta

from entrepost.base.errors import MissingRowError, MisuseError, UnknownCallerError
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.partner_key_store import KeyBook, PartnerKey
from entrepost.operations.records import name_by_time
from entrepost.operations.store import Store
from entrepost.operations.tokens import Token, find_token, new_token

IN, OUT = "in", "out"
USE = "x"
FORMER_DAYS = 7
"""For so long the former key of a partner holds beside the new one (assumed)."""
NAME = re.compile(r"epx\.[A-Za-z0-9_-]{1,400}\.[0-9a-f]{1,64}")
REFUSED = "the request is signed by no key that holds; send entrepost-key, webhook-id, -timestamp and -signature"


def make_partner_key(
    store: Store, by: Caller, own: str, partner: str, days: float = FORMER_DAYS
) -> tuple[PartnerKey, str]:
    """A new key by which a partner signs what it sends to us; and its text, which nobody can show again.

    The keys that the partner has for us hold for so many days more.
    """
    now = store.clock.now()
    token = new_token(USE, by.tenant, name_by_time(now))
    made = PartnerKey(by.tenant, token.name, IN, own, partner, _sent_name(token), token.secret, by.who, now)
    _put(store, by, made, now + timedelta(days=days), "partner key made")
    return made, str(token)


def take_partner_key(store: Store, by: Caller, own: str, partner: str, text: str) -> PartnerKey:
    """Sign what goes to a partner by the key that it made for us, from now on.

    Raises
    ------
    MisuseError
        When the text is no key of a partner.
    """
    token, now = find_token(USE, text.strip()), store.clock.now()
    if token is None or not NAME.fullmatch(_sent_name(token)):
        raise MisuseError("that is no key of a partner; it begins with epx. and has three points in it")
    taken = PartnerKey(by.tenant, token.name, OUT, own, partner, _sent_name(token), token.secret, by.who, now)
    _put(store, by, taken, now, "partner key taken")
    return taken


def end_partner_key(store: Store, by: Caller, key: str) -> PartnerKey:
    """Let a key hold no longer; raises `MissingRowError` where the account has none of that name."""
    with store.transaction():
        found, now = store.partner_keys.find(by.tenant, key), store.clock.now()
        if found is None:
            raise MissingRowError(f"the account has no partner key {key}; list them: entrepost exchange keys")
        ended = replace(found, until=now) if holds_at(found, now) else found
        store.partner_keys.put(ended)
        write_down(store, by.tenant, by.who, "partner key ended", key, f"{found.direction} {found.partner}")
    return ended


def find_outward(book: KeyBook, tenant: str, own: str, partner: str) -> PartnerKey | None:
    """By what is signed what goes to a partner: the key that was taken last."""
    now = book.clock.now()
    mine = [each for each in book.partner_keys.list_all(tenant) if (each.own, each.partner) == (own, partner)]
    return next((each for each in reversed(mine) if each.direction == OUT and holds_at(each, now)), None)


def find_inward(book: KeyBook, tenant: str, sent_name: str) -> PartnerKey:
    """The key by which something says that it is signed.

    Raises
    ------
    UnknownCallerError
        When there is none, or it holds no longer; the message is always the same.
    """
    found = book.partner_keys.find(tenant, sent_name.rpartition(".")[2])
    if found is None or found.direction != IN or found.sent_name != sent_name or not holds_at(found, book.clock.now()):
        raise UnknownCallerError(REFUSED)
    return found


def account_of(sent_name: str) -> str:
    """The account of which a key says that it is; raises `UnknownCallerError` where it is no name of a key."""
    token = find_token(USE, f"{sent_name}.-") if NAME.fullmatch(sent_name) else None
    if token is None:
        raise UnknownCallerError(REFUSED)
    return token.tenant


def signing_secret(key: PartnerKey) -> str:
    """The secret of a key as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(key.secret.encode()).decode()


def holds_at(key: PartnerKey, now: datetime) -> bool:
    """Whether a key holds at an instant."""
    return key.until is None or now < key.until


def _sent_name(token: Token) -> str:
    return str(token).rpartition(".")[0]


def _put(store: Store, by: Caller, key: PartnerKey, former_until: datetime, action: str) -> None:
    """Keep a key; those before it for the same partner and direction hold no longer than until that instant."""
    with store.transaction():
        store.records.hold(f"partner keys of {by.tenant}")
        for each in store.partner_keys.list_all(by.tenant):
            same = (each.direction, each.own, each.partner) == (key.direction, key.own, key.partner)
            if same and (each.until is None or each.until > former_until):
                store.partner_keys.put(replace(each, until=former_until))
        store.partner_keys.put(key)
        write_down(store, by.tenant, by.who, action, key.key, f"{key.direction} {key.partner}")
