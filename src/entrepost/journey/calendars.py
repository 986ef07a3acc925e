"""When places work and departures leave, on a line of UTC hours: the ordinary week, or real dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS, day_hour, zone
from entrepost.base.errors import MisuseError
from entrepost.network import opening
from entrepost.network.calendar import Exceptional
from entrepost.network.departure import Departure
from entrepost.network.network import Network

_TIME = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Hours:
    """The open hours of a place, on a timeline.

    Shapes: `done` holds, for each open hour in order, the index at which it ends; `count[t]` how many
    open hours lie before index `t`; `reopens[t]` the first index at or after `t` at which it is open;
    `factors[variant[t]]` by how much work that is there at `t` takes longer than usual (slow days count
    for the hour at which it begins); `round_from` and `round_to` where the unbroken runs of open hours
    begin and end, `round_of[t]` the first of them at or after `t`. An index that lies beyond the
    timeline is its length plus one.
    """

    count: NDArray[np.int32]
    done: NDArray[np.int32]
    reopens: NDArray[np.int32]
    factors: tuple[float, ...]
    variant: NDArray[np.int32]
    round_of: NDArray[np.int32]
    round_from: NDArray[np.int32]
    round_to: NDArray[np.int32]


@dataclass(frozen=True)
class Runs:
    """The departures of a leg on a timeline, in order of their cutoffs; indices of hours."""

    cutoff: NDArray[np.int32]
    leaves: NDArray[np.int32]
    row: NDArray[np.int32]


@dataclass(frozen=True)
class Timeline:
    """A stretch of UTC hours: `first_hour` since 1970, `hours` long.

    An *ordinary* timeline repeats the network's ordinary week: its zone offsets and departures, no
    exceptional day. A *dated* one has every day as the calendar says.
    """

    network: Network
    first_hour: int
    hours: int
    ordinary: bool
    _cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def open_hours(self, text: str, time_zone: str, country: str, facility: str, activity: str) -> Hours:
        """The open hours of a place for an activity, holidays and closed days taken out."""
        key = (text, time_zone, country, facility, activity)
        if key not in self._cache:
            self._cache[key] = self._open_hours(*key)
        found: Hours = self._cache[key]
        return found

    def departures(self, rows: tuple[Departure, ...], time_zone: str) -> Runs:
        """All runs of these weekly departures whose cutoff lies on the timeline."""
        key = (tuple(row.departure for row in rows), time_zone)
        if key not in self._cache:
            self._cache[key] = self._departures(rows, time_zone)
        found: Runs = self._cache[key]
        return found

    def offsets(self, time_zone: str) -> NDArray[np.int64]:
        """Whole hours (rounded) by which local time is ahead, for every hour of the timeline."""
        if time_zone not in self._cache:
            self._cache[time_zone] = self._offsets(time_zone)
        found: NDArray[np.int64] = self._cache[time_zone]
        return found

    def exceptional_hours(self, time_zone: str, country: str, facility: str, activity: str) -> NDArray[np.bool_]:
        """Which hours of a place differ from the ordinary week: closed, slow, or another zone offset."""
        hours = np.zeros(self.hours, dtype=np.bool_)
        usual = _offset_at(time_zone, datetime.combine(self.network.ordinary_week, datetime.min.time(), UTC))
        hours |= self.offsets(time_zone) != usual
        for row in self._matching(country, facility, activity):
            hours |= self._days_mask(row, time_zone)
        return hours

    def _open_hours(self, text: str, time_zone: str, country: str, facility: str, activity: str) -> Hours:
        week = np.array(opening.parse(text))
        local = np.arange(self.first_hour, self.first_hour + self.hours) + self.offsets(time_zone)
        is_open = week[(local + 72) % WEEK_HOURS]  # 1970-01-01 was a Thursday, 72 hours into its week
        factor = np.ones(self.hours)
        if not self.ordinary:
            for row in self._matching(country, facility, activity):
                mask = self._days_mask(row, time_zone)
                if row.kind == "closed":
                    is_open = is_open & ~mask
                else:
                    factor[mask] = np.maximum(factor[mask], row.factor)
        return _hours(is_open, factor)

    def _matching(self, country: str, facility: str, activity: str) -> list[Exceptional]:
        rows = self.network.calendar_by_place
        found = (*rows.get((facility, ""), ()), *rows.get(("", country), ()))
        return [row for row in found if row.kind in ("closed", "slow") and row.activity in ("*", activity)]

    def _days_mask(self, row: Exceptional, time_zone: str) -> NDArray[np.bool_]:
        local = np.arange(self.first_hour, self.first_hour + self.hours) + self.offsets(time_zone)
        mask: NDArray[np.bool_] = (local >= day_hour(row.first_day)) & (local < day_hour(row.last_day) + 24)
        return mask

    def _offsets(self, time_zone: str) -> NDArray[np.int64]:
        if self.ordinary:
            start = datetime.combine(self.network.ordinary_week, datetime.min.time(), UTC)
            return np.full(self.hours, _offset_at(time_zone, start))
        begin = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=self.first_hour)
        days = [_offset_at(time_zone, begin + timedelta(hours=hour)) for hour in range(0, self.hours + 24, 24)]
        offsets = np.repeat(np.array(days), 24)[: self.hours]
        for day in np.flatnonzero(np.diff(days)).tolist():
            for hour in range(day * 24, min(day * 24 + 24, self.hours)):
                offsets[hour] = _offset_at(time_zone, begin + timedelta(hours=hour))
        return offsets

    def _departures(self, rows: tuple[Departure, ...], time_zone: str) -> Runs:
        runs: list[tuple[int, int, int]] = []
        for index, row in enumerate(rows):
            for leaves_at in self._local_departures(row, time_zone):
                leaves = -int(-leaves_at // 1) - self.first_hour
                cutoff = int((leaves_at - row.cutoff_hours) // 1) - self.first_hour
                if 0 <= cutoff < self.hours:
                    runs.append((cutoff, leaves, index))
        runs.sort()
        table = np.array(runs, dtype=np.int32).reshape(-1, 3)
        return Runs(*[np.ascontiguousarray(table[:, column]) for column in range(3)])

    def _local_departures(self, row: Departure, time_zone: str) -> list[float]:
        """The UTC hours since 1970 at which a departure leaves, a little beyond the timeline."""
        if self.ordinary:
            monday = self.network.ordinary_week
            first = monday + timedelta(days=row.weekday - 1)
            if not row.valid_from <= first <= row.valid_to:
                return []
            base = _departs_hour(row, first, time_zone)
            base -= (base - self.first_hour) // WEEK_HOURS * WEEK_HOURS
            weeks = self.hours // WEEK_HOURS + 3
            return [base + WEEK_HOURS * week for week in range(weeks)]
        begin = date(1970, 1, 1) + timedelta(days=self.first_hour // 24 - 2)
        days = _days_of(row, begin, self.hours // 24 + 15, self.network.calendar_by_departure.get(row.departure, ()))
        return [_departs_hour(row, day, time_zone) for day in days]


def ordinary_timeline(network: Network, horizon_hours: int) -> Timeline:
    """Two ordinary weeks of start hours and departures, then the horizon."""
    first = day_hour(network.ordinary_week)
    if network.ordinary_week.weekday() != 0:
        raise MisuseError(f"ordinary_week {network.ordinary_week} is not a Monday; correct network.toml")
    return Timeline(network, first, 2 * WEEK_HOURS + horizon_hours, ordinary=True)


def dated_timeline(network: Network, first_hour: int, last_hour: int, horizon_hours: int) -> Timeline:
    """The real dates from `first_hour` to the horizon after `last_hour`, whole days."""
    begin = first_hour // 24 * 24
    return Timeline(network, begin, last_hour - begin + horizon_hours + 24, ordinary=False)


def _days_of(row: Departure, begin: date, days: int, exceptional: Sequence[Exceptional]) -> list[date]:
    """The days, of so many from `begin` on, on which a departure leaves."""
    first = (row.weekday - begin.isoweekday()) % 7
    weekly = (begin + timedelta(days=day) for day in range(first, days, 7))
    found = {day for day in weekly if row.valid_from <= day <= row.valid_to}
    for kind, change in (("added", found.update), ("cancelled", found.difference_update)):
        for each in (each for each in exceptional if each.kind == kind):
            low, high = max(each.first_day, begin), min(each.last_day, begin + timedelta(days=days - 1))
            change(low + timedelta(days=day) for day in range((high - low).days + 1))
    return sorted(found)


def _departs_hour(row: Departure, day: date, time_zone: str) -> float:
    match = _TIME.fullmatch(row.departs)
    if match is None:
        raise MisuseError(f"departure {row.departure} leaves at {row.departs!r}; write it like 09:30")
    local = datetime(day.year, day.month, day.day, int(match[1]) % 24, int(match[2]), tzinfo=zone(time_zone))
    return local.timestamp() / 3600


def _offset_at(time_zone: str, instant: datetime) -> int:
    offset = instant.astimezone(zone(time_zone)).utcoffset() or timedelta()
    return int((offset.total_seconds() / 3600 + 0.5) // 1)


def _hours(is_open: NDArray[np.bool_], factor: NDArray[np.float64]) -> Hours:
    n = is_open.size
    opened = np.flatnonzero(is_open)
    count = np.concatenate([[0], np.cumsum(is_open)]).astype(np.int32)
    reopens = np.append(opened, n + 1)[count].astype(np.int32)
    starts = np.flatnonzero(is_open & ~np.concatenate([[False], is_open[:-1]]))
    ends = np.flatnonzero(is_open & ~np.concatenate([is_open[1:], [False]])) + 1
    if starts.size == 1 and ends[0] - starts[0] == n:  # always open: a round each day
        starts = np.arange(0, n, 24)
        ends = np.minimum(starts + 24, n)
    factors, variant = np.unique(np.append(factor, 1.0)[np.minimum(reopens, n)], return_inverse=True)
    return Hours(
        count=count,
        done=(opened + 1).astype(np.int32),
        reopens=reopens,
        factors=tuple(factors.tolist()),
        variant=variant.astype(np.int32),
        round_of=np.searchsorted(starts, np.arange(n + 1)).astype(np.int32),
        round_from=starts.astype(np.int32),
        round_to=ends.astype(np.int32),
    )
