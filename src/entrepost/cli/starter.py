"""What `entrepost init` writes: a part of the sample network that is small enough to read, and two texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from entrepost.network.network import Network

ORIGINS = ("CNSHAA", "CNSZXA")
COUNTRIES = ("US", "DE")
KINDS = ("office_of_exchange", "warehouse")
MODES = ("air", "none")
"""Services by rail and sea need terminals and ports besides; they are left out."""

MAPPING = """\
# How a shop's columns become ours. Use it with: entrepost intake THEIR_FILE --mapping mapping.toml
# Every key is explained in docs/guides/mapping.md. Columns that have our names need no line.

[file]
encoding = "utf-8"         # or latin-1, gb18030 ...

[times]
zone = "Asia/Shanghai"     # of times without an offset
# format = "%d/%m/%Y %H:%M"
# shift_days = 364         # moves old orders to today's network; stated in the report

[columns]                  # ours = "theirs"
order_id = "Order number"
placed_at = "Created at"
sku = "Lineitem sku"
quantity = "Lineitem quantity"
unit_value = "Lineitem price"
currency = "Currency"
weight_g = "Weight (kg)"
country = "Shipping country"
postcode = "Shipping zip"
city = "Shipping city"

[units]
weight_g = "kg"

[constants]
seller = "my-shop"
origin = "CNSZXA"
"""

README = """\
# A network of your own

    entrepost check network                                # is the folder sound?
    entrepost intake orders.csv --network network          # bring orders in
    entrepost quote --network network                      # promise a service to each
    entrepost simulate --network network                   # carry them through a simulated world
    entrepost report --network network                     # report.html

`network/` holds two Chinese cities, the United States and Germany, cut out of the sample network of real
places: change its files by hand and check again. `mapping.toml` shows how the columns of a shop's own
export are named.
"""


def excerpt(network: Network) -> Network:
    """Only two origins and two countries of a network, with all that they need and nothing else."""
    regions = tuple(row for row in network.regions if row.country in COUNTRIES)
    areas = {row.area for row in regions}
    ends = {row.facility for row in network.facilities if row.country in COUNTRIES and row.kind in KINDS} | set(ORIGINS)
    departures = tuple(row for row in network.departures if {row.from_facility, row.to_facility} <= ends)
    used = {place for row in departures for place in (row.from_facility, row.to_facility)}
    used |= {row.warehouse for row in network.warehouses if row.warehouse in ends} | set(ORIGINS)
    services = tuple(
        row for row in network.services if _keeps(row.modes, MODES) and _keeps(row.destinations, COUNTRIES)
    )
    flown = {row.departure for row in departures}
    codes = {"*", *(row.service for row in services)}
    return replace(
        network,
        name="My network",
        facilities=tuple(row for row in network.facilities if row.facility in used),
        processing=tuple(row for row in network.processing if row.facility in used),
        departures=departures,
        clearance=tuple(row for row in network.clearance if row.facility in used),
        delivery=tuple(row for row in network.delivery if row.from_facility in used and row.area in areas),
        regions=regions,
        services=tuple(
            replace(row, origins=_cut(row.origins, ORIGINS), destinations=_cut(row.destinations, COUNTRIES))
            for row in services
        ),
        rates=tuple(row for row in network.rates if row.country in COUNTRIES and row.service in codes),
        surcharges=tuple(
            row for row in network.surcharges if row.country in ("*", *COUNTRIES) and row.service in codes
        ),
        warehouses=tuple(
            replace(row, countries=_cut(row.countries, COUNTRIES))
            for row in network.warehouses
            if row.warehouse in used and _keeps(row.countries, COUNTRIES)
        ),
        stock=(),
        sellers=tuple(row for row in network.sellers if row.origin in ORIGINS),
        calendar=tuple(
            row
            for row in network.calendar
            if row.country in ("CN", *COUNTRIES) or row.facility in used or row.departure in flown
        ),
        suspensions=tuple(row for row in network.suspensions if row.country in COUNTRIES and row.service in codes),
    )


def _keeps(text: str, kept: Iterable[str]) -> bool:
    return text == "*" or bool(set(text.split("+")) & set(kept))


def _cut(text: str, kept: Iterable[str]) -> str:
    return text if text == "*" else "+".join(each for each in text.split("+") if each in kept)
