"""Passwords, kept as argon2id hashes that take memory and time to guess."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from entrepost.base.errors import MisuseError

LENGTH_MIN, LENGTH_MAX = 12, 200
AT_ONCE = 2
"""So many passwords are hashed at the same time: more would take the machine's memory."""

_TURNS = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class PasswordParams:
    """What a guess costs; the defaults are the second recommendation of RFC 9106, section 4."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


def hash_password(password: str, params: PasswordParams) -> str:
    """What is kept of a password.

    Raises
    ------
    MisuseError
        When it is too short or too long.
    """
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise MisuseError(f"a password has {LENGTH_MIN} to {LENGTH_MAX} characters; a sentence is easy to remember")
    with _TURNS:
        return _hasher(params).hash(password)


def fits(password: str, kept: str, params: PasswordParams) -> bool:
    """Whether it is the password of which that was kept; without any, the answer takes as long."""
    with _TURNS:
        try:
            return _hasher(params).verify(kept or _nobodys(params), password[: LENGTH_MAX + 1]) and bool(kept)
        except (VerifyMismatchError, InvalidHashError):
            return False


def is_outdated(kept: str, params: PasswordParams) -> bool:
    """Whether a hash was made by other parameters, and is to be made anew when its password is known."""
    return _hasher(params).check_needs_rehash(kept)


@lru_cache(maxsize=8)
def _hasher(params: PasswordParams) -> PasswordHasher:
    return PasswordHasher(time_cost=params.passes, memory_cost=params.memory_kib, parallelism=params.lanes)


@lru_cache(maxsize=8)
def _nobodys(params: PasswordParams) -> str:
    return _hasher(params).hash("nobody's password")
