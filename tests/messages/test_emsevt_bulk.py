"""Events by the million: what comes of many interchanges at once is what comes of each alone."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import IncomingMessageError
from entrepost.messages import emsevt
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.emsevt_bulk import BulkReader, read_bulk
from entrepost.messages.profile import get_profile
from entrepost.messages.profiling.bulk import find_group
from tests.messages.letters import ENVELOPE, ZONES, emsevts
from tests.messages.test_emsevt import EVENT, NEW_YORK, letter

DAMAGE = [
    (b"EMD", b"EMQ"),
    (b"::139", b"::138"),
    (b"STS+1", b"STS+2"),
    (b":201'", b":203'"),
    (b":201'", b"'"),
    (b"USJFKA", b"USQQQQ"),
    (b"LOC+14", b"LOC+80"),
    (b"FTX+AAI", b"FTX+XXX"),
    (b"DTM+334:26", b"DTM+334:2A"),
    (b"DTM+137", b"DTM+138"),
    (b"BGM+23", b"BGM+24"),
    (b"CNI+2+", b"CNI+2"),
    (b"UNT+", b"UNT+1"),
    (b"UNZ+1", b"UNZ+2"),
    (b"UNH+1", b"UNH+7"),
    (b"EMSEVT:3", b"EMSEVT:4"),
    (b"UNOC:3", b"UNOA:1"),
    (b"UNB", b"UNX"),
    (b"'LOC", b"'\r\nLOC"),
    (b"LX26", b"LX\r\n26"),
    (b"LX261122017NL", b"LX261122017NL\n"),
    (b"UNZ+1+R1'", b"UNZ+1+R1"),
    (b"UNZ+1+R1'", b"UNZ+1+R1'\r\n"),
    (b"UNB", b"UNA:+.? 'UNB"),
    (b"", b""),
]
"""What may go wrong with an interchange, and what may not matter."""


def alone(name: str, data: bytes, zones: dict[str, str]) -> tuple[list[Any], list[Any]]:
    """Events and findings of one interchange, by its own door."""
    try:
        received = emsevt.read(data, zones)
    except IncomingMessageError:
        return [], [(name, "message_unreadable")]
    events = [
        (each.item_id, each.code, each.time.astimezone(UTC), each.facility, each.reason, each.recorded_at)
        for message in received.messages
        for each in (report.to_event(message.sent_at.astimezone(UTC)) for report in message.reports)
    ]
    found = [(name, each.code, each.field, each.message, each.row, each.level) for each in received.findings]
    return sorted(events), sorted(found)


def together(files: list[tuple[str, bytes]], zones: dict[str, str]) -> tuple[list[Any], list[Any]]:
    """Events and findings of many interchanges at once."""
    bulk = read_bulk(files, zones)
    names = ["item_id", "code", "time", "facility", "reason", "recorded_at"]
    found = [
        (each.subject, each.code)
        if each.code == "message_unreadable"
        else (each.subject, each.code, each.field, each.message, each.row, each.level)
        for each in bulk.findings
    ]
    return sorted(bulk.events.select(names).rows()), sorted(found)


@given(st.lists(st.tuples(st.lists(emsevts(), min_size=1, max_size=3), st.sampled_from(DAMAGE)), max_size=3))
@settings(max_examples=40)
def test_many_at_once_give_what_each_gives_alone(drawn: list[tuple[list[Emsevt], tuple[bytes, bytes]]]) -> None:
    files = []
    for number, (messages, damage) in enumerate(drawn):
        data = emsevt.write(messages, ENVELOPE, ZONES)
        files.append((f"file {number}", data.replace(b"?", b"").replace(*damage, 1) if damage[0] else data))
    expected = [alone(name, data, ZONES) for name, data in files]
    events, found = together(files, ZONES)
    assert events == sorted(event for each, _ in expected for event in each)
    assert found == sorted(finding for _, each in expected for finding in each)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_regular_interchange_with_one_fault_gives_the_same_by_both_doors(damage: tuple[bytes, bytes]) -> None:
    attempt = (
        "CNI+2+LX261122017NL'STS+1+EMH::139+16::139'DTM+334:2611231640:201'FTX+AAI++B::139+LATER'LOC+14+USJFKA::139'"
    )
    lost = attempt.replace("CNI+2", "CNI+3").replace("FTX+AAI++B::139+LATER'", "")
    data = letter(EVENT, attempt, lost, EVENT).replace(*damage) if damage[0] else letter(EVENT, attempt, lost)
    assert together([("file", data)], NEW_YORK) == alone("file", data, NEW_YORK)


def test_a_finding_names_file_segment_and_byte() -> None:
    good, bad = letter(EVENT, EVENT), letter(EVENT, EVENT.replace("EMD", "EMQ"), EVENT)
    bulk = read_bulk([("good.edi", good), ("bad.edi", bad), ("none.edi", b"hello")], NEW_YORK)
    first, second = bulk.findings
    assert (first.subject, first.code, first.row) == ("bad.edi", "message_code_unknown", 11)
    assert bad[first.offset :].startswith(b"STS+1+EMQ")  # type: ignore[attr-defined]
    assert (second.subject, second.code) == ("none.edi", "message_unreadable")
    assert bulk.events.get_column("file").to_list() == [0, 0, 1, 1]
    assert bulk.zones == {"USJFKA": "America/New_York"}


@pytest.mark.parametrize(
    "local", ["2611010130", "2603080230", "2603080159", "2603080300", "2602300000", "9902280000", "2611012400"]
)
def test_clocks_that_change_are_read_alike_by_both_doors(local: str) -> None:
    data = letter(EVENT.replace("2611230640", local))
    assert together([("file", data)], NEW_YORK) == alone("file", data, NEW_YORK)


def test_a_reader_remembers_what_it_met_and_says_the_same_again() -> None:
    reader = BulkReader(NEW_YORK)
    batches = [reader.read([("a", letter(EVENT))]), reader.read([("b", letter(EVENT.replace("EMD", "EMF")))])]
    assert [each.events.get_column("code").to_list() for each in batches] == [["EMD"], ["EMF"]]
    assert reader.read([]).events.height == 0


def test_an_interchange_with_released_signs_is_read_all_the_same() -> None:
    signed = EVENT.replace("LOC+14", "NAD+ST+++J. O?'NEIL'LOC+14")
    assert read_bulk([("file", letter(signed)), ("other", letter(EVENT))], NEW_YORK).events.height == 2


def test_our_profile_is_read_as_columns() -> None:
    assert find_group(get_profile("EMSEVT")) is not None, "otherwise a million events take twenty times as long"
