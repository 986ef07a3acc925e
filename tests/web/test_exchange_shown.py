"""What partners need of somebody: alarms first, each thing leads to its page, and what is nothing is not listed."""

from __future__ import annotations

from datetime import timedelta

from entrepost.operations.exchange_needs import Needs
from entrepost.operations.exchange_records import ExchangeAlarm
from entrepost.web.exchange_shown import list_needs
from entrepost.web.listing import Cell
from tests.operations.shop import NOW


def told(needs: Needs, open_lists: dict[str, int] | None = None) -> list[tuple[str, str, str]]:
    rows = list_needs(needs, open_lists, NOW).rows
    cells = [(row[0], str(row[1])) for row in rows if isinstance(row[0], Cell)]
    return [(str(cell.text), cell.href, count) for cell, count in cells]


def test_an_alarm_comes_first_and_says_since_when() -> None:
    alarm = ExchangeAlarm("main", "a", "USA", "EMSEVT", "volume", "900 messages", NOW - timedelta(hours=3))
    listed = list_needs(Needs((alarm,), dead=1_200), {}, NOW)
    assert [row[1] for row in listed.rows] == ["1", "1,200"]
    cell = listed.rows[0][0]
    assert (cell.text, cell.note) == ("Partner sends too much", "USA EMSEVT: 900 messages, noticed 3.0 h ago")


def test_each_thing_leads_to_where_it_is_taken_care_of() -> None:
    assert told(Needs(late=2, strange=3, refused_there=4), {"dispatch_serial_missing": 5}) == [
        ("Interchanges without a receipt for a day", "/messages", "2"),
        ("Interchanges that were refused", "/messages?view=refused", "3"),
        ("Messages that partners refused", "/messages?view=refused-there", "4"),
        ("Missing serials", "/messages/open#dispatch_serial_missing-head", "5"),
    ]


def test_where_nothing_needs_somebody_that_is_said() -> None:
    listed = list_needs(Needs(), None, NOW)
    assert (listed.rows, listed.empty.startswith("Nothing needs somebody")) == ((), True)
