"""Checks of the steps between departures: a place that mail passes says how long that takes."""

from __future__ import annotations

from collections.abc import Iterator

from entrepost.base.findings import Finding, finding_code
from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.network.survey import Survey

STEP_MISSING = finding_code(
    "network_step_missing", "Mail passes a place that has no row for a step there, which then takes no time."
)


def check_steps(survey: Survey) -> Iterator[Finding]:
    """Origins send out and export, hubs tranship, inward offices open and import, open warehouses pick."""
    missing: dict[tuple[str, str, str], str] = {}
    for service in survey.network.services:
        for facility, step in _steps(survey, service):
            fault = _fault(survey.network, service, facility, step)
            if fault:
                missing.setdefault((facility, *fault), service.service)
    place = {row.facility: index for index, row in survey.list_rows("facilities")}
    for (facility, table, what), code in missing.items():
        if facility in place:
            message = f"{table} has no row for {what} at {facility}, where service {code} passes; it takes no time"
            fix = f"add the row to {table}"
            yield survey.find(STEP_MISSING, ("facilities", place[facility], "facility"), message, fix, "warning")


def _steps(survey: Survey, service: Service) -> Iterator[tuple[str, str]]:
    """Each facility that a service passes, with a step that it takes there."""
    if service.kind == "stock":
        served = {row.from_facility for row in survey.network.delivery if row.product == service.delivery}
        yield from (
            (row.warehouse, "pick") for row in survey.network.warehouses if row.open and row.warehouse in served
        )
        return
    ways = survey.ways[service.service]
    for here in sorted({here for here, there in ways.legs if here in ways.onward and ways.uses(here, there)}):
        yield from ((here, step) for step in (("outward", "export") if here in ways.origins else ("transit",)))
    for end in sorted((ways.ends & ways.onward) - ways.origins):
        yield from ((end, step) for step in ("inward", "import"))


def _fault(network: Network, service: Service, facility: str, step: str) -> tuple[str, str] | None:
    """The table and what it lacks, where a step has no row."""
    if step not in ("export", "import"):
        found = network.find_processing(facility, step, service.mail_class)
        return None if found else ("processing.csv", f"{step} of mail class {service.mail_class}")
    if service.clearance == "none" or (facility, step, service.clearance) in network.channels_by_key:
        return None
    return "clearance.csv", f"{service.clearance} {step}"
