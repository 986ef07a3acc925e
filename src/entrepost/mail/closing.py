"""Closing: the numbers of dispatches and receptacles, what fits into which receptacle, and the last one's flag.

A receptacle is numbered when it is closed, its dispatch with the first receptacle of it; a series has one open
dispatch at a time. So serials have no gaps, whoever closes: what was numbered is there, and the next number is that
of the last one and one more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import dispatch, mail_subclass, office, receptacle, s10
from entrepost.codes.receptacle import S9, WEIGHT_UNIT_G
from entrepost.mail.receptacle import Count, is_registered_or_insured

UNKNOWN = finding_code("content_item_unknown", "An item that is put into a receptacle is not there.")
ELSEWHERE = finding_code("content_elsewhere", "An item that is put into a receptacle is in another one.")
WRONG_COUNTRY = finding_code("content_destination_differs", "An item goes to another country than its receptacle.")
WRONG_CLASS = finding_code("content_class_differs", "An item is of another mail class than its receptacle.")
WRONG_FLAG = finding_code("content_flag_differs", "A receptacle is for registered items only, or for none of them.")
ENDED = finding_code("content_item_over", "An item whose journey is over is put into a receptacle.")
ABSENT = finding_code("content_absent", "An item that is taken out of a receptacle is not in it.")

HOLDS = ("any", "ordinary", "registered")
"""What a receptacle may hold: all items, none that is registered or insured, or these alone."""
TRANSIT = "A"
"""The second letter of subclasses in open transit (CA, UA, EA): their items go on to any country."""
EMPTIES = "T"
"""The class of empty receptacles, in which there are no items."""


@dataclass(frozen=True, slots=True)
class Series:
    """Dispatches of one office for another in one category and subclass."""

    origin: str
    destination: str
    mail_category: str
    mail_subclass: str

    def __post_init__(self) -> None:
        for code in (self.origin, self.destination):
            if str(office.parse(code)) != code:
                raise MisuseError(f"office {code!r}: write six capitals")
        dispatch.S8(office.parse(self.origin), office.parse(self.destination), *self._kind, 0, 1)

    @property
    def _kind(self) -> tuple[str, str]:
        return self.mail_category, mail_subclass.parse(self.mail_subclass)

    @property
    def mail_class(self) -> str:
        """U letter post, C parcels, E EMS, T empty receptacles."""
        return self.mail_subclass[0]

    @property
    def is_transit(self) -> bool:
        """Whether its items may go on to another country."""
        return self.mail_subclass[1] == TRANSIT

    def number(self, year: int, serial: int) -> str:
        """The identifier of the dispatch of that year and serial."""
        parts = (office.parse(self.origin), office.parse(self.destination), *self._kind)
        return dispatch.format(dispatch.S8(*parts, year % 10, serial))

    def __str__(self) -> str:
        return f"{self.origin}{self.destination}{self.mail_category}{self.mail_subclass}"


def series_of(text: str) -> Series:
    """The series that fifteen characters, or the twenty of a dispatch, name.

    Raises
    ------
    MisuseError
        Where they name none.
    """
    code = "".join(text.split()).upper()
    if len(code) not in (15, dispatch.LENGTH):
        raise MisuseError(f"{text!r} is no series of 15 characters, such as CNSHAADEFRAAAUN")
    try:
        return Series(code[:6], code[6:12], code[12], code[13:15])
    except MalformedCodeError as error:
        raise MisuseError(str(error)) from None


def next_dispatch(series: Series, day: date, last: tuple[str, int] | None) -> tuple[str, int]:
    """The identifier of a series' next dispatch, and its whole year.

    Parameters
    ----------
    series : Series
        Offices, category, subclass.
    day : date
        The day at the office of origin: serials begin at 0001 each year.
    last : tuple of str and int, optional
        The identifier of the series' last dispatch and its whole year; None where there was none.

    Raises
    ------
    MisuseError
        Where 9999 dispatches were numbered in the year.
    """
    year, serial = day.year, 1
    if last is not None and last[1] >= year:  # a clock that went back to last year numbers on in this one
        year, serial = last[1], dispatch.parse(last[0]).serial + 1
    if serial > dispatch.SERIAL_MOST:
        raise MisuseError(f"the series {series} has no number left in {year}; it had {dispatch.SERIAL_MOST}")
    return series.number(year, serial), year


def number_receptacle(dispatch_id: str, serial: int, weight_g: int, item_ids: Iterable[str]) -> str:
    """The identifier that a receptacle gets when it is closed; it is not the last one yet.

    Raises
    ------
    MisuseError
        Where the dispatch is full, or the weight is none that the identifier can say.
    """
    if serial > receptacle.SERIAL_MOST:
        raise MisuseError(f"dispatch {dispatch_id} has {receptacle.SERIAL_MOST} receptacles; close it first")
    if not 0 < weight_g <= receptacle.WEIGHT_MOST_G:
        raise MisuseError(f"a receptacle of {weight_g} g cannot be; weigh it")
    flag = any(map(is_registered_or_insured, item_ids))
    return receptacle.format(S9(dispatch.parse(dispatch_id), serial, False, flag, to_unit(weight_g)))


def mark_last(receptacle_id: str) -> str:
    """The identifier of a receptacle once it is known to be the last one of its dispatch."""
    code = receptacle.parse(receptacle_id)
    return receptacle.format(S9(code.dispatch, code.serial, True, code.registered_or_insured, code.weight_g))


def to_unit(weight_g: int) -> int:
    """The nearest hundred grams, a half upwards; at least one hundred."""
    return max(WEIGHT_UNIT_G, (weight_g + WEIGHT_UNIT_G // 2) // WEIGHT_UNIT_G * WEIGHT_UNIT_G)


def count_items(mail_class: str, items: int) -> tuple[Count, ...]:
    """How many items a receptacle holds by format: letters with goods are format E, parcels and EMS have none."""
    return (Count("E" if mail_class == "U" else "", items),) if items else ()


def check_fit(item_id: str, country: str, series: Series, holds: str) -> list[Finding]:
    """Why an item does not belong into a receptacle of that series, which `holds` what it says; none where it does."""
    findings = []
    expected = s10.mail_class_of(item_id[:2])
    if expected and expected != series.mail_class:
        message = f"it is of class {expected}, the receptacle of {series.mail_class}"
        findings.append(_error(WRONG_CLASS, message, item_id, f"put it into one of class {expected}"))
    if country != series.destination[:2] and not series.is_transit:
        message = f"it goes to {country}, the receptacle to {series.destination}"
        findings.append(_error(WRONG_COUNTRY, message, item_id, "put it where it goes"))
    named = is_registered_or_insured(item_id)
    if (holds == "ordinary" and named) or (holds == "registered" and not named):
        message = f"the receptacle is for {holds} items"
        findings.append(_error(WRONG_FLAG, message, item_id, "put it into another one"))
    return findings


def _error(code: str, message: str, subject: str, fix: str) -> Finding:
    return Finding(code, "item_id", message, subject, fix=fix)
