"""`/v1/declarations`: customs declarations made and checked: what is missing, which form, what stands on it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel

from entrepost.api.callers import caller_with, guarded
from entrepost.api.given import Given, Rejected, given_rows, rows_body
from entrepost.api.house import House, HouseOf
from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.access import Caller

router = APIRouter(prefix="/v1/declarations")
READ, WRITE = "declarations:read", "declarations:write"
LINE: dict[str, Any] = {
    "item_id": "RB123456785CN",
    "origin": "CN",
    "destination": "DE",
    "hs_code": "610910",
    "description": "Cotton T-shirts for men, knitted",
    "quantity": 5,
    "unit_value": "5.00",
    "currency": "EUR",
    "net_weight_g": 400,
    "nature": "sale",
    "weight_g": 560,
    "seller_scheme_number": "IM2760000000",
}
LinesGiven: Any = given_rows("lines")
Day = Annotated[date | None, Query(description="On whose limits and regimes; without it today.")]


class ContentShown(BaseModel):
    """One kind of article; value and weight are those of all its pieces."""

    description: str | None
    hs_code: str | None
    origin: str | None
    quantity: int | None
    value_minor: int | None
    net_weight_g: int | None


class FaultShown(BaseModel):
    """One thing that is wrong with a declaration; errors reject it, warnings do not."""

    code: str
    field: str
    level: str
    message: str
    fix: str
    row: int


class DeclarationShown(BaseModel):
    """A declaration: its form (cn22, cn23, cp72; empty where that cannot be told), and what stands on it."""

    item_id: str
    destination: str
    form: str
    nature: str
    currency: str
    value_minor: int
    net_weight_g: int
    contents: list[ContentShown]
    missing: list[str]
    findings: list[FaultShown]
    sound: bool


class DeclarationsChecked(BaseModel):
    """The declarations of what was sent, and rows that could not be read."""

    data: list[DeclarationShown]
    rows: list[Rejected]


@router.post(
    "", summary="Check declarations", **guarded(WRITE, 400, 413, 415, extra=rows_body("content_lines", "lines", LINE))
)
def check(
    caller: Annotated[Caller, Depends(caller_with(WRITE))], house: HouseOf, given: LinesGiven, day: Day = None
) -> DeclarationsChecked:
    """Check what items hold before they leave; columns of the table declared_items are looked at too."""
    from entrepost.operations.declaration_desk import declare_file

    sent: Given = given
    with sent.file(house.uploads) as path:
        try:
            declared, found = declare_file(path, day or datetime.now(UTC).date())
        except MissingRowError as error:
            raise MisuseError(f"nothing can be checked by the rules of that day: {error}") from None
    rows = sent.rejected(each for each in found if each.level == "error")
    return DeclarationsChecked(data=[shown(each) for each in declared], rows=rows)


@router.get("/{item_id}", summary="The declaration of an item", **guarded(READ, 404))
def get(
    caller: Annotated[Caller, Depends(caller_with(READ))],
    house: HouseOf,
    item_id: Annotated[str, Path(max_length=40, examples=["LX000000005CN"])],
    day: Day = None,
) -> DeclarationShown:
    """What an item's order says for customs: which form it must bear, and what is missing."""
    from entrepost.operations.declaration_desk import declare_item

    on = day or house.store.clock.now().date()
    return shown(declare_item(house.store, house.places_of(caller.tenant), caller.tenant, item_id, on))


@router.get(
    "/{item_id}/document",
    summary="The customs form of an item",
    response_class=Response,
    **guarded(READ, 404),
)
def document(
    caller: Annotated[Caller, Depends(caller_with(READ))],
    house: HouseOf,
    item_id: Annotated[str, Path(max_length=40, examples=["LX000000005CN"])],
) -> Response:
    """The form that the item must bear (CN 22, CN 23, CP 72) as PDF; what is missing for it is told instead."""
    return pdf_of(house, caller.tenant, item_id, "customs")


def pdf_of(house: House, tenant: str, item_id: str, form: str) -> Response:
    """A label or form of an item as PDF."""
    from entrepost.operations.item_papers import draw_item

    made = draw_item(house.store, house.places_of(tenant), tenant, item_id, form)
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": "inline"})


def shown(declared: Any) -> DeclarationShown:
    """A declaration as it is shown."""
    from entrepost.operations.declaration_desk import missing_of

    return DeclarationShown(**asdict(declared), missing=missing_of(declared.findings))
