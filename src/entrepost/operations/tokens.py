"""Secrets that are shown once: made from 256 random bits, kept as a hash, and told by their form what they are."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

SECRET_BYTES = 32
LENGTH_MAX = 600
"""No token of ours is longer: what is longer is not even looked at."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is shown once: what it is for, the account, a name that may be known, and the secret."""

    use: str
    tenant: str
    name: str
    secret: str

    def __str__(self) -> str:
        account = base64.urlsafe_b64encode(self.tenant.encode()).decode().rstrip("=")
        return ".".join((f"ep{self.use}", account, self.name, self.secret))

    @property
    def hash(self) -> str:
        """What is kept of the secret; it has 256 random bits, so no slow hash is needed."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def fits(self, kept: str) -> bool:
        """Whether the secret is the one of that hash; how long it takes tells nothing."""
        return hmac.compare_digest(self.hash, kept)


def new_token(use: str, tenant: str, name: str = "") -> Token:
    """A token with a new secret."""
    return Token(use, tenant, name, secrets.token_urlsafe(SECRET_BYTES))


def find_token(use: str, text: str) -> Token | None:
    """The token of that use which a text is, or None."""
    parts = text.split(".")
    if len(text) > LENGTH_MAX or len(parts) != 4 or parts[0] != f"ep{use}" or not text.isascii():
        return None
    try:
        tenant = base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Token(use, tenant, parts[2], parts[3]) if tenant and "\0" not in tenant else None
