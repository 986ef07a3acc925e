"""Checks of the timetable: departures that can be used, at a time and speed that can be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entrepost.base.findings import Finding, finding_code
from entrepost.network.departure import Departure
from entrepost.network.facility import distance_km
from entrepost.network.survey import Survey

TIME_MALFORMED = finding_code("network_time_malformed", "A departure's weekday or time of day does not exist.")
CUTOFF_ABSURD = finding_code("network_cutoff_absurd", "A cutoff lies after its departure, or a week or more before it.")
DEPARTURE_LOOP = finding_code("network_departure_loop", "A departure ends where it starts.")
DEPARTURE_UNREACHABLE = finding_code(
    "network_departure_unreachable", "No service can bring mail to where a departure starts."
)
DEPARTURE_USELESS = finding_code(
    "network_departure_useless", "From where a departure ends no service reaches a last mile."
)
FACILITY_UNREACHABLE = finding_code("network_facility_unreachable", "No service can bring mail to a facility.")
TRAVEL_TOO_FAST = finding_code(
    "network_travel_too_fast", "A departure is faster than its mode can be between the two places."
)
MISSED_ABSURD = finding_code("network_missed_absurd", "More items miss a departure than there are.")
CAPACITY_ZERO = finding_code("network_capacity_zero", "A departure or an open warehouse holds nothing.")

SPEED_MOST_KMH = {"air": 1200, "rail": 350, "sea": 75, "road": 130}
"""Above what any does: a jet with the wind behind it, a high-speed train, the fastest container ship, a lorry."""

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def check_times(survey: Survey) -> Iterator[Finding]:
    """Weekdays are 1 to 7 and times of day HH:MM."""
    for index, row in survey.list_rows("departures"):
        if not _TIME.fullmatch(row.departs):
            message = f"{row.departs!r} is not a time of day"
            yield survey.find(TIME_MALFORMED, ("departures", index, "departs"), message, "write HH:MM such as 09:30")
        if row.weekday not in range(1, 8):
            message = f"weekday {row.weekday} does not exist"
            yield survey.find(
                TIME_MALFORMED, ("departures", index, "weekday"), message, "write 1 (Monday) to 7 (Sunday)"
            )


def check_cutoffs(survey: Survey) -> Iterator[Finding]:
    """A cutoff stands before its departure, by less than a week."""
    for index, row in survey.list_rows("departures"):
        if not 0 <= row.cutoff_hours < 168:
            message = f"a cutoff {row.cutoff_hours:g} hours before the departure cannot be"
            fix = "write hours before the departure, 0 to 167"
            yield survey.find(CUTOFF_ABSURD, ("departures", index, "cutoff_hours"), message, fix)


def check_departures_used(survey: Survey) -> Iterator[Finding]:
    """Some service brings mail to each departure, and reaches a last mile from where it ends."""
    warehouses = {row.warehouse for row in survey.network.warehouses}
    faults: dict[tuple[str, str, str], str] = {}
    for index, row in survey.list_rows("departures"):
        if row.from_facility == row.to_facility:
            message = f"it starts and ends at {row.from_facility}"
            yield survey.find(DEPARTURE_LOOP, ("departures", index, "to_facility"), message, "correct one of the two")
            continue
        # A departure to a warehouse brings stock there, whatever the services do.
        leg = (row.from_facility, row.to_facility, row.mode)
        if leg not in faults:
            faults[leg] = "" if row.to_facility in warehouses else _unused(survey, row)
        fault = faults[leg]
        if fault == DEPARTURE_UNREACHABLE:
            message = f"no service that travels by {row.mode} brings mail to {row.from_facility}"
            fix = f"add a departure by {row.mode} to {row.from_facility}, let it accept mail, or remove the row"
            yield survey.find(fault, ("departures", index, "from_facility"), message, fix, "warning")
        elif fault:
            message = f"no service that travels by {row.mode} reaches a last mile over {row.to_facility}"
            fix = f"add rows to delivery.csv from {row.to_facility}, a departure onward, or remove the row"
            yield survey.find(fault, ("departures", index, "to_facility"), message, fix, "warning")


def check_facilities_reached(survey: Survey) -> Iterator[Finding]:
    """Each facility is an origin, a warehouse, or on the way of some service."""
    reached = survey.origins | {row.warehouse for row in survey.network.warehouses}
    for ways in survey.ways.values():
        reached |= ways.onward
    for index, row in survey.list_rows("facilities"):
        if row.facility not in reached:
            message = f"no departure brings mail of any service to {row.facility}"
            fix = "add a departure to it, or remove it"
            yield survey.find(FACILITY_UNREACHABLE, ("facilities", index, "facility"), message, fix, "warning")


def check_speeds(survey: Survey) -> Iterator[Finding]:
    """Nothing travels faster than its mode can over the shortest way between the two places."""
    places = survey.network.facility_by_code
    for index, row in survey.list_rows("departures"):
        here, there = places.get(row.from_facility), places.get(row.to_facility)
        if here is None or there is None:
            continue
        distance = distance_km(here, there)
        least = distance / SPEED_MOST_KMH[row.mode]
        fix = f"write at least {least:.1f} hours, or correct the mode or the coordinates of the two places"
        if row.hours_p50 < least:
            message = f"half of the items need less than {row.hours_p50:g} hours for {distance:.0f} km by {row.mode}"
            yield survey.find(TRAVEL_TOO_FAST, ("departures", index, "hours_p50"), message, fix)
        elif row.hours_min < least:
            message = f"some items may need only {row.hours_min:g} hours for {distance:.0f} km by {row.mode}"
            yield survey.find(TRAVEL_TOO_FAST, ("departures", index, "hours_min"), message, fix, "warning")


def check_missed(survey: Survey) -> Iterator[Finding]:
    """Shares of items that miss departures add to no more than all."""
    for index, row in survey.list_rows("departures"):
        missed = row.missed_1_per_million + row.missed_2_per_million
        if missed > 1_000_000:
            message = f"{missed} of a million miss one or two departures"
            fix = "make the two shares together at most 1000000"
            yield survey.find(MISSED_ABSURD, ("departures", index, "missed_1_per_million"), message, fix)


def check_capacities(survey: Survey) -> Iterator[Finding]:
    """Departures and open warehouses can hold something."""
    for index, row in survey.list_rows("departures"):
        if row.capacity_kg <= 0:
            fix = "write the kilograms that it can carry, or remove the row"
            yield survey.find(CAPACITY_ZERO, ("departures", index, "capacity_kg"), "it carries nothing", fix)
    for index, row in survey.list_rows("warehouses"):
        if row.open and row.capacity_items <= 0:
            fix = "write the items that it can hold, or write no under open"
            yield survey.find(CAPACITY_ZERO, ("warehouses", index, "capacity_items"), "it holds nothing", fix)


def _unused(survey: Survey, row: Departure) -> str:
    """The code of why no service can use a departure, empty where one can."""
    fitting = [ways for ways in survey.ways.values() if row.mode in ways.modes and row.from_facility in ways.onward]
    if not fitting:
        return DEPARTURE_UNREACHABLE
    useful = any(ways.uses(row.from_facility, row.to_facility) for ways in fitting)
    return "" if useful else DEPARTURE_USELESS
