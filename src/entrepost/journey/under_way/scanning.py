"""What histories say of scans: how often each is missed, and how late each place reports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.course import CourseTables
from entrepost.journey.under_way.milestones import Milestones
from entrepost.journey.under_way.params import EtaParams, PlaceCode, Scanning
from entrepost.journey.under_way.read import Histories

REPORTED_HOURS = 7 * 24
"""Only what happened longer ago tells how late a place reports: what is recent and late is not known yet."""


def learn_scanning(
    tables: CourseTables, found: Milestones, histories: Histories, now_hour: int, params: EtaParams
) -> Scanning:
    """The shares of missed scans and the delays that the histories show, drawn towards what is assumed.

    A milestone that lies between others that are known must have been passed: it was scanned, or missed.

    Parameters
    ----------
    tables : CourseTables
        Where the stages that were counted are.
    found : Milestones
        With what was counted.
    histories : Histories
        Whose delays are measured.
    now_hour : int
        The present, in hours since 1970.
    params : EtaParams
        What is assumed, and how strongly.
    """
    missed: dict[PlaceCode, list[float]] = {}
    course = tables.pack()
    for row in np.flatnonzero(found.passed):
        for told, seen in _told(tables, course.stages, int(row), found.seen[row]):
            sums = missed.setdefault(told, [0.0, 0.0])
            sums[0] += float(found.passed[row] - seen)
            sums[1] += float(found.passed[row])
    usual = Scanning(params)
    unscanned = {
        told: (out + params.faith * usual.usual(told[1])) / (whole + params.faith)
        for told, (out, whole) in missed.items()
    }
    return Scanning(params, unscanned, _learn_delays(tables, histories, now_hour, params))


def _told(tables: CourseTables, stages: np.ndarray, row: int, seen: np.ndarray) -> Sequence[tuple[PlaceCode, int]]:
    """The scans that tell of the end of a stage, and how often each was seen."""
    if row >= stages.size:
        return [((tables.last_names[row - stages.size], "EMG"), int(seen[0]))]
    place = list(tables.places)[stages[row]["place"]]
    found = [((place, CODES[stages[row]["code"]]), int(seen[0]))]
    if stages[row]["also"] >= 0:
        found.append(((place, CODES[stages[row]["also"]]), int(seen[1])))
    return found


def _learn_delays(tables: CourseTables, histories: Histories, now_hour: int, params: EtaParams) -> dict[str, float]:
    """The mean delay of each place's reports; hours are rounded up on both sides, which is fair on average."""
    old = np.flatnonzero((histories.hour > 0) & (histories.hour < now_hour - REPORTED_HOURS) & (histories.place >= 0))
    if not old.size:
        return {}
    places = histories.place[old]
    delays = np.maximum(histories.told[old] - histories.hour[old], 0).astype(np.float64)
    count = np.bincount(places, minlength=len(tables.places))
    total = np.bincount(places, delays, minlength=len(tables.places))
    hours = (total + params.faith * params.report_hours) / (count + params.faith)
    return {place: float(hours[number]) for place, number in tables.places.items() if count[number]}
