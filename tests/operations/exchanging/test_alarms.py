"""A partner is missed when it is improbably silent, and noticed when it sends improbably much, by its own history."""

from __future__ import annotations

import math
import random
from datetime import timedelta

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.exchange_records import ExchangeAlarm
from entrepost.operations.exchanging.alarms import AlarmParams, Usual, find_odd, watch
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.rows import arrived
from tests.operations.shop import NOW, FixedClock

LAST = int(NOW.timestamp()) // 3600 - 1
WEEKS = range(LAST - 8 * 168, LAST + 1)
PARAMS = AlarmParams()


def odd(hours: dict[int, int]) -> list[str]:
    return [kind for kind, _ in find_odd(hours, NOW, PARAMS)]


def test_a_partner_that_usually_sends_every_hour_is_missed() -> None:
    steady = {hour: 4 for hour in WEEKS if hour <= LAST - 3}
    assert odd(steady) == ["silence"]
    assert odd(steady | {LAST: 6, LAST - 1: 4, LAST - 2: 5}) == []


def test_a_partner_that_never_sends_at_this_hour_is_not_missed() -> None:
    """It sends on working days alone, and today is a Saturday."""
    working = {hour: 4 for hour in WEEKS if (hour // 24 + 3) % 7 < 5}
    assert NOW.weekday() == 5
    assert odd(working) == []


def test_ten_times_the_usual_is_noticed_and_twice_a_tiny_number_is_not() -> None:
    rare = {hour: 1 for hour in WEEKS if hour % 12 == LAST % 12}
    assert odd(rare | {LAST: 3}) == []
    busy = dict.fromkeys(WEEKS, 20)
    assert odd(busy | dict.fromkeys(range(LAST - 2, LAST + 1), 200)) == ["volume"]


def test_a_partner_whose_numbers_jump_is_not_noticed_for_a_jump() -> None:
    chance = random.Random(5)
    wild = {hour: int(20 * math.exp(chance.gauss(0, 1.5))) for hour in WEEKS}
    assert odd(wild) == []


def test_of_a_new_partner_nothing_is_said() -> None:
    assert odd({LAST - 30: 500}) == []


def test_alarms_are_rare_where_nothing_is_wrong() -> None:
    """Poisson counts of one an hour, looked at 500 times: about one look in five thousand may cry wolf."""
    chance = random.Random(7)
    wolves = 0
    for _ in range(500):
        hours = {hour: sum(chance.random() < 0.25 for _ in range(4)) for hour in range(LAST - 10 * 24, LAST + 1)}
        wolves += len(odd(hours))
    assert wolves <= 2


def test_probabilities_add_up() -> None:
    usual = Usual.of([3, 5, 4, 6, 2, 4])
    assert usual.at_most(3) + usual.at_least(4) == pytest.approx(1)
    assert Usual.of([4] * 6).at_most(0) < usual.at_most(3) < usual.at_most(9) <= 1
    assert usual.at_least(60) < 1e-6
    with pytest.raises(MisuseError):
        AlarmParams(chance=0)


def test_an_alarm_is_raised_once_and_ends_when_messages_come_again() -> None:
    books = MemoryBooks(FixedClock())
    begin = NOW.replace(minute=0) - timedelta(weeks=8)
    times = [begin + timedelta(hours=number / 5) for number in range(5 * (8 * 168 - 6))]
    books.put([arrived(f"m{number:05d}", created_at=at) for number, at in enumerate(times)])
    (alarm,) = watch(books, "main")
    assert (alarm.kind, alarm.operator, alarm.message) == ("silence", "BBB", "EMSEVT")
    assert watch(books, "main") == [alarm]
    books.put([arrived(f"n{number}", created_at=NOW - timedelta(hours=number / 5 + 0.6)) for number in range(40)])
    assert watch(books, "main") == []
    assert [each.ended_at for each in books.list_with(ExchangeAlarm, "main", {})] == [NOW]
