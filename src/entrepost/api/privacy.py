"""`/v1/privacy`: what is kept of a person, given and erased when the person asks; and for how long it is kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import House, HouseOf
from entrepost.api.repeats import RepeatsOf
from entrepost.operations.access import Caller
from entrepost.operations.chores import ChoreParams
from entrepost.operations.privacy import (
    DAYS_MAX,
    Person,
    PrivacyParams,
    erase_person,
    get_retention,
    give_person,
    set_retention,
)

router = APIRouter(prefix="/v1/privacy")
READ, WRITE = "privacy:read", "privacy:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]


class OrderNamed(BaseModel):
    """An order by its seller and number."""

    seller: str = Field(min_length=1, max_length=100, examples=["shop"])
    order_id: str = Field(min_length=1, max_length=100, examples=["o-1001"])


class PersonNamed(BaseModel):
    """A person, named by an order or an item whose recipient they are, or by an e-mail address; one of them."""

    order: OrderNamed | None = None
    item_id: str = Field("", max_length=40, description="An item that they get, such as one that a partner announced.")
    email: str = Field("", max_length=255, examples=["anna@example.org"])

    def person(self) -> Person:
        """The same, as it is looked for."""
        return Person((self.order.seller, self.order.order_id) if self.order else None, self.email, self.item_id)


class ErasureWanted(PersonNamed):
    """Whom to erase, and on whose word, as the audit is to have it: a case, no person's name."""

    asked_by: str = Field("", max_length=100, examples=["case 1234"])


class PersonKept(BaseModel):
    """All that is kept of a person, by table."""

    orders: list[dict[str, Any]]
    recipients: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    items: list[dict[str, Any]]
    events: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    rejected_rows: list[dict[str, Any]]
    messages: list[dict[str, Any]]


class Erased(BaseModel):
    """From how many orders a person was erased."""

    orders: int


class RetentionShown(BaseModel):
    """For how many days people's data are kept after the last event: of orders that are over, and of all others."""

    keep_days: int = Field(ge=0, le=DAYS_MAX, examples=[90])
    open_days: int = Field(ge=0, le=DAYS_MAX, examples=[365])


@router.post("/exports", summary="Give a person their data", **guarded(READ, 400, 404))
def export(caller: Reader, house: HouseOf, named: PersonNamed) -> PersonKept:
    """All that is kept under an order or an address, and nothing about anybody else; the audit has that it was given.

    It is a POST so that no address stands in a path; the answer is kept nowhere.
    """
    return PersonKept(**jsonable_encoder(give_person(house.store, caller, named.person())))


@router.post("/erasures", summary="Erase a person", response_model=Erased, **guarded(WRITE, 400, 404))
def erase(caller: Writer, house: HouseOf, repeats: RepeatsOf, wanted: ErasureWanted) -> Response:
    """Take name, addresses, contacts and pseudonym from all of the person's orders; it cannot be undone."""

    def effect() -> Erased:
        asked_by = f"{caller.who}: {wanted.asked_by}" if wanted.asked_by else caller.who
        return Erased(orders=erase_person(house.store, caller.tenant, wanted.person(), asked_by))

    return repeats.answer(caller, effect)


@router.get("/retention", summary="How long people's data are kept", **guarded(READ))
def get(caller: Reader, house: HouseOf) -> RetentionShown:
    """As the account says it, or as all accounts of the server have it."""
    return _shown(get_retention(house.store, caller.tenant, _usual(house)))


@router.put("/retention", summary="Say how long people's data are kept", **guarded(WRITE, 400))
def put(caller: Writer, house: HouseOf, wanted: RetentionShown) -> RetentionShown:
    """What is over by it is forgotten within a day; what was forgotten does not come back."""
    return _shown(set_retention(house.store, caller, PrivacyParams(wanted.keep_days, wanted.open_days)))


def _usual(house: House) -> PrivacyParams:
    return (house.params.chores or ChoreParams()).privacy


def _shown(params: PrivacyParams) -> RetentionShown:
    return RetentionShown(keep_days=params.keep_days, open_days=params.open_days)
