"""Alarms: a partner that is silent for improbably long, or sends improbably much, by its own history.

What came in the last hours is compared with the same hours of the weeks before (of the days before, where there are few
weeks): a partner that sends only on working days is not silent on a Sunday. Counts of messages vary more than chance
alone would have it, so they are taken as negative binomial, with the spread of that history; what a short history does
not know makes them wider. There are no fixed numbers but how improbable something must be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from entrepost.base.errors import MisuseError
from entrepost.operations.exchange_records import ExchangeAlarm
from entrepost.operations.exchange_store import Books

SILENT, FLOODED = "silence", "volume"
HOUR = timedelta(hours=1)
WEEK_HOURS, DAY_HOURS = 168, 24


@dataclass(frozen=True, slots=True)
class AlarmParams:
    """How improbable something must be. All defaults are *assumed*.

    Attributes
    ----------
    chance : float
        An alarm is raised where so little, or so much, comes with at most this probability.
    windows_hours : tuple of int
        Over what times is counted; each is a look of its own.
    weeks : int
        So long a history is looked at.
    periods_least : int
        With fewer earlier windows nothing is said.
    volume_ratio : float
        Improbably much must also be so many times what is usual: who doubles a tiny number is no danger.
    """

    chance: float = 1e-4
    windows_hours: tuple[int, ...] = (3, 24)
    weeks: int = 8
    periods_least: int = 5
    volume_ratio: float = 5.0

    def __post_init__(self) -> None:
        if not 0 < self.chance < 1 or min(*self.windows_hours, self.weeks, self.periods_least) < 1:
            raise MisuseError("the chance of an alarm is between 0 and 1, windows, weeks and periods are at least 1")


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a window: the mean of earlier ones, how many they were, and how they spread."""

    mean: float
    periods: int
    variance: float

    @classmethod
    def of(cls, counts: Sequence[int]) -> Usual:
        """The sum of earlier windows."""
        mean = sum(counts) / len(counts)
        variance = sum((count - mean) ** 2 for count in counts) / max(1, len(counts) - 1)
        return cls(mean, len(counts), variance)

    @property
    def shape(self) -> float:
        """The shape of the negative binomial: the smaller, the wider.

        The history's own spread, and besides what so few windows leave open about its mean: a gamma posterior of
        Poisson counts, whose shape is the number of messages that were seen.
        """
        seen = self.mean * self.periods + 0.5
        beyond = self.variance - self.mean
        spread = self.mean**2 / beyond if beyond > 0 else math.inf
        return 1 / (1 / seen + 1 / spread)

    def at_most(self, count: int) -> float:
        """The probability that a window has at most so many."""
        return min(1.0, sum(self._mass(each) for each in range(count + 1)))

    def at_least(self, count: int) -> float:
        """The probability that a window has at least so many; far out from the far end, which is precise there."""
        if count <= self._level:
            return max(0.0, 1.0 - self.at_most(count - 1))
        total, place = 0.0, count
        while True:
            mass = self._mass(place)
            total += mass
            if mass <= total * 1e-9:
                return total
            place += 1

    @property
    def _level(self) -> float:
        """The mean, a little above nothing where nothing ever came."""
        return self.mean + 0.5 / self.periods

    def _mass(self, count: int) -> float:
        shape, level = self.shape, self._level
        log = math.lgamma(count + shape) - math.lgamma(shape) - math.lgamma(count + 1)
        log += shape * math.log(shape / (shape + level)) + count * math.log(level / (shape + level))
        return math.exp(log)


def watch(books: Books, tenant: str, params: AlarmParams | None = None) -> list[ExchangeAlarm]:
    """Raise alarms, and end those whose cause is gone; the ones that are open now."""
    params = params or AlarmParams()
    now = books.clock.now()
    since = now - timedelta(weeks=params.weeks) - timedelta(hours=max(params.windows_hours))
    by_hour: dict[tuple[str, str], dict[int, int]] = {}
    for operator, message, hour, count in books.exchange.count_hours(tenant, since):
        by_hour.setdefault((operator, message), {})[hour] = count
    found = {
        each.alarm: each
        for (operator, message), hours in by_hour.items()
        for kind, what in find_odd(hours, now, params)
        for each in [ExchangeAlarm(tenant, f"{operator} {message} {kind}", operator, message, kind, what, now)]
    }
    with books.transaction():
        books.exchange.hold(f"exchange alarms of {tenant}")
        before = {each.alarm: each for each in books.exchange.list_with(ExchangeAlarm, tenant, {})}
        open_before = {name: each for name, each in before.items() if each.ended_at is None}
        raised = [each for name, each in found.items() if name not in open_before]
        ended = [replace(each, ended_at=now) for name, each in open_before.items() if name not in found]
        books.exchange.put([*raised, *ended])
    return [open_before.get(name, each) for name, each in found.items()]


def find_odd(hours: Mapping[int, int], now: datetime, params: AlarmParams) -> Iterable[tuple[str, str]]:
    """What is odd about the messages of one type that a partner sent: the kind of the alarm, and words about it.

    `hours` has the number of messages of each whole hour from 1970 in which any came.
    """
    last = int(now.timestamp()) // 3600 - 1
    told: set[str] = set()
    for window in params.windows_hours:
        usual = _find_usual(hours, last, window, params)
        if usual is None:
            continue
        count = _count(hours, last, window)
        if SILENT not in told and count < usual.mean and usual.at_most(count) <= params.chance:
            told.add(SILENT)
            yield SILENT, f"{count:,} messages in {window} hours, {usual.mean:,.1f} are usual"
        if FLOODED not in told and count >= params.volume_ratio * usual.mean and usual.at_least(count) <= params.chance:
            told.add(FLOODED)
            yield FLOODED, f"{count:,} messages in {window} hours, {usual.mean:,.1f} are usual"


def _find_usual(hours: Mapping[int, int], last: int, window: int, params: AlarmParams) -> Usual | None:
    """The same hours of the weeks before, or of the days before where there are too few weeks."""
    first = min(hours)
    for step in (WEEK_HOURS, DAY_HOURS):
        ends = range(last - step, last - params.weeks * WEEK_HOURS, -step)
        counts = [_count(hours, end, window) for end in ends if end - window + 1 >= first and end <= last - window]
        if len(counts) >= params.periods_least:
            return Usual.of(counts)
    return None


def _count(hours: Mapping[int, int], last: int, window: int) -> int:
    return sum(hours.get(hour, 0) for hour in range(last - window + 1, last + 1))
