"""The event-driven kernel: items in the order of time through their steps, first come first served.

Hours are indices of a timeline (`journey.calendars`); the meanings of the steps are those of
`journey.step`. An hour beyond the timeline is `NEVER`.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.kernel_draws import (
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
    mix,
    round_evenly,
)
from entrepost.planning.kernel_tables import (
    ABSENT,
    CLEAR,
    DELIVER,
    EDG,
    EDH,
    EMG,
    EMH,
    EMI,
    NO_CODE,
    PROHIBITED,
    RIDE,
    WORK,
    Course,
)

NEVER = 1 << 30
HOUR_US = 3_600_000_000
COLLECT_HOURS = 72
"""An item that is ready for pick-up is collected within so many hours, evenly (assumed)."""


@nb.njit(cache=True)
def run(course: Course) -> None:
    """Carry all items through their steps; `course.items` stand in the order of their start."""
    items = course.items
    position = items["first"].copy()
    heap = np.empty(items.size + 1, dtype=np.int64)
    for item in range(items.size):
        heap[item] = (np.int64(items[item]["start"]) << 32) | item  # ascending, so already a heap
    waiting = items.size
    limit = course.calendars.before.shape[1] - 1
    while waiting:
        top = heap[0]
        hour, item = top >> 32, top & 0xFFFFFFFF
        number = course.stops[position[item]]
        position[item] += 1
        after = pass_step(course, item, number, hour)
        if after <= limit and position[item] < items[item]["last"]:
            sift_down(heap, waiting, (after << 32) | item)
        else:
            waiting -= 1
            if waiting:
                sift_down(heap, waiting, heap[waiting])


@nb.njit(cache=True)
def spoil_runs(runs: NDArray[Any], seed: np.uint64, offloaded: float, late: float, late_hours: int) -> None:
    """Draw which dated departures carry no mail and which leave late, once for all items."""
    for row in range(runs.size):
        key = mix(seed, runs[row]["key"])
        runs[row]["offloaded"] = draw(key, OFFLOADED) < offloaded
        even = draw(key, LATE)
        if even < late:
            runs[row]["late"] = 1 + int(even / late * late_hours)


@nb.njit(cache=True)
def sift_down(heap: NDArray[np.int64], size: int, value: int) -> None:
    """Replace the top of a binary heap."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = value


@nb.njit(cache=True)
def pass_step(course: Course, item: int, number: int, hour: int) -> int:
    """The hour at which an item is through a step, or NEVER where its journey ends."""
    kind = course.steps[number]["kind"]
    if kind == WORK:
        return pass_work(course, item, number, hour)
    if kind == RIDE:
        return pass_ride(course, item, number, hour)
    if kind == CLEAR:
        return pass_clearance(course, item, number, hour)
    if kind == DELIVER:
        return pass_delivery(course, item, number, hour)
    send(course, item, number, course.steps[number]["sends"], hour, 0)
    send(course, item, number, course.steps[number]["then"], hour, 0)
    return hour


@nb.njit(cache=True)
def pass_work(course: Course, item: int, number: int, hour: int) -> int:
    """Work at a facility, in its open hours and within its throughput."""
    step = course.steps[number]
    key = mix(course.items[item]["key"], step["key"])
    if draw(key, LOST) < step["lost"]:
        return NEVER
    slow = slow_factor(course, step["shared"], hour, course.chances.facility_slow)
    hours = draw_hours(course, item, key, step, hour, slow)
    done = finish(course, step["hours"], hour, hours, step["queue"])
    if done < NEVER:
        send(course, item, number, step["sends"], done, 0)
    return done


@nb.njit(cache=True)
def pass_clearance(course: Course, item: int, number: int, hour: int) -> int:
    """Customs: a channel, its hours, and what customs decides."""
    step = course.steps[number]
    key = mix(course.items[item]["key"], step["key"])
    even = draw(key, CHANNEL)
    chosen = step["first"]
    while chosen + 1 < step["last"] and even >= course.channels[chosen]["upto"]:
        chosen += 1
    channel = course.channels[chosen]
    slow = slow_factor(course, step["shared"], hour, course.chances.country_slow)
    hours = draw_hours(course, item, key, channel, hour, slow)
    done = finish(course, channel["hours"], hour, hours, -1)
    if channel["held"]:
        send(course, item, number, step["held"], course.calendars.reopens[channel["hours"], hour], channel["held"])
    if done >= NEVER:
        return NEVER
    if channel["refused"]:
        send(course, item, number, step["refused"], done, PROHIBITED)
        return NEVER
    send(course, item, number, step["sends"], done, 0)
    send(course, item, number, step["then"], done, 0)
    return done


@nb.njit(cache=True)
def pass_ride(course: Course, item: int, number: int, hour: int) -> int:
    """The first departure that is not missed, not offloaded and not full; then the travel."""
    step = course.steps[number]
    key = mix(course.items[item]["key"], step["key"])
    boarding = first_boarding(course, step["first"], step["last"], hour)
    if boarding < step["last"]:
        boarding += draw_missed(course, key, boarding)
    if course.chances.capacities:
        weight_g = course.items[item]["weight_g"]
        while boarding < step["last"] and not has_room(course.runs[course.boardings[boarding]["run"]], weight_g):
            boarding += 1
    if boarding >= step["last"]:
        return NEVER
    run = course.runs[course.boardings[boarding]["run"]]
    run["free_g"] -= course.items[item]["weight_g"]
    leaves: int = run["leaves"] + run["late"]
    send(course, item, number, step["sends"], leaves, 0)
    odds = course.boardings[boarding]["odds"] + course.items[item]["regime"]
    arrives = leaves + draw_from(course, odds, draw(key, HOURS))
    if arrives >= course.calendars.before.shape[1]:
        return NEVER
    send(course, item, number, step["then"], arrives, 0)
    return arrives


@nb.njit(cache=True)
def has_room(run: Any, weight_g: int) -> bool:
    """Whether a dated departure carries mail and still has room for this weight."""
    return not run["offloaded"] and run["free_g"] >= weight_g


@nb.njit(cache=True)
def first_boarding(course: Course, first: int, last: int, hour: int) -> int:
    """The first boarding whose cutoff is not before an hour, by bisection."""
    while first < last:
        middle = (first + last) // 2
        if course.boardings[middle]["cutoff"] < hour:
            first = middle + 1
        else:
            last = middle
    return first


@nb.njit(cache=True)
def draw_missed(course: Course, key: np.uint64, boarding: int) -> int:
    """How many departures a ready item misses for other reasons than capacity."""
    even = draw(key, MISSED)
    if course.chances.missed >= 0:
        return 1 if even < course.chances.missed else 0
    twice = course.boardings[boarding]["twice"]
    if even < twice:
        return 2
    return 1 if even < twice + course.boardings[boarding]["once"] else 0


@nb.njit(cache=True)
def pass_delivery(course: Course, item: int, number: int, hour: int) -> int:
    """To the delivery office, then rounds until it is handed over; twice failed it is laid ready."""
    step = course.steps[number]
    key = mix(course.items[item]["key"], step["key"])
    if draw(key, LOST) < step["lost"]:
        return NEVER
    slow = slow_factor(course, step["shared"], hour, course.chances.country_slow)
    office = hour + draw_hours(course, item, key, step, hour, slow)
    if office >= course.calendars.before.shape[1]:
        return NEVER
    send(course, item, number, EMG, office, 0)
    attempt = go_round(course, item, number, office, key)
    failures = 2 if draw(key, PICKUP) < step["pickup"] else 0
    while attempt < NEVER and failures < 2:
        key = mix(key, np.uint64(failures))
        if draw(key, FAILED) >= step["failed"]:
            send(course, item, number, EMI, attempt, 0)
            return attempt
        send(course, item, number, EMH, attempt, ABSENT)
        failures += 1
        if failures < 2:
            attempt = go_round(course, item, number, attempt, key)
    if attempt < NEVER:
        send(course, item, number, EDH, attempt, 0)
        send(course, item, number, EMI, attempt + 1 + int(draw(key, COLLECTED) * COLLECT_HOURS), 0)
    return attempt


@nb.njit(cache=True)
def go_round(course: Course, item: int, number: int, hour: int, key: np.uint64) -> int:
    """The hour of the attempt in the first delivery round that starts at or after an hour."""
    calendars, calendar = course.calendars, course.steps[number]["hours"]
    which = calendars.round_of[calendar, hour]
    if which >= calendars.round_from.shape[1] or calendars.round_to[calendar, which] == 0:
        return NEVER
    opens, closes = calendars.round_from[calendar, which], calendars.round_to[calendar, which]
    send(course, item, number, EDG, opens, 0)
    return int(opens) + 1 + int(draw(key, ROUND) * (closes - opens))


@nb.njit(cache=True)
def slow_factor(course: Course, shared: np.uint64, hour: int, share: float) -> float:
    """By how much work takes longer that begins at a place or in a country on this day."""
    if share <= 0:
        return 1.0
    day = np.uint64((course.chances.first_hour + hour) // 24)
    even = draw(mix(mix(course.chances.seed, shared), day), SLOW_DAY)
    return course.chances.slow_factor if even < share else 1.0


@nb.njit(cache=True)
def draw_hours(course: Course, item: int, key: np.uint64, timed: Any, hour: int, slow: float) -> int:
    """Whole hours of a step or channel begun at an hour: by the week's regime and the day's calendar."""
    variant = course.calendars.variant[timed["hours"], hour]
    number = timed["odds"] + course.items[item]["regime"] * timed["variants"] + variant
    hours = draw_from(course, number, draw(key, HOURS))
    return hours if slow == 1.0 else round_evenly(hours * slow, draw(key, ROUNDING))


@nb.njit(cache=True)
def draw_from(course: Course, number: int, even: float) -> int:
    """The whole hours that belong to an even draw, by bisection in a cumulated distribution."""
    begin = course.odds.first[number]
    first, last = begin, course.odds.first[number + 1] - 1
    while first < last:
        middle = (first + last) // 2
        if course.odds.cumulated[middle] > even:
            last = middle
        else:
            first = middle + 1
    return int(first - begin)


@nb.njit(cache=True)
def finish(course: Course, calendar: int, hour: int, hours: int, queue: int) -> int:
    """The end of so many open hours after an hour; later where the facility finishes no more in that one."""
    calendars = course.calendars
    before = calendars.before[calendar, hour]
    slot = before + hours
    if queue >= 0 and slot < course.queues.room.shape[1]:
        slot = take_slot(course, queue, slot)
    if slot == before:
        done = int(calendars.reopens[calendar, hour])
    elif slot <= calendars.done.shape[1]:
        done = int(calendars.done[calendar, slot - 1])
    else:
        return NEVER
    return done if done < calendars.before.shape[1] else NEVER


@nb.njit(cache=True)
def take_slot(course: Course, queue: int, slot: int) -> int:
    """The first open hour from `slot` on in which a facility can still finish an item; it is counted there."""
    limit, used, room = course.queues
    while room[queue, slot] != slot:
        room[queue, slot] = room[queue, room[queue, slot]]
        slot = room[queue, slot]
    if slot + 1 < room.shape[1]:
        used[queue, slot] += 1
        if used[queue, slot] >= limit[queue]:
            room[queue, slot] = slot + 1
    return slot


@nb.njit(cache=True)
def send(course: Course, item: int, number: int, code: int, hour: int, reason: int) -> None:
    """Send a scan: somewhere within the hour, not before the item's last; or it goes missing."""
    if code == NO_CODE or hour >= NEVER:
        return
    row, step, log = course.items[item], course.steps[number], course.log
    place = step["then_place"] if code == step["then"] else step["place"]
    key = mix(mix(row["key"], step["key"]), np.uint64(64 + code))
    time = (course.chances.first_hour + hour) * HOUR_US - int(draw(key, WITHIN_HOUR) * 3600) * 1_000_000
    time = max(time, log.latest[item])
    log.latest[item] = time
    if time > row["until"] or draw(key, UNSCANNED) < course.chances.unscanned[place, code]:
        return
    delay = -np.log(1 - draw(key, REPORT)) * course.chances.report_hours[place]
    event = log.events[row["room"] + log.sent[item]]
    event["time"] = time
    event["recorded"] = time + int(delay * 3600) * 1_000_000
    event["item"], event["place"], event["code"], event["reason"] = item, place, code, reason
    log.sent[item] += 1
