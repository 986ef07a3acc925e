"""`/v1/senders`: who stands as the sender on labels and forms of a seller's items, and where they are posted."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.operations.access import Caller
from entrepost.operations.house_records import Sender
from entrepost.operations.senders import LONGEST, get_sender, list_senders, remove_sender, set_sender

router = APIRouter(prefix="/v1/senders")
READ, WRITE = "labels:read", "labels:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=100, examples=["shop"])]


class SenderGiven(BaseModel):
    """Whose items are sent, by which operator and from which address, as they are printed."""

    seller: str = Field(max_length=100, examples=["shop"])
    operator: str = Field(max_length=LONGEST, examples=["China Post"])
    office: str = Field("", max_length=LONGEST, examples=["Shenzhen EMC"])
    name: str = Field(max_length=LONGEST, examples=["Shenzhen Lamps Ltd."])
    line1: str = Field(max_length=LONGEST, examples=["18 Keyuan South Road"])
    line2: str = Field("", max_length=LONGEST)
    line3: str = Field("", max_length=LONGEST)
    city: str = Field(max_length=LONGEST, examples=["Shenzhen"])
    region: str = Field("", max_length=LONGEST)
    postcode: str = Field("", max_length=LONGEST, examples=["518057"])
    country: str = Field(max_length=2, examples=["CN"])
    phone: str = Field("", max_length=LONGEST)
    email: str = Field("", max_length=LONGEST)
    tax_id: str = Field("", max_length=LONGEST, description="The sender's customs reference, such as an EORI.")


class SenderShown(SenderGiven):
    """A seller's sender, and who said so."""

    changed_by: str
    changed_at: datetime


@router.get("", summary="Senders", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[SenderShown]:
    """The senders of the account by seller."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = list_senders(house.store, caller.tenant, after, limit + 1)
    kept, following = cut(found, limit, lambda each: [each.seller])
    return Page(data=[_shown(each) for each in kept], next_cursor=following)


@router.get("/{seller}", summary="A seller's sender", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, seller: Name) -> SenderShown:
    """Who sends the seller's items."""
    return _shown(get_sender(house.store, caller.tenant, seller))


@router.post("", summary="Keep a seller's sender", status_code=201, **guarded(WRITE, 400))
def keep(caller: Writer, house: HouseOf, given: SenderGiven) -> SenderShown:
    """In place of what was kept before; labels of the seller bear it where a row says nothing else."""
    return _shown(set_sender(house.store, caller, given.seller, given.model_dump()))


@router.delete("/{seller}", summary="Forget a seller's sender", **guarded(WRITE, 404))
def remove(caller: Writer, house: HouseOf, seller: Name) -> SenderShown:
    """Labels then take the sender from their rows alone."""
    return _shown(remove_sender(house.store, caller, seller))


def _shown(sender: Sender) -> SenderShown:
    cells = asdict(sender)
    return SenderShown(**{name: cells[name] for name in SenderShown.model_fields})
