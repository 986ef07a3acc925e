"""Checks of figures and dates: what no person would have meant."""

from __future__ import annotations

from collections.abc import Iterator

from entrepost.base.findings import Finding, finding_code
from entrepost.network.survey import Survey
from entrepost.reference.currency import get_exponent, is_currency

COORDINATES_ZERO = finding_code("network_coordinates_zero", "A place lies at 0/0, in the sea off Africa.")
DURATION_ABSURD = finding_code("network_duration_absurd", "A step lasts longer than mail has ever taken for it.")
RATE_ABSURD = finding_code(
    "network_rate_absurd", "A rate charges nothing, or thousands for an item; often major units where minor belong."
)
COST_ABSURD = finding_code("network_cost_absurd", "A cost is in thousands for an item or a kilogram.")
SHARE_ABSURD = finding_code("network_share_absurd", "More items are laid ready for pick-up or lost than there are.")
WEEK_MALFORMED = finding_code("network_week_malformed", "The ordinary week does not begin on a Monday.")
LOAD_ABSURD = finding_code("network_load_absurd", "The network carries no items in a week.")
DATES_REVERSED = finding_code("network_dates_reversed", "A row ends to hold before it begins.")
CALENDAR_PLACE = finding_code("network_calendar_place", "A row of the calendar names no place, or several.")
STOCK_OVER_CAPACITY = finding_code("network_stock_over_capacity", "More stock lies in a warehouse than it can hold.")
WAREHOUSE_UNFIT = finding_code(
    "network_warehouse_unfit", "A warehouse cannot serve a country that it is said to serve."
)

TRAVEL_MOST_HOURS = {"air": 120, "rail": 1440, "sea": 2880, "road": 720}
"""Medians above these are a slip of the pen: 5 days in the air, 60 by rail, 120 at sea, 30 by road."""

STEP_MOST_HOURS = {"processing": 720, "clearance": 720, "delivery": 1080}
MAJOR_MOST = 1000
"""Major units for an item or a kilogram above which a person should look again."""

DATES = (
    ("departures", "valid_from", "valid_to"),
    ("rates", "valid_from", "valid_to"),
    ("surcharges", "valid_from", "valid_to"),
    ("calendar", "first_day", "last_day"),
    ("suspensions", "first_day", "last_day"),
)
COSTS = (
    ("processing", "cost_item_minor"),
    ("processing", "cost_kg_minor"),
    ("departures", "cost_kg_minor"),
    ("clearance", "cost_item_minor"),
    ("delivery", "cost_item_minor"),
    ("delivery", "cost_kg_minor"),
)


def check_coordinates(survey: Survey) -> Iterator[Finding]:
    """No place lies at 0/0."""
    for table in ("facilities", "regions"):
        for index, row in survey.list_rows(table):
            if row.latitude == 0 and row.longitude == 0:
                fix = "write the coordinates of the place"
                yield survey.find(COORDINATES_ZERO, (table, index, "latitude"), "the place lies at 0/0", fix)


def check_durations(survey: Survey) -> Iterator[Finding]:
    """No step lasts beyond reason."""
    for index, row in survey.list_rows("departures"):
        yield from _too_long(survey, ("departures", index, "hours_p50"), row.hours_p50, TRAVEL_MOST_HOURS[row.mode])
    for table, most in STEP_MOST_HOURS.items():
        for index, row in survey.list_rows(table):
            yield from _too_long(survey, (table, index, "hours_p50"), row.hours_p50, most)


def check_charges(survey: Survey) -> Iterator[Finding]:
    """Rates charge something, and not thousands for each kilogram."""
    for index, row in survey.list_rows("rates"):
        service = survey.network.service_by_code.get(row.service)
        kilograms = row.weight_to_g / 1000
        charge = max(row.charge_item_minor + row.charge_kg_minor * kilograms, row.charge_least_minor)
        most = minor_most(service.currency if service else survey.network.currency) * max(1.0, kilograms)
        if charge > most:
            message = f"{charge:g} minor units for an item of {row.weight_to_g} g"
            yield _doubt(survey, RATE_ABSURD, ("rates", index, "charge_item_minor"), message)
        elif charge == 0:
            yield _doubt(survey, RATE_ABSURD, ("rates", index, "charge_item_minor"), "the rate charges nothing")


def check_costs(survey: Survey) -> Iterator[Finding]:
    """No cost is in thousands for an item or a kilogram."""
    most = minor_most(survey.network.currency)
    for table, column in COSTS:
        for index, row in survey.list_rows(table):
            if getattr(row, column) > most:
                message = f"a cost of {getattr(row, column):g} minor units"
                yield _doubt(survey, COST_ABSURD, (table, index, column), message)


def check_delivery_shares(survey: Survey) -> Iterator[Finding]:
    """Items laid ready for pick-up and lost ones add to no more than all."""
    for index, row in survey.list_rows("delivery"):
        total = row.pickup_per_million + row.lost_per_million
        if total > 1_000_000:
            message = f"{total} of a million are laid ready for pick-up or lost"
            fix = "make the two shares together at most 1000000"
            yield survey.find(SHARE_ABSURD, ("delivery", index, "pickup_per_million"), message, fix)


def check_head(survey: Survey) -> Iterator[Finding]:
    """The ordinary week begins on a Monday, and has items."""
    week = survey.network.ordinary_week
    if week.weekday() != 0:
        message = f"{week} is not a Monday"
        yield survey.find_in_head(WEEK_MALFORMED, "ordinary_week", message, "write the date of a Monday")
    if survey.network.items_per_week <= 0:
        message = f"{survey.network.items_per_week} items a week"
        yield survey.find_in_head(LOAD_ABSURD, "items_per_week", message, "write a number above 0")


def check_dates(survey: Survey) -> Iterator[Finding]:
    """Rows begin to hold before they end to hold."""
    for table, first, last in DATES:
        for index, row in survey.list_rows(table):
            begins, ends = getattr(row, first), getattr(row, last)
            if ends < begins:
                message = f"{last} {ends} is before {first} {begins}"
                yield survey.find(DATES_REVERSED, (table, index, last), message, "exchange the two, or correct one")


def check_calendar(survey: Survey) -> Iterator[Finding]:
    """A row of the calendar is about one country, one facility or one departure."""
    fix = "fill exactly one of country, facility and departure"
    for index, row in survey.list_rows("calendar"):
        named = [name for name in ("country", "facility", "departure") if getattr(row, name)]
        if len(named) != 1:
            message = f"the row names {' and '.join(named) or 'no place'}"
            yield survey.find(CALENDAR_PLACE, ("calendar", index, "country"), message, fix)
        elif row.kind in ("cancelled", "added") and not row.departure:
            message = f"a departure is {row.kind}, but none is named"
            yield survey.find(CALENDAR_PLACE, ("calendar", index, "departure"), message, "name the departure alone")


def check_stock(survey: Survey) -> Iterator[Finding]:
    """Stock fits into its warehouse."""
    pieces: dict[str, int] = {}
    for stock in survey.network.stock:
        pieces[stock.warehouse] = pieces.get(stock.warehouse, 0) + stock.quantity
    for index, row in survey.list_rows("warehouses"):
        if pieces.get(row.warehouse, 0) > row.capacity_items:
            message = f"{pieces[row.warehouse]} pieces lie in {row.warehouse}, which holds {row.capacity_items}"
            fix = "lower the quantities in stock.csv, or raise the capacity"
            yield survey.find(STOCK_OVER_CAPACITY, ("warehouses", index, "capacity_items"), message, fix)


def check_warehouses(survey: Survey) -> Iterator[Finding]:
    """A warehouse is a facility of that kind, with a last mile into each country that it serves."""
    countries = {(row.from_facility, survey.country_of.get(row.area)) for row in survey.network.delivery}
    for index, row in survey.list_rows("warehouses"):
        facility = survey.network.facility_by_code.get(row.warehouse)
        if facility and facility.kind != "warehouse":
            message = f"{row.warehouse} is of kind {facility.kind}"
            fix = "write warehouse under kind in facilities.csv"
            yield survey.find(WAREHOUSE_UNFIT, ("warehouses", index, "warehouse"), message, fix, "warning")
        for country in row.countries.split("+"):
            if (row.warehouse, country.strip()) not in countries:
                message = f"no row of delivery.csv leads from {row.warehouse} to an area of {country}"
                fix = "add one, or leave the country out"
                yield survey.find(WAREHOUSE_UNFIT, ("warehouses", index, "countries"), message, fix, "warning")


def minor_most(currency: str) -> float:
    """`MAJOR_MOST` in minor units; a currency without minor units has small major ones, so a hundredfold."""
    exponent = get_exponent(currency) if is_currency(currency) else 2
    return MAJOR_MOST * 10.0 ** (exponent or 2)


def _too_long(survey: Survey, spot: tuple[str, int, str], hours: float, most: int) -> Iterator[Finding]:
    if hours > most:
        message = f"a median of {hours:g} hours, {hours / 24:.0f} days"
        yield survey.find(DURATION_ABSURD, spot, message, "write hours, not minutes; else look again", "warning")


def _doubt(survey: Survey, code: str, spot: tuple[str, int, str], message: str) -> Finding:
    return survey.find(code, spot, message, "write minor units of the currency: 25.00 CNY is 2500", "warning")
