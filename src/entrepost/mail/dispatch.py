"""A dispatch: receptacles that one office closes together for another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import dispatch
from entrepost.mail.consignment import TOLERANCE_G, Leg
from entrepost.mail.receptacle import Receptacle, check_receptacle

YEAR_DIFFERS = finding_code("dispatch_year_differs", "The year of a dispatch is not that of its closing.")
FOREIGN = finding_code("dispatch_receptacle_foreign", "A receptacle belongs to another dispatch.")
SERIALS = finding_code("dispatch_receptacles_gap", "The receptacles of a closed dispatch are not numbered 1 to n.")
LAST = finding_code("dispatch_last_flag", "Not exactly the last receptacle of a dispatch is marked as the last.")
LAST_UNKNOWN = finding_code("dispatch_last_unknown", "The last receptacle of a dispatch is not marked as the last.")
WEIGHT_DIFFERS = finding_code("dispatch_weight_differs", "A dispatch weighs other than its receptacles together.")
MISSING = finding_code("dispatch_missing", "A serial of a series is missing: a dispatch may be lost.")
DOUBLED = finding_code("dispatch_doubled", "Two dispatches of a series have the same serial in one year.")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A closed dispatch: S8 identifier, the instant of closing, gross weight, receptacles, planned legs.

    The identifier has only the last digit of the year; `closed_at`, with the offset of the office, has
    the whole one.
    """

    dispatch_id: str
    closed_at: datetime
    weight_g: int
    receptacles: tuple[Receptacle, ...]
    legs: tuple[Leg, ...] = ()
    tenant: str = "main"

    def __post_init__(self) -> None:
        if dispatch.format(dispatch.parse(self.dispatch_id)) != self.dispatch_id:
            raise MisuseError(f"dispatch {self.dispatch_id!r}: write the identifier in 20 capitals without blanks")
        if self.closed_at.tzinfo is None:
            raise MisuseError(f"dispatch {self.dispatch_id}: the instant of closing needs a zone, such as +08:00")
        if self.weight_g < 0:
            raise MisuseError(f"dispatch {self.dispatch_id}: it cannot weigh {self.weight_g} g")

    @property
    def code(self) -> dispatch.S8:
        """What its identifier says."""
        return dispatch.parse(self.dispatch_id)

    @property
    def origin(self) -> str:
        """The office that closed it."""
        return str(self.code.origin)

    @property
    def destination(self) -> str:
        """The office that is to open it."""
        return str(self.code.destination)

    @property
    def mail_category(self) -> str:
        """A or D: priority by air or surface; B or C: non-priority by air or surface."""
        return self.code.mail_category

    @property
    def mail_class(self) -> str:
        """U letter post, C parcels, E EMS, T empty receptacles."""
        return self.code.mail_class

    @property
    def mail_subclass(self) -> str:
        """Two letters, such as UN."""
        return self.code.mail_subclass

    @property
    def series(self) -> str:
        """The fifteen characters within which serials have no gaps."""
        return self.code.series

    @property
    def serial(self) -> int:
        """Its number within series and year, from 1."""
        return self.code.serial

    @property
    def year(self) -> int:
        """The whole year of the identifier."""
        return dispatch.year_of(self.code, self.closed_at.date())


def check_dispatch(given: Dispatch) -> list[Finding]:
    """What does not fit together in a closed dispatch.

    Its receptacles are its own, numbered 1 to n, and only the n-th is marked as the last; it weighs what
    they weigh, give or take 100 g for each; each is sound in itself. What the identifier of the dispatch
    says is said once, not of each receptacle again.
    """
    findings = dispatch.check(given.dispatch_id)
    said = {each.code for each in findings}
    if given.year != given.closed_at.year:
        message = f"its identifier is of {given.year}, it was closed at {given.closed_at.isoformat()}"
        fix = "correct the instant, or number it anew"
        findings.append(Finding(YEAR_DIFFERS, "closed_at", message, given.dispatch_id, fix=fix, level="warning"))
    for each in given.receptacles:
        if each.dispatch_id != given.dispatch_id:
            message = f"{each.receptacle_id} belongs to {each.dispatch_id}"
            findings.append(Finding(FOREIGN, "receptacles", message, given.dispatch_id, fix="put it to its dispatch"))
        findings += [found for found in check_receptacle(each) if found.code not in said]
    return [*findings, *_check_serials(given), *_check_last(given), *_check_weight(given)]


def check_series(dispatches: Iterable[Dispatch], first: int = 1) -> list[Finding]:
    """A finding for each gap in the serials of a series, and for each serial that comes twice.

    Parameters
    ----------
    dispatches : iterable of Dispatch
        Of any series and years.
    first : int
        The serial from which on all of them should be there; 1 where none is left out.
    """
    seen: dict[tuple[str, str, int], list[Dispatch]] = {}
    for each in dispatches:
        seen.setdefault((each.tenant, each.series, each.year), []).append(each)
    findings = []
    for (_, series, year), group in seen.items():
        subject, expected = f"{series} {year}", first
        for each in sorted(group, key=lambda one: one.serial):
            if each.serial > expected:
                message = f"{_format_gap(expected, each.serial - 1)} missing before {each.serial:04d}"
                fix = "ask the origin operator where it is"
                findings.append(Finding(MISSING, "dispatch_id", message, subject, fix=fix, level="warning"))
            elif each.serial < expected and each.serial >= first:
                message = f"{each.serial:04d} comes twice"
                findings.append(Finding(DOUBLED, "dispatch_id", message, subject, fix="keep the right one"))
            expected = max(expected, each.serial + 1)
    return findings


def _format_gap(first: int, last: int) -> str:
    return f"{first:04d} is" if first == last else f"{first:04d} to {last:04d} are"


def _check_serials(given: Dispatch) -> list[Finding]:
    serials = sorted(each.serial for each in given.receptacles)
    if serials == list(range(1, len(serials) + 1)):
        return []
    message = f"its receptacles are numbered {', '.join(f'{serial:03d}' for serial in serials)}"
    return [Finding(SERIALS, "receptacles", message, given.dispatch_id, fix="find the missing one, or number anew")]


def _check_last(given: Dispatch) -> list[Finding]:
    ordered = sorted(given.receptacles, key=lambda each: each.serial)
    marked = [each.serial for each in ordered if each.last]
    if ordered and ordered[-1].last is None and not marked:
        message = f"{ordered[-1].serial:03d} says that it is not known whether it is the last"
        fix = "mark the last one when closing"
        return [Finding(LAST_UNKNOWN, "receptacles", message, given.dispatch_id, fix=fix, level="warning")]
    if ordered and marked == [ordered[-1].serial]:
        return []
    named = ", ".join(f"{serial:03d}" for serial in marked) or "none"
    message = f"of {len(ordered)} receptacles {named} is marked as the last"
    return [Finding(LAST, "receptacles", message, given.dispatch_id, fix="mark the one with the highest number")]


def _check_weight(given: Dispatch) -> list[Finding]:
    total = sum(each.weight_g for each in given.receptacles)
    if abs(total - given.weight_g) <= TOLERANCE_G * len(given.receptacles):
        return []
    message = f"it weighs {given.weight_g} g, its receptacles together {total} g"
    return [Finding(WEIGHT_DIFFERS, "weight_g", message, given.dispatch_id, fix="weigh again, or add what is missing")]
