"""The promises of an hour that a process of its own worked out are those that are worked out here."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from entrepost.api.hour_apart import compile_hour_apart
from entrepost.base.clock import to_hour
from entrepost.journey.hourly import HourBook, compile_hour
from entrepost.network.feed import write_network
from tests.operations.shop import NOW
from tests.worlds import one_warehouse, two_offices

HOUR = to_hour(NOW) + 1


def test_an_hour_made_apart_promises_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    network, rests = one_warehouse(), []
    write_network(network, tmp_path)
    with caplog.at_level(logging.WARNING):
        apart = compile_hour_apart(str(tmp_path), lambda: False)(network, HOUR, lambda: rests.append(1))
    assert _all_promises(apart) == _all_promises(compile_hour(network, HOUR))
    assert rests
    assert not caplog.records


def test_where_the_folder_has_another_network_by_now_the_served_one_is_asked_here(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    network = one_warehouse()
    write_network(two_offices(), tmp_path)
    with caplog.at_level(logging.WARNING):
        found = compile_hour_apart(str(tmp_path), lambda: False)(network, HOUR, lambda: None)
    assert _all_promises(found) == _all_promises(compile_hour(network, HOUR))
    assert any("made in a thread" in each for each in caplog.messages)


def test_a_server_that_stops_waits_for_no_hour(tmp_path: Path) -> None:
    write_network(one_warehouse(), tmp_path)

    def rest() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        compile_hour_apart(str(tmp_path), lambda: True)(one_warehouse(), HOUR, rest)


def _all_promises(book: HourBook) -> list[object]:
    numbers = range(len(book.plain))
    return [
        book.hour,
        *(book.promise(number) for number in numbers),
        *(book.promise(number, 3, HOUR + 90) for number in numbers),
    ]
