"""Sealed texts: AES-GCM under a key of the account, which lies in the database wrapped by a master key.

A sealed text is bound to its place, so that it cannot be put into another row. Whoever has the database alone
can read none; a new master key wraps the accounts' keys anew and leaves all texts as they are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from entrepost.base.errors import MisuseError, StoreError

KEY_BYTES, NONCE_BYTES = 32, 12
SEALED = re.compile(r"(\d+)\.([A-Za-z0-9_-]{38,})")
"""The number of the account's key; nonce, cipher text and tag."""


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """Keys that wrap the keys of accounts: the first wraps, all of them unwrap."""

    keys: tuple[bytes, ...] = field(repr=False)

    def wrap(self, key: bytes, place: str) -> str:
        """An account's key as it may lie in the database."""
        return f"{name_of(self.keys[0])}.{_encrypt(AESGCM(self.keys[0]), key, place)}"

    def unwrap(self, text: str, place: str) -> bytes:
        """The key that was wrapped.

        Raises
        ------
        StoreError
            When its master key is not among these.
        """
        name, _, body = text.partition(".")
        for key in self.keys:
            if name_of(key) == name:
                return _decrypt(AESGCM(key), body, place)
        raise StoreError(
            f"{place} is wrapped by the master key {name}, which is not there; give it after the first one"
        )

    @property
    def current(self) -> str:
        """The name of the key that wraps."""
        return name_of(self.keys[0])


@dataclass(frozen=True)
class DataKey:
    """A key of an account, and its number."""

    number: int
    key: bytes = field(repr=False)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.key)

    def seal(self, text: str, place: str) -> str:
        """The text as it is kept."""
        return f"{self.number}.{_encrypt(self._cipher, text.encode(), place)}"

    def open(self, body: str, place: str) -> str:
        """The text that was sealed."""
        return _decrypt(self._cipher, body, place).decode()

    def pseudonym(self, text: str) -> str:
        """What stands for a text: always the same for it, and nobody without the key can tell whose it is."""
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:32]


def new_key() -> bytes:
    """A key that nobody can guess."""
    return secrets.token_bytes(KEY_BYTES)


def write_key(key: bytes) -> str:
    """A key as people keep it."""
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def read_keys(text: str) -> MasterKeys:
    """Master keys, divided by blanks or line ends.

    Raises
    ------
    MisuseError
        When there is none, or one is no key; the message does not repeat it.
    """
    keys = [_bytes(word) for word in text.split()]
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise MisuseError("a master key is 32 random bytes in base64; make one: entrepost privacy new-key")
    return MasterKeys(tuple(keys))


def keep_keys(file: Path) -> MasterKeys:
    """The master keys in a file that only its owner reads; a missing one is made."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return read_keys(file.read_text(encoding="ascii"))
    with os.fdopen(handle, "w", encoding="ascii") as made:
        made.write(write_key(new_key()) + "\n")
        made.flush()
        os.fsync(made.fileno())
    return read_keys(file.read_text(encoding="ascii"))


def no_keys() -> MasterKeys:
    """There is nowhere to look for a master key.

    Raises
    ------
    MisuseError
        Always.
    """
    raise MisuseError(
        "personal data and secrets are kept encrypted: set ENTREPOST_MASTER_KEY_FILE, or ENTREPOST_MASTER_KEY; "
        "make a key: entrepost privacy new-key"
    )


def name_of(key: bytes) -> str:
    """By what a master key is known; it tells nothing of the key."""
    return hashlib.sha256(b"entrepost master key" + key).hexdigest()[:12]


MasterSource = Callable[[], MasterKeys]


def _encrypt(cipher: AESGCM, content: bytes, place: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    return write_key(nonce + cipher.encrypt(nonce, content, place.encode()))


def _decrypt(cipher: AESGCM, body: str, place: str) -> bytes:
    content = _bytes(body)
    try:
        return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise StoreError(
            f"what is sealed at {place} was changed, or belongs elsewhere; take it from a backup"
        ) from None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
