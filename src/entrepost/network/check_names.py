"""Checks of names: what a row refers to must exist, and be written in its proper form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from entrepost.base.clock import zone
from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.base.schema import get_schema
from entrepost.codes.country import is_country
from entrepost.network import opening
from entrepost.network.feed import TABLES
from entrepost.network.survey import ALL, Survey, split
from entrepost.reference.currency import is_currency

REFERENCE_DANGLING = finding_code("network_reference_dangling", "A row names something that no other table has.")
SOURCE_UNKNOWN = finding_code("network_source_unknown", "A row names a source that network.toml does not list.")
ZONE_UNKNOWN = finding_code("network_zone_unknown", "A time zone is not an IANA zone.")
COUNTRY_UNKNOWN = finding_code("network_country_unknown", "A country is not an ISO 3166-1 alpha-2 code.")
CURRENCY_UNKNOWN = finding_code("network_currency_unknown", "A currency is not an ISO 4217 code.")
MODE_UNKNOWN = finding_code("network_mode_unknown", "A service names a mode of transport that does not exist.")
HOURS_MALFORMED = finding_code("network_hours_malformed", "Opening hours cannot be read.")
AMOUNT_MALFORMED = finding_code("network_amount_malformed", "A price is not a decimal number.")
INDICATOR_UNFIT = finding_code(
    "network_indicator_unfit", "A service's S10 indicator is not two letters, or belongs to another mail class."
)
OFFICE_UNFIT = finding_code("network_office_unfit", "An office's code does not begin with the code of its country.")

MODES = ("air", "rail", "sea", "road")
FURTHER_REFERENCES = (
    ("delivery", "area", "regions.area"),
    ("services", "origins", "facilities.facility"),
    ("services", "delivery", "delivery.product"),
    ("rates", "origin", "facilities.facility"),
    ("surcharges", "service", "services.service"),
    ("surcharges", "origin", "facilities.facility"),
    ("surcharges", "area", "regions.area"),
    ("calendar", "facility", "facilities.facility"),
    ("calendar", "departure", "departures.departure"),
    ("suspensions", "service", "services.service"),
    ("corrections", "service", "services.service"),
    ("corrections", "origin", "facilities.facility"),
)
"""References that may also be `*`, empty or several: table, column, what it refers to."""

COUNTRIES = (
    ("facilities", "country"),
    ("regions", "country"),
    ("services", "destinations"),
    ("rates", "country"),
    ("surcharges", "country"),
    ("warehouses", "countries"),
    ("calendar", "country"),
    ("suspensions", "country"),
    ("corrections", "country"),
)
JOINED = ("origins", "destinations", "countries", "modes")
"""Columns whose cells may join several entries by `+`."""

INDICATORS = {"U": "ULRVQM", "C": "CH", "E": "E"}
"""First letters of the S10 indicators of each mail class; other letters are bilateral or domestic."""


def check_references(survey: Survey) -> Iterator[Finding]:
    """What a row refers to stands in the other table."""
    declared = [
        (table, column.name, column.references)
        for table in TABLES
        for column in get_schema(table).columns
        if column.references
    ]
    for table, column, target in (*declared, *FURTHER_REFERENCES):
        target_table, target_column = target.split(".")
        known = {getattr(row, target_column) for _, row in survey.list_rows(target_table)} | {ALL, ""}
        for index, entry in _entries(survey, table, column):
            if entry not in known:
                fix = f"correct the code, or add a row to {target_table}.csv"
                message = f"{entry!r} is not in {target_table}.csv"
                yield survey.find(REFERENCE_DANGLING, (table, index, column), message, fix)


def check_sources(survey: Survey) -> Iterator[Finding]:
    """Each row says where it comes from; the first word is the source, what follows a remark."""
    known = {*survey.network.sources, "assumed"}
    for table in TABLES:
        if "source" not in get_schema(table).names:
            continue
        for index, row in survey.list_rows(table):
            if row.source not in known and row.source.partition(" ")[0] not in known:
                message = f"source {row.source!r} is not a table [sources.{row.source}] of network.toml"
                fix = "add it there with title and url, or write 'assumed'"
                yield survey.find(SOURCE_UNKNOWN, (table, index, "source"), message, fix)


def check_zones(survey: Survey) -> Iterator[Finding]:
    """Time zones exist."""
    fix = "write an IANA name such as Asia/Shanghai"
    if not _is_zone(survey.network.time_zone):
        message = f"{survey.network.time_zone!r} is not a time zone"
        yield survey.find_in_head(ZONE_UNKNOWN, "time_zone", message, fix)
    for table in ("facilities", "regions"):
        yield from _unknown(survey, (ZONE_UNKNOWN, table, "time_zone"), _is_zone, fix)


def check_countries(survey: Survey) -> Iterator[Finding]:
    """Countries exist."""
    fix = "write two capital letters such as DE (ISO 3166-1 alpha-2)"
    for table, column in COUNTRIES:
        yield from _unknown(survey, (COUNTRY_UNKNOWN, table, column), _is_country, fix)


def check_currencies(survey: Survey) -> Iterator[Finding]:
    """Currencies exist."""
    fix = "write three capital letters such as CNY (ISO 4217)"
    if not is_currency(survey.network.currency):
        message = f"{survey.network.currency!r} is not a currency"
        yield survey.find_in_head(CURRENCY_UNKNOWN, "currency", message, fix)
    for table in ("services", "products"):
        yield from _unknown(survey, (CURRENCY_UNKNOWN, table, "currency"), is_currency, fix)


def check_modes(survey: Survey) -> Iterator[Finding]:
    """Services travel by modes that exist."""
    fix = f"join some of {', '.join(MODES)} by +; 'none' for a service from stock"
    yield from _unknown(survey, (MODE_UNKNOWN, "services", "modes"), lambda text: text in (*MODES, "none"), fix)


def check_opening_hours(survey: Survey) -> Iterator[Finding]:
    """Opening hours can be read."""
    for table in ("processing", "clearance", "delivery"):
        for index, row in survey.list_rows(table):
            message = _hours_fault(row.open_hours)
            if message:
                fix = "write 24/7, or days and hours as in 'Mo-Fr 08-18, Sa 08-12'"
                yield survey.find(HOURS_MALFORMED, (table, index, "open_hours"), message, fix)


def check_prices(survey: Survey) -> Iterator[Finding]:
    """Prices of products are decimal numbers."""
    fix = "write a number with a decimal point, such as 12.50"
    yield from _unknown(survey, (AMOUNT_MALFORMED, "products", "unit_value"), _is_amount, fix)


def check_indicators(survey: Survey) -> Iterator[Finding]:
    """S10 indicators are two capital letters of the service's mail class."""
    for index, service in survey.list_rows("services"):
        spot, text = ("services", index, "service_indicator"), service.service_indicator
        if not (len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()):
            yield survey.find(INDICATOR_UNFIT, spot, f"{text!r} is not two capital letters", "write such as LX")
        elif not _fits(text[0], service.mail_class):
            fix = f"use one that begins with {' or '.join(INDICATORS[service.mail_class])}"
            message = f"{text} does not belong to mail class {service.mail_class}"
            yield survey.find(INDICATOR_UNFIT, spot, message, fix, "warning")


def check_offices(survey: Survey) -> Iterator[Finding]:
    """Codes of offices of exchange have six letters and begin with the country."""
    for index, row in survey.list_rows("facilities"):
        fits = len(row.facility) == 6 and row.facility.startswith(row.country)
        if row.kind == "office_of_exchange" and not fits:
            message = f"{row.facility} is not an office code (IMPC) of {row.country}"
            fix = f"write six letters that begin with {row.country}, or correct the country"
            yield survey.find(OFFICE_UNFIT, ("facilities", index, "facility"), message, fix, "warning")


def _entries(survey: Survey, table: str, column: str) -> Iterator[tuple[int, str]]:
    for index, row in survey.list_rows(table):
        text = getattr(row, column)
        for entry in split(text) if column in JOINED else (text,):
            yield index, entry


def _unknown(
    survey: Survey, what: tuple[str, str, str], is_known: Callable[[str], bool], fix: str
) -> Iterator[Finding]:
    code, table, column = what
    for index, entry in _entries(survey, table, column):
        if not is_known(entry):
            noun = column.removesuffix("s").replace("_", " ")
            yield survey.find(code, (table, index, column), f"{entry!r} is not a known {noun}", fix)


def _is_country(text: str) -> bool:
    return text in ("", ALL) or is_country(text)


def _is_zone(text: str) -> bool:
    try:
        zone(text)
    except MisuseError:
        return False
    return True


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and Decimal(text) >= 0
    except InvalidOperation:
        return False


def _hours_fault(text: str) -> str:
    try:
        opening.parse(text)
    except MalformedCodeError as error:
        return str(error)
    return ""


def _fits(letter: str, mail_class: str) -> bool:
    return letter in INDICATORS[mail_class] or letter not in "".join(INDICATORS.values())
