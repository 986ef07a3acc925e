"""An order: what was ordered, which service was promised and why, and the items in which it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from entrepost.base.clock import zone
from entrepost.base.errors import MissingRowError
from entrepost.documents.table import Column, Table
from entrepost.reference.currency import get_exponent
from entrepost.web.pages.items import CONTENTS, list_items
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, visit_with

router = APIRouter(include_in_schema=False, route_class=PageRoute)
LINES = (Column("sku", "Article"), *CONTENTS)
Named = Annotated[str, Query(max_length=200)]


@router.get("/orders/one")
def show(visit: Annotated[Visit, Depends(visit_with("orders:read"))], seller: Named, order_id: Named) -> Response:
    """The page."""
    key = pl.DataFrame({"tenant": [visit.tenant], "seller": [seller], "order_id": [order_id]})
    lines, given = visit.store.find_lines(key), visit.store.list_promises(orders=key)
    if not lines.height:
        raise MissingRowError(f"the account has no order {order_id[:100]} of {seller[:100]}")
    first = lines.row(0, named=True)
    told: dict[str, Any] = {
        "first": first,
        "promise": _promise(visit, first, given.row(0, named=True)) if given.height else None,
        "listing": list_items(visit, visit.store.list_items(orders=key)),
        "contents": Table(lines, LINES),
    }
    return visit.page("order.html.j2", order_id, "orders", **told)


def _promise(visit: Visit, first: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """What the page tells of a promise, its days in the recipient's zone."""
    service, there = visit.network.service_by_code.get(row["service"]), zone(row["time_zone"] or "UTC")
    hours, charge, exponent = row["wait_hours_p10"], row["charge_minor"], get_exponent(row["currency"])
    begins = None if hours is None else (first["placed_at"] + timedelta(hours=hours)).astimezone(there).date()
    return {
        "name": service.name if service else row["service"],
        "service": row["service"],
        "route": (row["route"] or "").replace(">", " > "),
        "from_": begins,
        "to": row["arrive_by_p90"].astimezone(there).date() if row["arrive_by_p90"] else None,
        "probability": row["arrive_by_p90_probability"],
        "charge": "–" if charge is None else f"{row['currency']} {charge / 10**exponent:,.{exponent}f}",
        "given_at": row["given_at"],
        "wanted": row["wanted_probability"],
        "explanation": row["explanation"],
    }
