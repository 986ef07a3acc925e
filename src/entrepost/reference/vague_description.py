"""Descriptions that tell customs nothing: each is refused where it is all that is said of an article."""

from __future__ import annotations

from functools import cache

from entrepost.reference.table import read_dated


@cache
def list_vague() -> tuple[str, ...]:
    """Every vague description, in small letters."""
    return tuple(read_dated("vague_descriptions", "description").keys())
