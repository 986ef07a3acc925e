"""The codes of tracking events stand in the order of the stages."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.reference.event_code import find_event_code, get_event_code, list_event_codes


def test_event_codes_follow_the_stages() -> None:
    listed = list_event_codes()
    stages = [get_event_code(code).index for code in ("EMA", "EMC", "EMD", "EMF", "EMH", "EDH", "EMI", "EDX")]
    assert len(listed) == 26
    assert [code.index for code in listed] == list(range(26))
    assert stages == sorted(stages)


def test_a_wait_ends_with_an_attempt_with_delivery_or_ready_for_pick_up() -> None:
    assert {code.code for code in list_event_codes() if code.ends_wait} == {"EMH", "EDH", "EMI"}


def test_an_unknown_event_code_is_none_or_refused() -> None:
    assert find_event_code("999") is None
    with pytest.raises(MissingRowError, match="'999' is not an event code"):
        get_event_code("999")


def test_event_codes_are_those_of_the_list(shared: Path) -> None:
    with (shared / "postal/codes/emsevt_events.csv").open(encoding="utf-8") as file:
        listed = {row["code"]: row for row in csv.DictReader(file)}
    assert set(listed) == {code.code for code in list_event_codes()}
    ranks = [int(listed[code.code]["rank"]) for code in list_event_codes()]
    assert ranks == sorted(ranks)
    assert all(listed[code.code]["leg"] == code.leg for code in list_event_codes())
