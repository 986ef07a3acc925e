"""`/v1/networks`: the network that the server runs on, its tables and what is wrong with it; `/v1/labels`."""

from __future__ import annotations

import base64
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel

from entrepost.api.callers import caller_with, guarded
from entrepost.api.declarations import pdf_of
from entrepost.api.given import Given, Rejected, given_rows, rows_body
from entrepost.api.house import HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, read_cursor, write_cursor
from entrepost.network.network import Network
from entrepost.operations.access import Caller

router = APIRouter()
Reader = Annotated[Caller, Depends(caller_with("networks:read"))]
LabelsGiven: Any = given_rows("labels")
LABEL = {
    "item_id": "RB123456785CN",
    "order_id": "A-10001",
    "operator": "China Post",
    "office": "Shenzhen EMC",
    "posted_on": "2026-05-11",
    "service": "Registered small packet",
    "weight_g": "560",
    "sender_name": "深圳市示例贸易有限公司",
    "sender_line1": "南山区科技园南路18号",
    "sender_line2": "Building 3, Room 1802",
    "sender_city": "Shenzhen",
    "sender_postcode": "518057",
    "sender_country": "CN",
    "sender_phone": "+86 755 5550 0100",
    "recipient_name": "Anna Müller-Lüdenscheidt",
    "recipient_line1": "Invalidenstraße 117",
    "recipient_line2": "Hinterhaus, 3. OG",
    "recipient_city": "Berlin",
    "recipient_postcode": "10115",
    "destination": "DE",
    "recipient_phone": "+49 30 5550117",
    "postage": "12.50",
    "description": "Cotton T-shirts for men, knitted",
    "quantity": "5",
    "unit_value": "5.00",
    "currency": "EUR",
    "net_weight_g": "400",
    "hs_code": "610910",
    "origin": "CN",
    "seller_scheme_number": "IM2760000000",
    "nature": "sale",
}


class Table(StrEnum):
    """A table of a network."""

    FACILITIES = "facilities"
    DEPARTURES = "departures"
    SERVICES = "services"
    RATES = "rates"
    REGIONS = "regions"
    CLEARANCE = "clearance"
    DELIVERY = "delivery"
    WAREHOUSES = "warehouses"
    CALENDAR = "calendar"
    SUSPENSIONS = "suspensions"


class NetworkShown(BaseModel):
    """A network, and how many rows its tables have."""

    network: str
    currency: str
    time_zone: str
    items_per_week: int
    tables: dict[str, int]


class Form(StrEnum):
    """What is printed."""

    LABEL = "label"
    CN22 = "cn22"
    CN23 = "cn23"
    CP72 = "cp72"
    CUSTOMS = "customs"


class Sheets(BaseModel):
    """The sheets of an item, as a PDF in base 64."""

    item_id: str
    pdf: str


class LabelsMade(BaseModel):
    """What was printed, and what is wrong with the other items."""

    items: int
    data: list[Sheets]
    rows: list[Rejected]


@router.get("/v1/networks", summary="Networks", **guarded("networks:read"))
def list_networks(caller: Reader, house: HouseOf) -> Page[NetworkShown]:
    """The network on which the account is served: the server's, with the warehouses of its active plan."""
    return Page(data=[_shown(house.network_of(caller.tenant))])


@router.get("/v1/networks/current/{table}", summary="A table of the network", **guarded("networks:read"))
def list_rows(
    caller: Reader, house: HouseOf, table: Table, limit: Limit = PAGE, cursor: Cursor = ""
) -> Page[dict[str, Any]]:
    """The rows of a table of the network on which the account is served."""
    (start,) = read_cursor(cursor, int) or (0,)
    rows = getattr(house.network_of(caller.tenant), table.value)
    start = min(max(start, 0), len(rows))
    following = write_cursor(start + limit) if start + limit < len(rows) else ""
    return Page(data=[asdict(row) for row in rows[start : start + limit]], next_cursor=following)


@router.post(
    "/v1/labels",
    summary="Print labels and forms",
    **guarded("labels:write", 400, 413, extra=rows_body("labels", "labels", LABEL)),
)
def print_labels(
    caller: Annotated[Caller, Depends(caller_with("labels:write"))],
    house: HouseOf,
    given: LabelsGiven,
    form: Form = Form.LABEL,
) -> LabelsMade:
    """Print a row for each kind of article; an item with a fault is told and the others are printed.

    A row without contents that names an item of the account, or an order by seller and order_id, takes from there
    what it does not say: recipient, destination, weights and contents.
    """
    from entrepost.documents.label import write_sheets
    from entrepost.operations.labels import read_labels
    from entrepost.operations.stored_labels import fill_labels

    sent: Given = given
    tenant, places = caller.tenant, house.places_of(caller.tenant)
    with sent.file(house.uploads) as path:
        labels = read_labels(path, form.value, lambda texts: fill_labels(house.store, places, texts, tenant, path.name))
    found, made = list(labels.rows.findings), []
    for printed in labels.draw():
        found += printed.findings
        if printed.sheets:
            pdf = base64.b64encode(write_sheets(list(printed.sheets), "pdf")).decode()
            made.append(Sheets(item_id=printed.item_id, pdf=pdf))
    rows = sent.rejected(found)
    return LabelsMade(items=labels.rows.items, data=made, rows=rows)


@router.get(
    "/v1/labels/{item_id}", summary="The label of an item", response_class=Response, **guarded("labels:read", 404)
)
def get_label(
    caller: Annotated[Caller, Depends(caller_with("labels:read"))],
    house: HouseOf,
    item_id: Annotated[str, Path(max_length=40, examples=["LX000000005CN"])],
    form: Form = Form.LABEL,
) -> Response:
    """The label, or a form, of an item as PDF: from its order, and what was said of its sender."""
    return pdf_of(house, caller.tenant, item_id, form.value)


def _shown(network: Network) -> NetworkShown:
    sizes = {field.name: getattr(network, field.name) for field in fields(network)}
    return NetworkShown(
        network=network.name,
        currency=network.currency,
        time_zone=network.time_zone,
        items_per_week=network.items_per_week,
        tables={name: len(rows) for name, rows in sizes.items() if isinstance(rows, tuple)},
    )
