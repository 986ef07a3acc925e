"""The event-driven kernel: items in the order of time through their steps, first come first served.

Hours are indices of a timeline (`journey.calendars`); the meanings of the steps are those of
`journey.step`. An hour beyond the timeline is `NEVER`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.planning.simulation.compile import compiled, inlined
from entrepost.planning.simulation.draws import (
    CHANNEL,
    COLLECTED,
    FAILED,
    HOURS,
    LATE,
    LOST,
    MISSED,
    OFFLOADED,
    PICKUP,
    REPORT,
    ROUND,
    ROUNDING,
    SLOW_DAY,
    UNSCANNED,
    WITHIN_HOUR,
    draw,
    happens,
    mix,
    round_evenly,
)
from entrepost.planning.simulation.tables import (
    ABSENT,
    CLEAR,
    DELIVER,
    EDG,
    EDH,
    EMG,
    EMH,
    EMI,
    NO_CODE,
    NONE,
    PROHIBITED,
    RIDE,
    WORK,
    Calendars,
    Chances,
    Course,
    Log,
    Odds,
    Queues,
)

NEVER = 1 << 30
SECOND_US = 1_000_000
COLLECT_HOURS = 72
"""An item that is ready for pick-up is collected within so many hours, evenly (assumed)."""


@nb.njit(cache=True)
def run(course: Course) -> None:
    """Carry all items through their steps; `course.items` stand in the order of their start.

    Hour by hour, and within an hour in their order, items pass the steps that they share with others.
    A step that nobody shares is passed at once, whatever hour it takes an item to.
    """
    size, hours = course.items.size, course.calendars.before.shape[1]
    waiting = Waiting(np.full(hours, -1, dtype=np.int32), np.empty(size, dtype=np.int32))
    here = np.empty(size, dtype=np.int32)
    for item in range(size):
        wait(waiting, item, course.items[item]["start"])
    for hour in range(hours):
        count = list_waiting(waiting, hour, here)
        here[:count].sort()
        carry_all(course, waiting, here, count, hour)


class Waiting(NamedTuple):
    """Who waits for which hour: chains of items."""

    newest: NDArray[np.int32]  # of each hour the item that came last; -1: none
    older: NDArray[np.int32]  # of each item the one that came before it for the same hour


@inlined()
def wait(waiting: Waiting, item: int, hour: int) -> None:
    """Let an item wait for an hour."""
    waiting.older[item], waiting.newest[hour] = waiting.newest[hour], item


@inlined()
def list_waiting(waiting: Waiting, hour: int, here: NDArray[np.int32]) -> int:
    """Write down who waits for an hour, the last first; how many they are."""
    count, item = 0, waiting.newest[hour]
    while item >= 0:
        here[count] = item
        item = waiting.older[item]
        count += 1
    return count


@compiled()
def carry_all(course: Course, waiting: Waiting, here: NDArray[np.int32], count: int, hour: int) -> None:
    """Carry the first so many items that are here; each then waits for its next shared step."""
    for index in range(count):
        item = here[index]
        after = carry(course, course.items[item], hour)
        if after < course.calendars.before.shape[1]:
            wait(waiting, item, after)


@inlined()
def carry(course: Course, row: Any, hour: int) -> int:
    """The later hour at which an item stands before a step that it shares, or NEVER where its journey ends."""
    after = hour
    while row["at"] < row["last"] and after < course.calendars.before.shape[1]:
        step = course.steps[course.stops[row["at"]]]
        if after > hour and (step["queue"] >= 0 or (step["kind"] == RIDE and course.chances.capacities)):
            return after
        row["at"] += 1
        row["drawn"] = mix(row["key"], step["key"])
        after = pass_step(course, row, step, after)
    return NEVER


@inlined()
def pass_step(course: Course, row: Any, step: Any, hour: int) -> int:
    """The hour at which an item is through a step, or NEVER where its journey ends."""
    kind = step["kind"]
    if kind == WORK:
        return pass_work(course, row, step, hour)
    if kind == RIDE:
        return pass_ride(course, row, step, hour)
    if kind == CLEAR:
        return pass_clearance(course, row, step, hour)
    if kind == DELIVER:
        return pass_delivery(course, row, step, hour)
    send(course.log, row, step, step["sends"], hour, NONE)
    send(course.log, row, step, step["then"], hour, NONE)
    return hour


@inlined()
def pass_work(course: Course, row: Any, step: Any, hour: int) -> int:
    """Work at a facility, in its open hours and within its throughput."""
    if happens(row["drawn"], LOST, step["lost"]):
        return NEVER
    slow = slow_factor(course.chances, step["shared"], hour, course.chances.facility_slow)
    hours = draw_hours(course.calendars.variant, course.odds, row, step, hour, slow)
    done = finish(course.calendars, course.queues, step["hours"], hour, hours, step["queue"])
    if done < NEVER:
        send(course.log, row, step, step["sends"], done, NONE)
    return done


@inlined()
def pass_clearance(course: Course, row: Any, step: Any, hour: int) -> int:
    """Customs: a channel, its hours, and what customs decides."""
    even = draw(row["drawn"], CHANNEL)
    chosen = step["first"]
    while chosen + 1 < step["last"] and even >= course.channels[chosen]["upto"]:
        chosen += 1
    channel = course.channels[chosen]
    slow = slow_factor(course.chances, step["shared"], hour, course.chances.country_slow)
    hours = draw_hours(course.calendars.variant, course.odds, row, channel, hour, slow)
    done = finish(course.calendars, course.queues, channel["hours"], hour, hours, -1)
    if channel["held"]:
        opens = course.calendars.reopens[channel["hours"], hour]
        send(course.log, row, step, step["held"], opens, channel["held"])
    if done >= NEVER:
        return NEVER
    if channel["refused"]:
        send(course.log, row, step, step["refused"], done, PROHIBITED)
        return NEVER
    send(course.log, row, step, step["sends"], done, NONE)
    send(course.log, row, step, step["then"], done, NONE)
    return done


@inlined()
def pass_ride(course: Course, row: Any, step: Any, hour: int) -> int:
    """The first departure that is not missed, not offloaded and not full; then the travel."""
    boardings = course.boardings
    boarding = first_boarding(boardings, step["first"], step["last"], hour)
    if boarding < step["last"]:
        boarding += draw_missed(course.chances.missed, row["drawn"], boardings[boarding])
    if course.chances.capacities:
        while boarding < step["last"] and not has_room(course.runs[boardings[boarding]["run"]], row["weight_g"]):
            boarding += 1
    if boarding >= step["last"]:
        return NEVER
    run = course.runs[boardings[boarding]["run"]]
    run["free_g"] -= row["weight_g"]
    leaves: int = run["leaves"] + run["late"]
    send(course.log, row, step, step["sends"], leaves, NONE)
    odds = boardings[boarding]["odds"] + row["regime"]
    arrives = leaves + draw_from(course.odds, odds, draw(row["drawn"], HOURS))
    if arrives >= course.calendars.before.shape[1]:
        return NEVER
    send(course.log, row, step, step["then"], arrives, NONE)
    return arrives


@inlined()
def has_room(run: Any, weight_g: int) -> bool:
    """Whether a dated departure carries mail and still has room for this weight."""
    return not run["offloaded"] and run["free_g"] >= weight_g


@inlined()
def first_boarding(boardings: NDArray[Any], first: int, last: int, hour: int) -> int:
    """The first boarding whose cutoff is not before an hour, by bisection."""
    while first < last:
        middle = (first + last) // 2
        if boardings[middle]["cutoff"] < hour:
            first = middle + 1
        else:
            last = middle
    return first


@inlined()
def draw_missed(missed: float, key: np.uint64, boarding: Any) -> int:
    """How many departures a ready item misses for other reasons than capacity."""
    if missed >= 0:
        return 1 if happens(key, MISSED, missed) else 0
    even = draw(key, MISSED)
    if even < boarding["twice"]:
        return 2
    return 1 if even < boarding["twice"] + boarding["once"] else 0


@inlined()
def pass_delivery(course: Course, row: Any, step: Any, hour: int) -> int:
    """To the delivery office, then rounds until it is handed over; twice failed it is laid ready."""
    key = row["drawn"]
    if happens(key, LOST, step["lost"]):
        return NEVER
    slow = slow_factor(course.chances, step["shared"], hour, course.chances.country_slow)
    office = hour + draw_hours(course.calendars.variant, course.odds, row, step, hour, slow)
    if office >= course.calendars.before.shape[1]:
        return NEVER
    send(course.log, row, step, EMG, office, NONE)
    failures = 2 if happens(key, PICKUP, step["pickup"]) else 0
    attempt = go_round(course, row, step, office, key)
    while attempt < NEVER and failures < 2:
        key = mix(key, np.uint64(failures))
        if not happens(key, FAILED, step["failed"]):
            send(course.log, row, step, EMI, attempt, NONE)
            return attempt
        send(course.log, row, step, EMH, attempt, ABSENT)
        failures += 1
        if failures < 2:
            attempt = go_round(course, row, step, attempt, key)
    if attempt < NEVER:
        send(course.log, row, step, EDH, attempt, NONE)
        send(course.log, row, step, EMI, attempt + 1 + int(draw(key, COLLECTED) * COLLECT_HOURS), NONE)
    return attempt


@inlined()
def go_round(course: Course, row: Any, step: Any, hour: int, key: np.uint64) -> int:
    """The hour of the attempt in the first delivery round that starts at or after an hour."""
    calendars, calendar = course.calendars, step["hours"]
    which = calendars.round_of[calendar, hour]
    if which >= calendars.round_from.shape[1] or calendars.round_to[calendar, which] == 0:
        return NEVER
    opens, closes = calendars.round_from[calendar, which], calendars.round_to[calendar, which]
    send(course.log, row, step, EDG, opens, NONE)
    return int(opens) + 1 + int(draw(key, ROUND) * (closes - opens))


@inlined()
def slow_factor(chances: Chances, shared: np.uint64, hour: int, share: float) -> float:
    """By how much work takes longer that begins at a place or in a country on this day."""
    if share <= 0:
        return 1.0
    day = np.uint64((chances.first_hour + hour) // 24)
    even = draw(mix(mix(chances.seed, shared), day), SLOW_DAY)
    return chances.slow_factor if even < share else 1.0


@inlined()
def draw_hours(variant: NDArray[np.int32], odds: Odds, row: Any, timed: Any, hour: int, slow: float) -> int:
    """Whole hours of a step or channel begun at an hour: by the week's regime and the day's calendar."""
    number = timed["odds"] + row["regime"] * timed["variants"] + variant[timed["hours"], hour]
    hours = draw_from(odds, number, draw(row["drawn"], HOURS))
    return hours if slow == 1.0 else round_evenly(hours * slow, draw(row["drawn"], ROUNDING))


@inlined()
def draw_from(odds: Odds, number: int, even: float) -> int:
    """The whole hours that belong to an even draw, by bisection in a cumulated distribution."""
    begin = odds.first[number]
    first, last = begin, odds.first[number + 1] - 1
    while first < last:
        middle = (first + last) // 2
        if odds.cumulated[middle] > even:
            last = middle
        else:
            first = middle + 1
    return int(first - begin)


@inlined()
def finish(calendars: Calendars, queues: Queues, calendar: int, hour: int, hours: int, queue: int) -> int:
    """The end of so many open hours after an hour; later where the facility finishes no more in that one."""
    before = calendars.before[calendar, hour]
    slot = before + hours
    if queue >= 0 and slot < queues.room.shape[1]:
        slot = take_slot(queues, queue, slot)
    if slot == before:
        done = int(calendars.reopens[calendar, hour])
    elif slot <= calendars.done.shape[1]:
        done = int(calendars.done[calendar, slot - 1])
    else:
        return NEVER
    return done if done < calendars.before.shape[1] else NEVER


@inlined()
def take_slot(queues: Queues, queue: int, slot: int) -> int:
    """The first open hour from `slot` on in which a facility can still finish an item; it is counted there."""
    limit, used, room = queues
    while room[queue, slot] != slot:
        room[queue, slot] = room[queue, room[queue, slot]]
        slot = room[queue, slot]
    if slot + 1 < room.shape[1]:
        used[queue, slot] += 1
        if used[queue, slot] >= limit[queue]:
            room[queue, slot] = slot + 1
    return slot


@compiled()
def send(log: Log, row: Any, step: Any, code: np.int8, hour: int, reason: np.int8) -> None:
    """Send a scan: somewhere within the hour, not before the item's last; or it goes missing."""
    if code == NO_CODE or hour >= NEVER:
        return
    place = step["then_place"] if code == step["then"] else step["place"]
    key = mix(row["drawn"], np.uint64(64 + code))
    time = (log.first_hour + hour) * HOUR_US - int(draw(key, WITHIN_HOUR) * 3600) * SECOND_US
    time = max(time, row["latest"])
    row["latest"] = time
    if time > row["until"] or happens(key, UNSCANNED, log.unscanned[place, code]):
        return
    event = log.events[log.sent[0]]
    event["time"] = event["recorded"] = time
    if log.report_hours[place] > 0:
        event["recorded"] += int(-np.log(1 - draw(key, REPORT)) * log.report_hours[place] * 3600) * SECOND_US
    event["item"], event["place"], event["code"], event["reason"] = row["item"], place, code, reason
    log.sent[0] += 1


@nb.njit(cache=True)
def spoil_runs(runs: NDArray[Any], seed: np.uint64, offloaded: float, late: float, late_hours: int) -> None:
    """Draw which dated departures carry no mail and which leave late, once for all items."""
    for row in range(runs.size):
        key = mix(seed, runs[row]["key"])
        runs[row]["offloaded"] = draw(key, OFFLOADED) < offloaded
        even = draw(key, LATE)
        if even < late:
            runs[row]["late"] = 1 + int(even / late * late_hours)
