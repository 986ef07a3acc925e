"""What is signed and how that is checked: the scheme of Standard Webhooks, over bytes, beside the name of a key.

References
----------
Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks: HMAC-SHA256 over `id.timestamp.body`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from entrepost.base.errors import UnknownCallerError
from entrepost.operations.exchanging.transport import INTERCHANGE, RECEIPT, Kind, Transmission
from entrepost.operations.partner_key_store import PartnerKey
from entrepost.operations.partner_keys import REFUSED

KEY, ID, TIMESTAMP, SIGNATURE = "entrepost-key", "webhook-id", "webhook-timestamp", "webhook-signature"
NAMED = re.compile(r"(interchange|receipt):([A-Za-z0-9_-]{1,80})")
SECONDS_MOST = 300
"""What was signed longer ago, or so much later, is taken for a replay, as Standard Webhooks recommends."""
SIGNATURES_MOST = 10


def sign(key: PartnerKey, transmission: Transmission, now: datetime) -> dict[str, str]:
    """The headers of a transmission: of what kind it is stands in its signed name."""
    name, second = f"{transmission.kind}:{transmission.transmission_id}", str(int(now.timestamp()))
    signed = base64.b64encode(_digest(key, name, second, transmission.body)).decode()
    return {KEY: key.sent_name, ID: name, TIMESTAMP: second, SIGNATURE: f"v1,{signed}"}


def check_time(headers: Mapping[str, str], now: datetime) -> None:
    """See to it that something was signed just now, before any of its body is read.

    Raises
    ------
    UnknownCallerError
        When it was not.
    """
    told = headers.get(TIMESTAMP, "")
    if not re.fullmatch(r"[0-9]{1,12}", told) or not NAMED.fullmatch(headers.get(ID, "")):
        raise UnknownCallerError(REFUSED)
    apart = now.timestamp() - int(told)
    if abs(apart) > SECONDS_MOST:
        which = "ago" if apart > 0 else "from now"
        raise UnknownCallerError(f"it was signed {abs(apart):,.0f} s {which}; set the clock, and sign it again")


def verify(key: PartnerKey, headers: Mapping[str, str], body: bytes) -> Transmission:
    """What was sent, by whom whose key it is; one signature of several is enough.

    Raises
    ------
    UnknownCallerError
        When none of its signatures is that of the key.
    """
    named = NAMED.fullmatch(headers.get(ID, ""))
    if named is None:
        raise UnknownCallerError(REFUSED)
    expected = _digest(key, headers[ID], headers.get(TIMESTAMP, ""), body)
    given = headers.get(SIGNATURE, "").split(" ")[:SIGNATURES_MOST]
    if not any(hmac.compare_digest(expected, _decode(each)) for each in given):
        raise UnknownCallerError(REFUSED)
    kind: Kind = RECEIPT if named[1] == RECEIPT else INTERCHANGE
    return Transmission(named[2], key.partner, key.own, kind, body)


def _digest(key: PartnerKey, name: str, second: str, body: bytes) -> bytes:
    return hmac.digest(key.secret.encode(), b".".join((name.encode(), second.encode(), body)), hashlib.sha256)


def _decode(given: str) -> bytes:
    version, _, text = given.partition(",")
    try:
        return base64.b64decode(text, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
