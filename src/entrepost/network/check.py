"""Check a network: what the folder's reader found, and what its rows say about each other.

A check is a function from a `Survey` to findings; a new one is added to `CHECKS`. An *error* makes
answers wrong or impossible, so `load_network` refuses the folder; a *warning* is something that is
never used, or that a person should look at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from entrepost.base.findings import Finding
from entrepost.network import check_figures, check_names, check_service, check_steps, check_timetable
from entrepost.network.feed import read_network
from entrepost.network.network import Network
from entrepost.network.survey import Survey

CHECKS: tuple[Callable[[Survey], Iterator[Finding]], ...] = (
    check_names.check_references,
    check_names.check_sources,
    check_names.check_zones,
    check_names.check_countries,
    check_names.check_currencies,
    check_names.check_modes,
    check_names.check_opening_hours,
    check_names.check_prices,
    check_names.check_indicators,
    check_names.check_offices,
    check_timetable.check_times,
    check_timetable.check_cutoffs,
    check_timetable.check_departures_used,
    check_timetable.check_facilities_reached,
    check_timetable.check_speeds,
    check_timetable.check_missed,
    check_timetable.check_capacities,
    check_service.check_services,
    check_service.check_contradictions,
    check_service.check_regions,
    check_service.check_regions_distinct,
    check_service.check_areas,
    check_service.check_rates,
    check_service.check_shares,
    check_steps.check_steps,
    check_figures.check_coordinates,
    check_figures.check_durations,
    check_figures.check_charges,
    check_figures.check_costs,
    check_figures.check_delivery_shares,
    check_figures.check_head,
    check_figures.check_dates,
    check_figures.check_calendar,
    check_figures.check_stock,
    check_figures.check_warehouses,
)


def check_network(path: str | Path) -> list[Finding]:
    """Everything that is wrong with a network folder, in order of files and lines.

    What rows say about each other is looked at once every file can be read.

    Raises
    ------
    UnreadableInputError
        When the path is not a folder.
    """
    reading = read_network(path)
    found = list(reading.findings)
    if reading.network is not None:
        found += check(reading.network, reading.rows)
    return sorted(found, key=lambda finding: (finding.subject, finding.row))


def check(network: Network, rows: Mapping[str, Sequence[int]] | None = None) -> list[Finding]:
    """Everything that the rows of a network say wrongly about each other.

    `rows` gives for each table the line of each row (`Reading.rows`); without it the lines are those
    of a folder that `write_network` writes.
    """
    survey = Survey(network, rows or {})
    return [finding for each in CHECKS for finding in each(survey)]
