"""What is found in the silence of items, each explained once: by a partner, by what went together, by a slow step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.journey.learning.spells import UNDER_WAY
from entrepost.journey.learning.stages import CODES
from entrepost.journey.silence import BINS, Silence, expect_silent, to_bins
from entrepost.journey.silences.drift import find_factor, weigh_drift
from entrepost.journey.silences.partners import Quiet, list_quiet
from entrepost.journey.silences.rate import find_improbable, find_threshold
from entrepost.operations.exceptions_params import ExceptionParams
from entrepost.operations.exceptions_together import LEAVES, list_together

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

PARTNER_QUIET, DISPATCH_MISSING, DEPARTURE_MISSING = "partner_quiet", "dispatch_missing", "departure_missing"
DEPARTURE_MISSED, STEP_SLOW, ITEM_SILENT = "departure_missed", "step_slow", "item_silent"
KINDS = (PARTNER_QUIET, DISPATCH_MISSING, DEPARTURE_MISSING, DEPARTURE_MISSED, STEP_SLOW, ITEM_SILENT)

LIKELY = 0.5
"""An item is counted as silent where it is rather improbable than not that nothing was heard of it yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """One exception: what it is about, where, since which hour of the timeline, how improbable, whose items.

    `facts` are what the sentence about it says besides; `extra_hours` by how much a slow step is longer, and
    `begun_a_day` how many items come into it.
    """

    kind: str
    subject: str
    place: str
    since: int
    chance: float
    items: Numbers
    facts: Mapping[str, str | int] = field(default_factory=dict)
    extra_hours: float = 0.0
    begun_a_day: float = 0.0


def find_all(silence: Silence, params: ExceptionParams, containment: pl.DataFrame) -> tuple[list[Found], float]:
    """Everything that is told, and how many of it are expected to be chance.

    What explains many items comes first; they are not looked at again: offices gone quiet, then departures and
    dispatches, then slow steps, and at last the items that none of these explains.
    """
    counted = np.ones(silence.chance.size, dtype=np.bool_)
    found = find_partners(silence, params, counted)
    found += find_together(silence, params, counted, containment)
    found += find_slow(silence, params, counted)
    false = params.false_share * len(found)
    items, expected = find_items(silence, params, counted)
    return [*found, *items], false + expected


def find_partners(silence: Silence, params: ExceptionParams, counted: Mask) -> list[Found]:
    """Offices gone quiet; the items whose next scan is to come from one of them do not count any more."""
    known = list_quiet(silence)
    told = find_improbable(np.array([each.chance for each in known]), params.false_share)
    numbers = {place: number for number, place in enumerate(silence.watch.history.tables.places)}
    partners: dict[str, list[Quiet]] = {}
    for each in (each for each, is_told in zip(known, told, strict=True) if is_told):
        if each.due >= params.due_least and each.place in numbers:
            partners.setdefault(partner_of(silence, each.place), []).append(each)
    found = []
    for partner, offices in partners.items():
        there = silence.under_way & np.isin(silence.place, [numbers[each.place] for each in offices])
        silent = np.flatnonzero(there & (silence.chance < LIKELY))
        counted[there] = False
        found.append(_quiet_partner(partner, offices, silent))
    return found


def partner_of(silence: Silence, place: str) -> str:
    """Whose office it is: the operator of its country (assumed: one in each); an unknown office is by itself."""
    row = silence.watch.history.tables.timeline.network.facility_by_code.get(place)
    return row.country if row else place


def _quiet_partner(partner: str, offices: list[Quiet], silent: Numbers) -> Found:
    """One exception: of an office, or, where several of a partner are quiet, of the partner since the first was.

    Its chance is that of its least probable office: how far they hang together is not known.
    """
    if len(offices) == 1:
        (only,) = offices
        return Found(PARTNER_QUIET, only.place, only.place, only.last, only.chance, silent)
    most = max(offices, key=lambda each: (each.due, each.place)).place
    places = " ".join(sorted(each.place for each in offices))
    since, chance = min(each.last for each in offices), min(each.chance for each in offices)
    return Found(PARTNER_QUIET, partner, most, since, chance, silent, {"partner": partner, "offices": places})


def find_together(silence: Silence, params: ExceptionParams, counted: Mask, containment: pl.DataFrame) -> list[Found]:
    """Departures and dispatches of which too many items are silent."""
    found = []
    places = silence.watch.history.tables.places
    for each in list_together(silence, counted, containment, params.together_least, params.false_share):
        counted[each.items] = False
        kind = DISPATCH_MISSING if each.container else DEPARTURE_MISSING if each.way == LEAVES else DEPARTURE_MISSED
        origin, destination = places[each.origin], places[each.destination]
        facts: dict[str, str | int] = {
            "origin": origin,
            "destination": destination,
            "whole": each.whole,
            "later": each.later,
        }
        asked = origin if each.way != LEAVES else destination
        subject = each.container or f"{origin}>{destination}"
        found.append(Found(kind, subject, asked, each.hour, each.chance, each.items, facts))
    return found


def find_slow(silence: Silence, params: ExceptionParams, counted: Mask) -> list[Found]:
    """Steps that are slower than said; who is silent in one of them is waiting for it."""
    if not silence.watch.history.tables.steps:
        return []
    hours = params.drift_days * 24
    drift = weigh_drift(silence, hours, counted, params.drift_tolerated)
    tested = np.flatnonzero(drift.expected >= params.drift_least)
    told = tested[find_improbable(drift.chance[tested], params.false_share)]
    steps, spells = silence.watch.history.tables.steps, silence.watch.history.spells.spells
    inside = spells[(spells["outcome"] == UNDER_WAY) & counted[spells["item"]]]
    since = max(silence.watch.history.as_of - hours, 0)
    found = []
    for number in told:
        step = steps[number]
        factor = find_factor(silence, int(number), hours, counted)
        here = np.unique(inside["item"][inside["step"] == number]).astype(np.int64)
        counted[here] = False
        facts = {"step": step.name, "percent": round(100 * (factor - 1)), "days": params.drift_days}
        extra = (factor - 1) * step.old.hours_p50
        place = step.place.partition(" ")[0].rpartition(">")[2]
        subject = f"{step.name} {step.place}"
        about = (subject, place, since, float(drift.chance[number]), here, facts, extra)
        found.append(Found(STEP_SLOW, *about, float(drift.begun_a_day[number])))
    return found


def find_items(silence: Silence, params: ExceptionParams, counted: Mask) -> tuple[list[Found], float]:
    """Items whose silence nothing else explains, by the scan that is awaited; and how many are expected by chance."""
    under_way = silence.under_way & counted
    numbers = np.flatnonzero(under_way)
    bins = to_bins(silence.chance[numbers])
    seen = np.bincount(bins, minlength=BINS).astype(np.float64)
    probable = int(to_bins(np.array([params.chance_most]))[0])
    expected = expect_silent(silence, counted)
    expected[:probable] = seen[:probable] = 0
    threshold = find_threshold(expected, seen, params.false_share)
    told = numbers[bins >= threshold.bin]
    watch = silence.watch
    services = watch.items.get_column("service").fill_null("")
    keys = pl.DataFrame(
        {
            "item": told,
            "place": silence.place[told],
            "code": silence.code[told],
            "service": services.gather(told),
        }
    )
    found = []
    for (place, code, service), rows in keys.group_by("place", "code", "service", maintain_order=True):
        items = rows.get_column("item").to_numpy()
        where = watch.history.tables.places[int(str(place))]
        names = sorted(watch.items.get_column("item_id").gather(items).to_list())
        awaited = CODES[int(str(code))]
        subject = names[0] if len(names) == 1 else f"{awaited} {where} {service}".strip()
        facts = {"code": awaited, "service": str(service), "item": names[0]}
        since, chance = int(watch.heard[items].min()), float(silence.chance[items].mean())
        found.append(Found(ITEM_SILENT, subject, where, since, chance, items, facts))
    return found, threshold.expected_false
