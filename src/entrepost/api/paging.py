"""Lists in pages: a cursor says where the next page begins, and means something only to us."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from entrepost.base.errors import MisuseError

PAGE, PAGE_MAX = 100, 1_000
M = TypeVar("M")

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="How many at most.")]
Cursor = Annotated[str, Query(max_length=2_000, description="Where to go on: `next_cursor` of the page before.")]


class Page(BaseModel, Generic[M]):
    """A part of a list; `next_cursor` is empty at its end."""

    data: list[M]
    next_cursor: str = ""


def cut(found: Sequence[Any], limit: int, name: Callable[[Any], Sequence[Any]]) -> tuple[Sequence[Any], str]:
    """A page of what was found, one more than its limit where there is more; and where the next one begins."""
    if len(found) <= limit:
        return found, ""
    kept = found[:limit]
    return kept, write_cursor(*name(kept[-1]))


def write_cursor(*place: Any) -> str:
    """A place in a list as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(place, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> tuple[Any, ...] | None:
    """The place that a cursor stands for, or None of an empty one; instants of it (`datetime`) stand in it as text.

    Raises
    ------
    MisuseError
        When it is none of ours.
    """
    if not cursor:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = json.loads(text)
        if isinstance(place, list):
            pairs = zip(place, kinds, strict=True)
            place = [_instant(cell) if kind is datetime and isinstance(cell, str) else cell for cell, kind in pairs]
    except (binascii.Error, ValueError, RecursionError):
        place = None
    if (
        not isinstance(place, list)
        or [type(each) for each in place] != list(kinds)
        or any("\0" in str(each) for each in place)
    ):
        raise MisuseError("the cursor is none of ours; give next_cursor of the page before, or none")
    return tuple(place)


def _instant(text: str) -> datetime:
    """An instant with its offset; raises `ValueError` where the text is none."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant without its offset")
    return found
