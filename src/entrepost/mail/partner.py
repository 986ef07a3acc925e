"""Partners: the operators with whom messages are exchanged, from which day on, in which version, over which transport.

Everything is dated: a partner that changes its version or its transport gets a row that begins when the other ends,
so that a message is always read by what held on its day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from entrepost.base.clock import zone
from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import office as office_code

OWN = finding_code("partner_own", "A folder of partners does not name exactly one operator as the own one.")
UNKNOWN = finding_code("partner_operator_unknown", "A row of partners is about an operator that is in no row.")
ADDRESS = finding_code("partner_address_unknown", "A channel goes to an address that its operator does not have then.")
OFFICE = finding_code("partner_office_malformed", "An office of a partner is no office of exchange.")
ZONE = finding_code("partner_zone_unknown", "A partner, or an office of one, names a time zone that does not exist.")
OVERLAP = finding_code("partner_rows_overlap", "Two rows of partners about the same hold on the same day.")
DAYS = finding_code("partner_days_reversed", "A row of partners ends before it begins.")
UNADDRESSED = finding_code("partner_own_address_missing", "The own operator has no EDI address.")

Direction = Literal["in", "out"]
EVERY = "*"
"""In the column `message`: every message for which no other row holds."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A participant; `countries` are those whose mail it takes, with blanks between; `own`: who keeps the table."""

    operator: str
    name: str
    countries: str
    time_zone: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """An office of exchange of an operator; without a zone it has that of its operator."""

    office: str
    operator: str
    valid_from: date
    valid_to: date | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An EDI address of an operator with its qualifier; `place` is where its transport finds it: a folder, a URL."""

    address: str
    operator: str
    valid_from: date
    valid_to: date | None = None
    qualifier: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """What is exchanged: a message, to or from an address of an operator, in a version, over a transport.

    `syntax` is edifact, xml or json; `profile` names a file in the folder of profiles, ours where it is empty. What is
    `test` is answered like everything else and changes nothing.
    """

    operator: str
    direction: Direction
    message: str
    valid_from: date
    valid_to: date | None = None
    address: str = ""
    version: str = ""
    syntax: str = "edifact"
    profile: str = ""
    transport: str = "folder"
    stage: str = "live"


Row = Operator | Office | Address | Channel


def holds(row: Office | Address | Channel, day: date) -> bool:
    """Whether a row holds on a day; both its days belong to it."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


@dataclass(frozen=True, slots=True)
class Partners:
    """The whole table."""

    operators: tuple[Operator, ...] = ()
    offices: tuple[Office, ...] = ()
    addresses: tuple[Address, ...] = ()
    channels: tuple[Channel, ...] = ()
    lines: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def own(self) -> Operator:
        """The own operator; raises `MisuseError` where none is named."""
        for each in self.operators:
            if each.own:
                return each
        raise MisuseError("no operator is the own one; say own = yes in operators.csv, and load the folder")

    def get_operator(self, operator: str) -> Operator:
        """An operator by its code; raises `MisuseError` where it is in no row."""
        for each in self.operators:
            if each.operator == operator:
                return each
        known = ", ".join(each.operator for each in self.operators)
        raise MisuseError(f"{operator!r} is no partner; there are {known or 'none'}")

    def find_sender(self, address: str, day: date) -> Operator | None:
        """The operator that has an EDI address on a day."""
        for each in self.addresses:
            if each.address == address and holds(each, day):
                return self.get_operator(each.operator)
        return None

    def find_address(self, operator: str, day: date, address: str = "") -> Address | None:
        """An address of an operator on a day: the one of that name, or the first."""
        for each in self.addresses:
            if each.operator == operator and holds(each, day) and address in ("", each.address):
                return each
        return None

    def find_channel(self, operator: str, direction: Direction, message: str, day: date) -> Channel | None:
        """By what a message is exchanged with an operator on a day: its own row, or that of every message."""
        for name in (message, EVERY):
            for each in self.channels:
                if (each.operator, each.direction, each.message) == (operator, direction, name) and holds(each, day):
                    return each
        return None

    def has_office(self, operator: str, office: str, day: date) -> bool:
        """Whether an office is one of an operator's on a day; whoever lists none has all of its countries."""
        listed = [each for each in self.offices if each.operator == operator]
        if not listed:
            return office[:2] in self.get_operator(operator).countries.split()
        return any(each.office == office and holds(each, day) for each in listed)

    def zones(self, day: date) -> dict[str, str]:
        """The zone of each place by which messages are read: offices, EDI addresses, countries that have one."""
        zones: dict[str, str] = {}
        named = {each.operator: each.time_zone for each in self.operators}
        for operator in self.operators:
            zones |= {country: operator.time_zone for country in operator.countries.split() if operator.time_zone}
        for address in self.addresses:
            if holds(address, day) and named.get(address.operator):
                zones[address.address] = named[address.operator]
        for office in self.offices:
            zone_name = office.time_zone or named.get(office.operator, "")
            if holds(office, day) and zone_name:
                zones[office.office] = zone_name
        return zones


def check_partners(partners: Partners) -> list[Finding]:
    """What is wrong with a table of partners, in the order of its files and lines."""
    checks: tuple[Callable[[Partners], Iterator[Finding]], ...] = (
        _check_own,
        _check_operators,
        _check_places,
        _check_days,
        _check_overlaps,
        _check_addresses,
    )
    return [finding for check in checks for finding in check(partners)]


def _check_own(partners: Partners) -> Iterator[Finding]:
    own = [each for each in partners.operators if each.own]
    if len(own) != 1:
        what = f"{len(own)} operators are the own one"
        yield Finding(OWN, "own", what, "operators.csv", fix="say yes in one row, and no in the others")
    elif not any(each.operator == own[0].operator for each in partners.addresses):
        what = f"{own[0].operator} has no EDI address"
        fix = "add a row with the address that others write to"
        yield Finding(UNADDRESSED, "address", what, "addresses.csv", fix=fix)


def _check_operators(partners: Partners) -> Iterator[Finding]:
    known = {each.operator for each in partners.operators}
    for table in ("offices", "addresses", "channels"):
        for index, row in enumerate(getattr(partners, table)):
            if row.operator not in known:
                what, fix = f"{row.operator} is not in operators.csv", "add it there, or correct the row"
                yield _finding(partners, (table, index, "operator"), (UNKNOWN, what, fix))


def _check_places(partners: Partners) -> Iterator[Finding]:
    for index, office in enumerate(partners.offices):
        try:
            office_code.parse(office.office)
        except MalformedCodeError as error:
            fix = "write the six letters of its IMPC code, such as DEFRAA"
            yield _finding(partners, ("offices", index, "office"), (OFFICE, str(error), fix))
    for table in ("operators", "offices"):
        for index, row in enumerate(getattr(partners, table)):
            if row.time_zone and not _is_zone(row.time_zone):
                what, fix = f"there is no zone {row.time_zone!r}", "write one such as Europe/Berlin"
                yield _finding(partners, (table, index, "time_zone"), (ZONE, what, fix))


def _check_days(partners: Partners) -> Iterator[Finding]:
    for table in ("offices", "addresses", "channels"):
        for index, row in enumerate(getattr(partners, table)):
            if row.valid_to is not None and row.valid_to < row.valid_from:
                what, fix = f"it ends on {row.valid_to}, before {row.valid_from}", "correct one of the days"
                yield _finding(partners, (table, index, "valid_to"), (DAYS, what, fix))


def _check_overlaps(partners: Partners) -> Iterator[Finding]:
    keys = {"offices": ("office",), "addresses": ("address",), "channels": ("operator", "direction", "message")}
    for table, names in keys.items():
        rows: Sequence[Any] = getattr(partners, table)
        order = sorted(range(len(rows)), key=lambda at: (*(getattr(rows[at], n) for n in names), rows[at].valid_from))
        for before, after in pairwise(order):
            one, two = rows[before], rows[after]
            same = all(getattr(one, name) == getattr(two, name) for name in names)
            if same and (one.valid_to is None or two.valid_from <= one.valid_to):
                name = " ".join(str(getattr(two, each)) for each in names)
                what = f"{name} holds already on {two.valid_from}, by the row from {one.valid_from}"
                yield _finding(partners, (table, after, "valid_from"), (OVERLAP, what, "end the earlier row sooner"))


def _check_addresses(partners: Partners) -> Iterator[Finding]:
    for index, channel in enumerate(partners.channels):
        if partners.find_address(channel.operator, channel.valid_from, channel.address) is None:
            name = channel.address or "any address"
            what = f"{channel.operator} does not have {name} on {channel.valid_from}"
            fix = "add the address to addresses.csv, or correct the channel"
            yield _finding(partners, ("channels", index, "address"), (ADDRESS, what, fix))


def _finding(partners: Partners, spot: tuple[str, int, str], told: tuple[str, str, str]) -> Finding:
    table, index, column = spot
    code, what, fix = told
    lines = partners.lines.get(table, ())
    return Finding(code, column, what, f"{table}.csv", lines[index] if index < len(lines) else index + 2, fix)


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except MisuseError:
        return False
    return True
