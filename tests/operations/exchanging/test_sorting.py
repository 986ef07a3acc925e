"""What is told about a document in whatever order: the latest holds, nothing counts twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrepost.operations.exchanging.sorting import sort_out
from tests.operations.exchanging.rows import arrived
from tests.operations.shop import NOW

FIRST = arrived("a", digest="1")


def at(minutes: int, function: str, digest: str = "2", state: str = ""):  # type: ignore[no-untyped-def]
    when = NOW + timedelta(minutes=minutes)
    return arrived(f"{function} {minutes}", function=function, told_at=when, digest=digest, state=state)


@pytest.mark.parametrize(
    ("row", "others", "state"),
    [
        (at(1, "original"), [], ""),
        (at(1, "original", "1"), [FIRST], "duplicate"),
        (at(1, "original"), [FIRST], "refused"),
        (at(1, "original"), [arrived("a", digest="1", state="refused")], ""),
        (at(1, "original"), [at(5, "replace", state="applied")], "superseded"),
        (at(1, "original"), [at(5, "change", state="kept")], ""),
        (at(1, "replace"), [], ""),
        (at(1, "replace"), [FIRST], ""),
        (at(1, "replace"), [FIRST, at(1, "replace", state="applied")], "duplicate"),
        (at(1, "replace"), [FIRST, at(5, "replace", "3", "applied")], "superseded"),
        (at(9, "replace"), [FIRST, at(5, "replace", "3", "applied")], ""),
        (at(9, "replace"), [FIRST, at(5, "cancel", state="applied")], "superseded"),
        (at(1, "change"), [], "kept"),
        (at(1, "change"), [arrived("a", state="kept")], "kept"),
        (at(1, "change"), [FIRST], ""),
        (at(1, "cancel"), [], "kept"),
        (at(1, "cancel"), [FIRST], ""),
        (at(9, "cancel"), [FIRST, at(1, "cancel", "3", "applied")], "duplicate"),
        (at(1, "duplicate", "1"), [], ""),
        (at(1, "copy"), [FIRST], "duplicate"),
    ],
)
def test_every_function_meets_what_was_told_before(row, others, state) -> None:  # type: ignore[no-untyped-def]
    found, why = sort_out(row, others)
    assert found == state
    assert bool(why) == bool(state)
