"""Items: found by what somebody remembers of them, listed by where they stand, and each with its whole journey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import polars as pl
from fastapi import APIRouter, Depends, Query
from starlette.responses import RedirectResponse, Response

from entrepost.codes.signs import squeeze
from entrepost.documents.table import Column, Table
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.status import Status
from entrepost.operations.exchanging.advised import find_advance_data
from entrepost.operations.inbound_store import ITMATT, PREDES, WITHDRAWN
from entrepost.operations.look_store import Wanted
from entrepost.operations.lookup import look_up
from entrepost.operations.senders import find_sender
from entrepost.operations.tally import Tally, day_number, list_wanted
from entrepost.operations.track import track
from entrepost.reference.currency import get_exponent, is_currency
from entrepost.tables.items import ORDER
from entrepost.web.figures import write_instant
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Listing, heads, link_order, with_query
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, visit_with
from entrepost.web.voyage import list_scans, list_stops, say_status, tone_of

ROOM = Room("items", "Items", "/items", "items:read")
router = APIRouter(include_in_schema=False, route_class=PageRoute)
Looking = Annotated[Visit, Depends(visit_with(ROOM.scope))]

STATES = {name: tuple(int(each) for each in Status if each.shown == name) for name in [each.shown for each in Status]}
"""The numbers of states by the status that is shown."""

OVERDUE = "overdue"
"""Items that were promised and are not there; it stands among the statuses in the list."""

RECIPIENT_SCOPE = "orders:write"
"""Who works with orders sees to whom they go; others see country, postcode and city."""

HEADS = heads(
    *("Number", "Status", "Since", "Promised by", "Order", "From", "To", "Service", "Scans"), numbers="........n"
)
CONTENTS = (
    *(Column("description", "Contents"), Column("hs_code", "HS code"), Column("quantity", "Pieces", "count")),
    *(
        Column("weight_g", "Grams a piece", "count"),
        Column("unit_value", "Value a piece"),
        Column("currency", "Currency"),
    ),
)
DECLARED = (
    *(Column("description", "Contents"), Column("hs_code", "HS code"), Column("quantity", "Pieces", "count")),
    *(Column("weight_g", "Grams in all", "count"), Column("value", "Value in all", "money")),
    *(Column("currency", "Currency"), Column("made_in", "Made in")),
)
ANNOUNCED = {
    ITMATT: "by its advance data (ITMATT)",
    PREDES: "by its dispatch alone (PREDES); no advance data came",
    WITHDRAWN: "its advance data were taken back",
}
"""By what an item was announced, in words."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a text, or where items stand; `before` is where a page of the list goes on."""

    q: Annotated[str, Query(max_length=200)] = ""
    status: Annotated[str, Query(max_length=20)] = ""
    country: Annotated[str, Query(max_length=2)] = ""
    before: Annotated[int, Query(ge=0, le=2**62)] = 0


@router.get(ROOM.path)
def show(visit: Looking, sought: Annotated[Sought, Depends()]) -> Response:
    """The list; a whole number leads straight to its item."""
    if sought.q.strip():
        return _found(visit, sought.q.strip())
    tally = visit.desk.counter.look()
    wanted = Wanted(
        visit.tenant,
        STATES.get(sought.status, ()),
        sought.country.upper(),
        visit.store.clock.now() if sought.status == OVERDUE else None,
    )
    items, following = list_wanted(visit.store, wanted, tally, sought.before)
    listing = Listing(
        "items",
        "Items, the last announced first",
        *_table(visit, items),
        empty="No such item." if not following else "None among these; look further.",
        following=with_query(visit.request, before=str(following)) if following else "",
        first=with_query(visit.request, before="") if sought.before else "",
    )
    told: dict[str, Any] = {"listing": listing, "choices": _choices(visit, sought, tally), "sought": sought, "q": ""}
    return visit.page("items.html.j2", ROOM.title, ROOM.name, tally=tally, **told)


@router.get("/items/{item_id}")
def show_one(visit: Looking, item_id: str) -> Response:
    """An item."""
    item, store = track(visit.store, item_id, visit.tenant), visit.store
    order = pl.DataFrame({name: [getattr(item, name)] for name in ORDER})
    lines, network, now = store.find_lines(order), visit.network, store.clock.now()
    placed = lines.get_column("placed_at").max() if lines.height else item.placed_at if item.operator else None
    beside = store.list_items(orders=order).filter(pl.col("item_id") != item.item_id)
    may_see = visit.caller.may(RECIPIENT_SCOPE)
    told: dict[str, Any] = {
        "item": item,
        "facts": store.list_items(orders=order).filter(item_id=item.item_id).row(-1, named=True),
        "line": lines.row(0, named=True) if lines.height else {},
        "placed": placed,
        "now": now,
        "expected": visit.desk.forecasts.find(item, now),
        "stops": list_stops(item, placed),  # type: ignore[arg-type]
        "scans": list_scans(item, network.facility_by_code),
        "contents": _declared(visit, item.item_id, may_see) if item.operator else Table(lines, CONTENTS),
        "announced": ANNOUNCED.get(item.announced, ""),
        "recipient": _recipient(visit, order) if may_see else None,
        "may_see": may_see,
        "has_sender": may_see and find_sender(store, visit.tenant, item.seller) is not None,
        "beside": [row["item_id"] for row in beside.iter_rows(named=True)],
    }
    say: dict[str, Any] = {"say": say_status(item.status, item.kind), "tone": tone_of(item.status)}
    return visit.page("item.html.j2", item.item_id, ROOM.name, **told, **say)


@router.get("/items/{item_id}/label.pdf")
def show_label(visit: Annotated[Visit, Depends(visit_with("labels:read"))], item_id: str) -> Response:
    """Its label."""
    return _document(visit, item_id, "label")


@router.get("/items/{item_id}/declaration.pdf")
def show_declaration(visit: Annotated[Visit, Depends(visit_with("declarations:read"))], item_id: str) -> Response:
    """The customs form that it must bear."""
    return _document(visit, item_id, "customs")


def _document(visit: Visit, item_id: str, form: str) -> Response:
    """A label or form; to whoever may see recipients, for it names one."""
    from entrepost.operations.item_papers import draw_item

    visit.caller.demand(RECIPIENT_SCOPE)
    made = draw_item(visit.store, visit.network, visit.tenant, item_id, form)
    headers = {"Content-Disposition": f'inline; filename="{form}-{squeeze(item_id)}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def _found(visit: Visit, text: str) -> Response:
    found = look_up(visit.store, visit.tenant, text)
    number = squeeze(text)
    if found.items.height == 1 and not found.orders.height and found.items["item_id"][0] == number:
        return RedirectResponse(f"{ROOM.path}/{quote(number, safe='')}", 303)
    head, rows = _table(visit, found.items)
    rows += tuple(_without(*row) for row in found.orders.select("seller", "order_id").iter_rows())
    caption = f"Found for {text}" + ("" if found.is_all else "; only the first are shown")
    empty = (
        f"Nothing is known by “{text}”: no number or order begins so, and no recipient has this whole name or address."
    )
    listing = Listing("items", caption, head, rows, empty)
    told: dict[str, Any] = {"listing": listing, "choices": (), "sought": Sought(), "q": text, "tally": None}
    return visit.page("items.html.j2", ROOM.title, ROOM.name, **told)


def _table(visit: Visit, items: pl.DataFrame) -> tuple[Any, tuple[tuple[Any, ...], ...]]:
    promised: dict[tuple[str, ...], Any] = {}
    if items.height:
        given = visit.store.list_promises(orders=items.select(ORDER).unique())
        promised = {row[:4]: row[4] for row in given.select(*ORDER, "service", "arrive_by_p90").iter_rows()}
    head = heads(
        "Number", "Status", "Since", "Promised by", "Order", "From", "To", "Service", "Scans", numbers="........n"
    )
    now = visit.store.clock.now()
    return head, tuple(_row(row, promised, now) for row in items.iter_rows(named=True))


def list_items(visit: Visit, items: pl.DataFrame) -> Listing:
    """Items of an order, as a list."""
    return Listing("items", "Its items", *_table(visit, items), empty="None is numbered before a service is promised.")


def _row(row: dict[str, Any], promised: dict[tuple[str, ...], Any], now: Any) -> tuple[Any, ...]:
    due = promised.get((row["tenant"], row["seller"], row["order_id"], row["service"]))
    is_late = due is not None and (row["wait_ended_at"] or now) > due
    return (
        Cell(row["item_id"], f"{ROOM.path}/{quote(row['item_id'], safe='')}", code=True),
        Cell(say_status(row["status"], row["kind"]), tone=tone_of(row["status"]), note=_reason(row)),
        write_instant(row["since"]),
        Cell(write_instant(due), tone="wrong") if is_late else write_instant(due),
        Cell("–", note=f"announced by {row['operator']}")
        if row["operator"]
        else link_order(row["seller"], row["order_id"]),
        row["origin"],
        row["country"],
        row["service"],
        f"{row['events']:,}",
    )


def _reason(row: dict[str, Any]) -> str:
    return str(row["reason"] or "").replace("_", " ").lower()


def _without(seller: str, order_id: str) -> tuple[Any, ...]:
    return (Cell("no item yet", tone="open"), "", "", "", link_order(seller, order_id), "", "", "", "")


def _choices(visit: Visit, sought: Sought, tally: Tally | None) -> list[tuple[str, str, int | None, bool]]:
    """Links to the list by status: words, address, how many as last counted, and whether it is the one shown."""
    counts: dict[str, int] = {}
    if tally is not None:
        sums = tally.of(visit.tenant)
        sums = sums.filter(pl.col("country") == sought.country.upper()) if sought.country else sums
        by_state = dict(sums.group_by("state").agg(pl.col("items").sum()).iter_rows())
        counts = {name: sum(by_state.get(state, 0) for state in states) for name, states in STATES.items()}
        late = pl.col("due_day") < day_number(visit.store.clock.now().date())
        counts |= {"": sum(by_state.values()), OVERDUE: int(sums.filter(late).get_column("items").sum())}
    shown = [("", "All"), (OVERDUE, "Overdue"), *((name, say_status(name)) for name in STATES)]
    return [
        (words, with_query(visit.request, status=name, before="", q=""), counts.get(name), name == sought.status)
        for name, words in shown
        if name in ("", sought.status) or tally is None or counts.get(name)
    ]


def _declared(visit: Visit, item_id: str, may_see: bool) -> Table:
    """What the advance data of an item declare, to who sees to whom it goes."""
    data = find_advance_data(visit.store, visit.tenant, item_id) if may_see else None
    said = data.declaration if data else Declaration("", "", ())
    rows = [
        (
            *(each.description, each.hs_code or None, each.quantity, each.net_weight_g),
            *(_amount(each, said), said.currency, each.origin_country or None),
        )
        for each in said.contents
    ]
    kinds = {each.name: pl.String() if each.format == "text" else pl.Float64() for each in DECLARED}
    return Table(pl.DataFrame(rows, schema=kinds, orient="row"), DECLARED)


def _amount(content: Content, said: Declaration) -> float | None:
    return content.value_minor / 10 ** get_exponent(said.currency) if is_currency(said.currency) else None


def _recipient(visit: Visit, order: pl.DataFrame) -> dict[str, Any] | None:
    found = visit.store.recipients.find(order)
    return found.row(0, named=True) if found.height else None
