"""Exceptions are assigned, noted, closed and come back, and the audit tells who did it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.audit import list_entries
from entrepost.operations.exceptions import AFFECTED, SCHEMA, Exceptions
from entrepost.operations.exceptions_desk import (
    assign,
    close,
    get_watched,
    items_behind,
    list_notes,
    name_exception,
    note,
    reopen,
    watch,
)
from entrepost.operations.exceptions_params import ExceptionParams
from entrepost.operations.people import end_person
from tests.operations.office import ANNA, HOLDER, join, office
from tests.operations.shop import NOW

ROW: dict[str, Any] = {
    "number": 1,
    "kind": "item_silent",
    "subject": "EMD DEFRAA PACKET",
    "place": "DEFRAA",
    "service": "PACKET",
    "since": NOW - timedelta(days=9),
    "chance": 1e-6,
    "items": 2,
    "item_days_saved": 12.5,
    "promises_rescued": 0.0,
    "action": "Ask Frankfurt (DEFRAA) to look for 2 items of PACKET.",
}
MISSING = ROW | {"number": 2, "kind": "departure_missing", "subject": "CNSHAA>DEFRAA"}


def found(*rows: dict[str, Any]) -> Exceptions:
    items = [
        {"number": row["number"], "tenant": "main", "seller": "shop", "item_id": f"LX{at}"}
        for row in rows
        for at in range(row["items"])
    ]
    behind = pl.DataFrame([each | {"since": NOW, "chance": 0.1} for each in items], schema=AFFECTED)
    return Exceptions(pl.DataFrame(rows, schema=SCHEMA), behind, 0.1, 10, (), ExceptionParams())


def test_an_exception_is_known_again_by_what_it_is_about() -> None:
    grown = ROW | {"number": 7, "items": 5, "since": NOW - timedelta(days=10), "chance": 0.001}
    assert name_exception(grown) == name_exception(ROW)
    later = MISSING | {"since": datetime(2026, 1, 9, tzinfo=UTC)}
    assert name_exception(later) != name_exception(MISSING), "another departure of the same leg is another one"


def test_it_is_assigned_noted_and_closed_by_somebody_who_is_in_the_audit(tmp_path: Path) -> None:
    store, now = office(tmp_path), found(ROW, MISSING)
    watched = watch(store, "main", now)[0]
    assert (watched.is_open, watched.assigned_to) == (True, "")
    assign(store, HOLDER, watched, ANNA.upper())
    note(store, HOLDER, watched, " Called Frankfurt. ")
    again = get_watched(store, "main", now, watched.exception)
    assert (again.is_open, again.assigned_to) == (True, ANNA)
    close(store, HOLDER, again, "solved", "All were found.")
    closed = get_watched(store, "main", now, watched.exception)
    assert (closed.is_open, closed.care and closed.care.reason, closed.assigned_to) == (False, "solved", ANNA)
    notes = list_notes(store, "main", watched.exception)
    assert sorted(each.text for each in notes) == ["All were found.", "Called Frankfurt."]
    told = [(each.action, each.who) for each in list_entries(store, "main") if each.subject == watched.exception]
    assert ("exception closed: solved", "terminal") in told
    assert len(told) == 4
    reopen(store, HOLDER, closed)
    assert watch(store, "main", now)[0].is_open
    assert list_notes(store, "main", watch(store, "main", now)[1].exception) == []
    assert watch(store, "other", now)[0].care is None


def test_a_closed_one_comes_back_with_more_items_or_when_it_begins_anew(tmp_path: Path) -> None:
    store = office(tmp_path)
    close(store, HOLDER, watch(store, "main", found(ROW))[0], "answered")
    assert not watch(store, "main", found(ROW | {"items": 1}))[0].is_open
    assert watch(store, "main", found(ROW | {"items": 3}))[0].is_open
    assert watch(store, "main", found(ROW | {"since": NOW + timedelta(hours=1)}))[0].is_open
    slow = ROW | {"kind": "step_slow"}
    close(store, HOLDER, watch(store, "main", found(slow))[0], "known")
    assert not watch(store, "main", found(slow | {"items": 9}))[0].is_open, "who is in a slow step changes by the hour"


def test_its_items_are_told(tmp_path: Path) -> None:
    store, now = office(tmp_path), found(ROW, MISSING)
    assert items_behind(now, watch(store, "main", now)[0])["item_id"].to_list() == ["LX0", "LX1"]


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    store, now = office(tmp_path), found(ROW)
    (watched,) = watch(store, "main", now)
    with pytest.raises(MisuseError, match="is no reason"):
        close(store, HOLDER, watched, "because")
    with pytest.raises(MisuseError, match="nobody with the address"):
        assign(store, HOLDER, watched, "bo@example.org")
    join(store, "bo@example.org", "clerk")
    end_person(store, HOLDER, "bo@example.org")
    with pytest.raises(MisuseError, match="any more"):
        assign(store, HOLDER, watched, "bo@example.org")
    with pytest.raises(MisuseError, match="a note has"):
        note(store, HOLDER, watched, " ")
    with pytest.raises(MissingRowError):
        get_watched(store, "main", now, "nonsense")
