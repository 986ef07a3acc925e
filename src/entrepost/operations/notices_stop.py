"""What comes back about notices: letters that could not be delivered, and tokens of who wants no more of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.findings import finding_code
from entrepost.operations.faults import FINDINGS
from entrepost.operations.notices import DEAD, TOLD
from entrepost.operations.notices_silent import UNSUBSCRIBED, key_of, mark, mark_bounced
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER

NOTICE_BOUNCED = finding_code("notice_bounced", "A notice came back: its address takes no letters; none is sent there.")
SECRET_LEAST = 16
"""A secret of fewer characters could be guessed."""


@dataclass(frozen=True, slots=True)
class Return:
    """Something that came back by mail: a letter that could not be delivered, or that somebody wants no more.

    A *bounce* names the notice, who did not get it (`addresses`) and the status that tells why; a *stop* has a token.
    """

    kind: Literal["bounce", "stop"]
    notice: str = ""
    addresses: tuple[str, ...] = ()
    status: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of returns: addresses marked, recipients who stopped it, and what was none of ours."""

    read: int = 0
    bounced: int = 0
    unsubscribed: int = 0
    ignored: int = 0


def write_token(secret: str, contact: dict[str, Any]) -> str:
    """What a recipient shows to get no more letters of a seller: signed, so that nobody can make one for others."""
    content = json.dumps([contact["tenant"], contact["seller"], key_of(contact["email"])[:32]], ensure_ascii=False)
    body = _text(content.encode())
    return f"{body}.{_text(_sign(secret, body))}"


def unsubscribe(store: Store, secret: str, token: str) -> bool:
    """Honour a token: its recipient gets no more letters of that seller. False where he had said so before.

    Raises
    ------
    MisuseError
        When the token was not signed by us, or belongs to nobody whom we could write to.
    """
    tenant, seller, begin = _read_token(check_secret(secret), token)
    keys = {key for key in _keys_of(store, tenant, seller) if key.startswith(begin)}
    known = store.find_silenced(pl.DataFrame({"tenant": [tenant] * len(keys), "address_key": sorted(keys)}))
    if not keys:
        raise MisuseError("the token belongs to nobody who is written to; there is nothing to stop")
    there = set(known.filter(pl.col("seller") == seller).get_column("address_key"))
    for key in sorted(keys - there):
        mark(store, (tenant, seller, key), UNSUBSCRIBED, "")
    return bool(keys - there)


def take_returns(store: Store, returns: Iterable[Return], secret: str = "") -> Taken:
    """Take what came back, each once however often it is read.

    A bounce counts only where it names a notice that was sent, and the address that it was sent to: so nobody can
    silence others by a letter that he wrote himself.
    """
    counts = {"read": 0, "bounced": 0, "unsubscribed": 0, "ignored": 0}
    for each in returns:
        counts["read"] += 1
        counts[_take(store, each, secret)] += 1
    return Taken(**counts)


def _take(store: Store, each: Return, secret: str) -> str:
    if each.kind == "bounce":
        return "bounced" if _take_bounce(store, each) else "ignored"
    try:
        return "unsubscribed" if secret and unsubscribe(store, secret, each.token) else "ignored"
    except MisuseError:
        return "ignored"


def _take_bounce(store: Store, each: Return) -> bool:
    with store.transaction():
        found = store.find_notices(pl.DataFrame({"notice": [each.notice]}))
        if not found.height or found.item(0, "state") not in TOLD:
            return False
        row = found.row(0, named=True)
        keys = {key_of(address) for address in each.addresses}
        for address in store.find_contacts(orders=found.select(ORDER)).get_column("email").to_list():
            if key_of(address) in keys:
                mark_bounced(store, row, address)
                _end(store, row, each.status)
                return True
    return False


def _end(store: Store, row: dict[str, Any], status: str) -> None:
    """The notice was not read by anybody: dead, with a finding that names no person."""
    answer = f"it came back: {status}"
    state = pl.DataFrame({"notice": [row["notice"]], "state": [DEAD], "told_at": [None], "answer": [answer]})
    store.set_notices(state.with_columns(pl.col("told_at").cast(INSTANT)))
    texts = {
        "code": NOTICE_BOUNCED,
        "field": row["kind"],
        "message": f"{row['kind']}: {answer}",
        "subject": f"{row['item_id']} {row['notice']}",
        "row": row["attempts"],
        "fix": "correct the order's contact; then: entrepost notices --settle NOTICE=again",
        "level": "error",
        "raw": "",
    }
    store.add_findings(pl.DataFrame([texts], schema=FINDINGS), row["tenant"], "")


def _keys_of(store: Store, tenant: str, seller: str) -> set[str]:
    contacts = store.find_contacts(tenant).filter(pl.col("seller") == seller)
    return {key_of(address) for address in contacts.get_column("email").to_list()}


def check_secret(secret: str) -> str:
    """The secret by which tokens are signed, or a word what is wrong with it."""
    if len(secret) < SECRET_LEAST:
        raise MisuseError(f"ENTREPOST_NOTICE_SECRET must have at least {SECRET_LEAST} characters that nobody can guess")
    return secret


def _read_token(secret: str, token: str) -> tuple[str, str, str]:
    body, _, signature = token.strip().partition(".")
    try:
        if hmac.compare_digest(_bytes(signature), _sign(secret, body)):
            tenant, seller, begin = json.loads(_bytes(body))
            return str(tenant), str(seller), str(begin)
    except ValueError:
        pass
    raise MisuseError("the token is none of ours; copy it whole from the letter")


def _sign(secret: str, body: str) -> bytes:
    return hmac.new(secret.encode(), f"unsubscribe {body}".encode(), hashlib.sha256).digest()[:16]


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
