"""`/v1/people`: who works in an account, and `/v1/audit`: who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.operations.access import Caller
from entrepost.operations.audit import list_entries
from entrepost.operations.people import end_person, get_person, invite, list_people, set_role
from entrepost.operations.records import Person

router = APIRouter()
READ, WRITE, AUDIT = "people:read", "people:write", "audit:read"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Email = Annotated[str, Path(max_length=255, examples=["anna@example.org"])]


class PersonShown(BaseModel):
    """Somebody who works in the account."""

    email: str
    name: str
    role: str
    created_at: datetime
    locked_until: datetime | None
    ended_at: datetime | None


class RoleWanted(BaseModel):
    """The role that somebody is to have."""

    role: str = Field(max_length=20, examples=["clerk"])


class InvitationWanted(RoleWanted):
    """Whom to invite."""

    email: str = Field(max_length=255, examples=["anna@example.org"])


class InvitationMade(BaseModel):
    """An invitation; `token` is what the invited is to be sent, shown this once."""

    email: str
    role: str
    until: datetime
    token: str


class AuditShown(BaseModel):
    """That somebody did something."""

    entry: str
    at: datetime
    who: str
    action: str
    subject: str
    detail: str


def shown(person: Person) -> PersonShown:
    """Somebody as they are shown."""
    return PersonShown(**{name: getattr(person, name) for name in PersonShown.model_fields})


@router.get("/v1/people", summary="Who works in the account", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[PersonShown]:
    """People by their addresses, those who are gone too."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = list_people(house.store, caller.tenant, after, limit + 1)
    kept, following = cut(found, limit, lambda person: [person.email])
    return Page(data=[shown(person) for person in kept], next_cursor=following)


@router.post("/v1/people", summary="Invite somebody", status_code=201, response_model=InvitationMade, **guarded(WRITE))
def invite_one(caller: Writer, house: HouseOf, repeats: RepeatsOf, wanted: InvitationWanted) -> Response:
    """Invite somebody for a week. An answer that is given again tells no token."""
    token: list[str] = []

    def effect() -> InvitationMade:
        invitation, text = invite(house.store, caller, wanted.email, wanted.role)
        token.append(text)
        return InvitationMade(email=invitation.email, role=invitation.role, until=invitation.until, token="")

    answer = repeats.answer(caller, effect, 201)
    if not token:
        return answer
    made = InvitationMade.model_validate_json(bytes(answer.body)).model_copy(update={"token": token[0]})
    return Response(made.model_dump_json(), 201, media_type="application/json")


@router.get("/v1/people/{email}", summary="Somebody", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, email: Email) -> PersonShown:
    """Somebody of the account."""
    return shown(get_person(house.store, caller.tenant, email))


@router.patch("/v1/people/{email}", summary="Give somebody another role", **guarded(WRITE, 404))
def change(caller: Writer, house: HouseOf, email: Email, wanted: RoleWanted) -> PersonShown:
    """Change a role; their sessions end."""
    return shown(set_role(house.store, caller, email, wanted.role))


@router.delete("/v1/people/{email}", summary="Let somebody in no more", **guarded(WRITE, 404))
def end(caller: Writer, house: HouseOf, email: Email) -> PersonShown:
    """Their sessions end; what they did stays in the audit."""
    return shown(end_person(house.store, caller, email))


@router.get("/v1/audit", summary="Who did what", **guarded(AUDIT))
def audit(
    caller: Annotated[Caller, Depends(caller_with(AUDIT))], house: HouseOf, limit: Limit = PAGE, cursor: Cursor = ""
) -> Page[AuditShown]:
    """What was done in the account, the latest first."""
    (before,) = read_cursor(cursor, str) or ("",)
    found = list_entries(house.store, caller.tenant, before, limit + 1)
    kept, following = cut(found, limit, lambda entry: [entry.entry])
    data = [AuditShown(**{name: getattr(entry, name) for name in AuditShown.model_fields}) for entry in kept]
    return Page(data=data, next_cursor=following)
