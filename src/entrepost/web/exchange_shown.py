"""What the exchange with partners needs of somebody, as a list whose rows lead to where it is taken care of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from entrepost.operations.exchange_needs import Needs
from entrepost.operations.exchange_records import ExchangeAlarm
from entrepost.web.figures import write_span
from entrepost.web.listing import Cell, Listing, heads

ALARMS = {"silence": "Partner silent", "volume": "Partner sends too much"}
KINDS = {
    "dispatch_unanswered": "Dispatches that nobody answers",
    "receptacle_absent": "Receptacles that did not come with the others",
    "receptacle_never_announced": "Receptacles that nobody announced",
    "consignment_not_taken": "Consignments that no carrier took over",
    "receptacle_not_delivered": "Receptacles that a carrier took and did not deliver",
    "consignment_weight_other": "Consignments that weigh other than their dispatches",
    "item_without_advance_data": "Items without data sent ahead",
    "item_not_arrived": "Items that left and did not arrive",
    "dispatch_serial_missing": "Missing serials",
}
"""What is open between operators, as people call it."""

EMPTY = "Nothing needs somebody: partners write as they are used to, and what they wrote agrees."
Row = tuple[Cell, str]


def list_needs(needs: Needs, open_lists: Mapping[str, int] | None, now: datetime) -> Listing:
    """The list: alarms first, then what stands still, what was refused, and what is open."""
    rows = [*(_alarm(each, now) for each in needs.alarms), *_counts(needs)]
    for code, count in (open_lists or {}).items():
        rows.append(_row(KINDS.get(code, code), f"/messages/open#{code}-head", "open", count))
    caption = "What partners and the exchange with them need of somebody"
    return Listing("exchange", caption, heads("What", "How many", numbers=".n"), tuple(rows), EMPTY)


def _alarm(each: ExchangeAlarm, now: datetime) -> Row:
    what = f"{each.operator} {each.message}: {each.what}, noticed {write_span(now - each.found_at)} ago"
    return Cell(ALARMS.get(each.kind, each.kind), f"/messages?view=in&partner={each.operator}", "wrong", note=what), "1"


def _counts(needs: Needs) -> Iterator[Row]:
    stuck, refused = "/messages", "/messages?view=refused"
    told = (
        ("Interchanges that cannot be sent", stuck, "wrong", needs.dead),
        ("Interchanges without a receipt for a day", stuck, "wrong", needs.late),
        ("Interchanges that were refused", refused, "wrong", needs.strange),
        ("Messages that were refused", refused, "wrong", needs.refused),
        ("Messages that wait to be applied", stuck, "going", needs.waiting),
        ("Messages that partners refused", "/messages?view=refused-there", "wrong", needs.refused_there),
    )
    yield from (_row(*each) for each in told if each[-1])


def _row(title: str, href: str, tone: str, count: int) -> Row:
    return Cell(title, href, tone), f"{count:,}"
