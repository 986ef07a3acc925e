"""Settings: who sends the items of each seller, as labels and customs forms bear it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from entrepost.operations.senders import CELLS, REQUIRED, find_sender, list_senders, remove_sender, set_sender
from entrepost.web.form import FormOf
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PATH = "/settings/senders"
Looking = Annotated[Visit, Depends(visit_with("labels:write"))]
Changing = Annotated[Visit, Depends(change_with("labels:write"))]
WORDS = {
    "operator": ("Operator", "The post that accepts the items, as printed."),
    "office": ("Office of posting", ""),
    "name": ("Name of the sender", ""),
    "line1": ("Street and number", ""),
    "line2": ("Second line", ""),
    "line3": ("Third line", ""),
    "city": ("City", ""),
    "region": ("State or province", ""),
    "postcode": ("Postcode", ""),
    "country": ("Country", "Two letters, such as CN."),
    "phone": ("Telephone", ""),
    "email": ("E-mail", ""),
    "tax_id": ("Customs reference", "Such as an EORI number."),
}
"""What each cell is called, and a hint."""


@router.get(PATH)
def show(visit: Looking, seller: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The senders, and a form for one of them or a new one."""
    found = find_sender(visit.store, visit.tenant, seller) if seller else None
    cells: dict[str, Any] = asdict(found) if found else {}
    fields = [(name, *WORDS[name], cells.get(name, ""), name in REQUIRED) for name in CELLS]
    told: dict[str, Any] = {"senders": list_senders(visit.store, visit.tenant), "seller": seller, "fields": fields}
    return visit.page("settings_senders.html.j2", "Settings", "settings", tab="senders", **told)


@router.post(PATH)
def keep(visit: Changing, form: FormOf) -> Response:
    """Keep a sender."""
    sender = set_sender(visit.store, visit.caller, form.get("seller"), {name: form.get(name) for name in CELLS})
    return visit.go(PATH, f"Labels of {sender.seller} bear this sender from now on.")


@router.post(f"{PATH}/remove")
def remove(visit: Changing, form: FormOf) -> Response:
    """Forget one."""
    sender = remove_sender(visit.store, visit.caller, form.get("seller"))
    return visit.go(PATH, f"The sender of {sender.seller} is forgotten.")
