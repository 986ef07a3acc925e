"""Work at the facilities and customs: opening hours, durations, throughput, cost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from entrepost.network.clearance import Channel
from entrepost.network.departure import Departure
from entrepost.network.facility import Processing
from tools.update.sample.geography import list_logistics
from tools.update.sample.places import Place, list_by_role, list_places

HOURS_OF_CENTRE, HOURS_OF_OFFICE, HOURS_OF_TERMINAL = "24/7", "Mo-Sa 06-22, Su 08-16", "Mo-Su 06-22"
SELLER_HOURS = "Mo-Sa 09-19"
CENTRES = ("US", "GB", "DE", "FR", "NL", "JP", "KR", "SG", "HK", "CN", "BE", "AE", "TR", "QA", "ET")
"""Assumed: the offices of these countries work round the clock."""
CUSTOMS_HOURS = {"high": "24/7", "middle": "Mo-Sa 07-21", "low": "Mo-Sa 08-18"}
"""Assumed opening hours by customs score."""
CUSTOMS_REFERENCE = "US"
"""The country whose figures are known; elsewhere they are scaled by the customs scores (assumed)."""


@dataclass(frozen=True, slots=True)
class Task:
    """An activity's figures: three durations, items an hour, items lost in a million, cost in US cents."""

    hours: tuple[float, float, float]
    throughput: int = 1_000_000
    lost: int = 0
    cost_item: float = 0.0
    cost_kg: float = 0.0
    source: str = "assumed"


PREPARE = Task((1, 20, 57), source="seller_stages")
"""In open hours: with 60 of 168 open, the mean of 28.1 is 3.25 days, 0.43 for payment and 2.82 for handling."""
ACCEPT = Task((0.5, 2, 6), 1500, 20, 4)
OUTWARD = {"*": Task((1, 6, 16), 2000, 50, 9, 10), "E": Task((1, 3, 8), 1000, 30, 15, 10)}
TRANSIT = {
    "office_of_exchange": Task((2, 6, 18), 2000, 60, 3, 12),
    "hub": Task((2, 6, 18), 2000, 60, 3, 12),
    "rail_terminal": Task((6, 18, 60), 500, 60, 2, 8),
    "port": Task((12, 36, 96), 400, 80, 2, 9),
}
INWARD = {"*": Task((1, 8, 24), 1500, 100, 0, 0), "E": Task((1, 4, 12), 800, 60, 0, 0)}
"""No cost of its own: it is part of the inbound remuneration, which stands with the last mile."""
PICK = Task((1, 4, 8), 400, 30, 90, 15, "fulfilment")
"""In open hours, 06 to 20: nine in ten of the orders received by noon leave on the same day."""

Channels = dict[str, tuple[int, tuple[float, float, float], float]]
POSTAL_IMPORT: Channels = {
    "green": (936_100, (2, 12, 24), 0),
    "documents": (20_000, (12, 48, 120), 60),
    "inspection": (42_900, (12, 36, 48), 120),
    "refused": (1_000, (24, 60, 160), 300),
}
COMMERCIAL_IMPORT: Channels = {
    "green": (946_600, (0, 4, 24), 45),
    "documents": (10_000, (6, 24, 72), 120),
    "inspection": (42_900, (12, 36, 48), 200),
    "refused": (500, (24, 48, 120), 400),
}
"""For the United States: within 1 day without, 2 days with inspection, which 4.29 % of shipments have."""
EXPORT: Channels = {
    "green": (985_000, (0, 2, 6), 1),
    "documents": (9_000, (2, 10, 30), 20),
    "inspection": (5_500, (4, 16, 48), 40),
    "refused": (500, (12, 36, 90), 60),
}


def build_processing(data: Path, departures: tuple[Departure, ...]) -> tuple[Processing, ...]:
    """Work rows of every facility for the parts that it plays."""
    rows: list[Processing] = []
    onward = {row.from_facility for row in departures}
    reached = {row.to_facility for row in departures}
    for place in list_places(data).values():
        if "origin" in place.roles:
            rows.append(_row(place, "prepare", "*", PREPARE, SELLER_HOURS))
            rows.append(_row(place, "accept", "*", ACCEPT, "Mo-Su 08-22"))
            rows += [_row(place, "outward", mail_class, task, "24/7") for mail_class, task in OUTWARD.items()]
        if "inward" in place.roles:
            hours = _hours(place)
            rows += [_row(place, "inward", mail_class, task, hours) for mail_class, task in INWARD.items()]
        if "warehouse" in place.roles:
            rows.append(pick_row(place))
        elif place.code in onward & reached:
            rows.append(_row(place, "transit", "*", TRANSIT[place.facility.kind], _hours(place)))
    return tuple(rows)


def build_clearance(data: Path) -> tuple[Channel, ...]:
    """Customs channels: export at the origins, import at the inward offices, slower where the score is lower."""
    rows: list[Channel] = []
    scores = list_logistics(data)
    for place in list_by_role(data, "origin"):
        for regime in ("postal", "commercial"):
            rows += [_channel(place, ("export", regime), name, 1.0, "24/7") for name in EXPORT]
    for place in list_by_role(data, "inward"):
        score = scores[place.country][0]
        slower = min(3.0, max(0.8, (scores[CUSTOMS_REFERENCE][0] / score) ** 2))
        hours = CUSTOMS_HOURS["high" if score >= 3.6 else "middle" if score >= 2.8 else "low"]
        for regime, channels in (("postal", POSTAL_IMPORT), ("commercial", COMMERCIAL_IMPORT)):
            rows += [_channel(place, ("import", regime), name, slower, hours) for name in channels]
    return tuple(rows)


def pick_row(place: Place) -> Processing:
    """The work of a warehouse."""
    return _row(place, "pick", "*", PICK, "Mo-Sa 06-20")


def _row(place: Place, activity: str, mail_class: str, task: Task, hours: str) -> Processing:
    return Processing(
        facility=place.code,
        activity=activity,
        mail_class=mail_class,
        open_hours=hours,
        hours_min=task.hours[0],
        hours_p50=task.hours[1],
        hours_p90=task.hours[2],
        throughput_items_hour=task.throughput,
        lost_per_million=task.lost,
        cost_item_minor=task.cost_item,
        cost_kg_minor=task.cost_kg,
        source=task.source,
    )


def _hours(place: Place) -> str:
    if place.facility.kind in ("rail_terminal", "port"):
        return HOURS_OF_TERMINAL
    return HOURS_OF_CENTRE if place.country in CENTRES else HOURS_OF_OFFICE


def _channel(place: Place, what: tuple[str, str], name: str, slower: float, hours: str) -> Channel:
    direction, regime = what
    channels = EXPORT if direction == "export" else POSTAL_IMPORT if regime == "postal" else COMMERCIAL_IMPORT
    share, durations, cost = channels[name]
    sourced = direction == "import" and place.country == CUSTOMS_REFERENCE and name in ("green", "inspection")
    least, middle, most = (round(each * slower, 1) for each in durations)
    return Channel(
        facility=place.code,
        direction=direction,
        regime=regime,
        channel=name,
        share_per_million=_share(channels, name, slower) if direction == "import" else share,
        held=name in ("documents", "inspection"),
        refused=name == "refused",
        open_hours=hours,
        hours_min=least,
        hours_p50=middle,
        hours_p90=most,
        cost_item_minor=cost,
        source="lpi_us" if sourced else "assumed",
    )


def _share(channels: Channels, name: str, slower: float) -> int:
    """Customs that are slower also stop more: every channel but green grows, green takes what remains."""
    grown = {other: round(channels[other][0] * slower) for other in channels if other != "green"}
    return grown[name] if name != "green" else 1_000_000 - sum(grown.values())
