"""`/v1/keys`: the keys of an account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import AwareDatetime, BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.operations.access import Caller
from entrepost.operations.keys import get_key, list_keys, make_key, revoke_key
from entrepost.operations.records import ApiKey

router = APIRouter(prefix="/v1/keys")
READ, WRITE = "keys:read", "keys:write"
KeyName = Annotated[str, Path(max_length=64, examples=["0661658448c2a05879ab0341"])]


class KeyWanted(BaseModel):
    """A key to be made."""

    name: str = Field(min_length=1, max_length=100, examples=["checkout of the shop"])
    scopes: list[str] = Field(min_length=1, max_length=100, examples=[["orders:write", "quotes:write"]])
    until: AwareDatetime | None = Field(None, examples=["2027-06-30T00:00:00Z"])


class KeyShown(BaseModel):
    """A key as everybody may see it who may see keys: without its secret."""

    key: str
    name: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    until: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class KeyMade(KeyShown):
    """A key just made; `secret` is shown this once and kept nowhere."""

    secret: str


def shown(key: ApiKey) -> KeyShown:
    """A key as it is shown."""
    return KeyShown(**_cells(key))


@router.get("", summary="The keys of the account", **guarded(READ))
def list_all(
    caller: Annotated[Caller, Depends(caller_with(READ))], house: HouseOf, limit: Limit = PAGE, cursor: Cursor = ""
) -> Page[KeyShown]:
    """Keys in the order in which they were made, revoked ones too."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = list_keys(house.store, caller.tenant, after, limit + 1)
    kept, following = cut(found, limit, lambda key: [key.key])
    return Page(data=[shown(key) for key in kept], next_cursor=following)


@router.post("", summary="Make a key", status_code=201, response_model=KeyMade, **guarded(WRITE, 400))
def make(
    caller: Annotated[Caller, Depends(caller_with(WRITE))], house: HouseOf, repeats: RepeatsOf, wanted: KeyWanted
) -> Response:
    """Make a key; nobody gives what they have not. An answer that is given again tells no secret."""

    def effect() -> KeyMade:
        key, text = make_key(house.store, caller, wanted.name, wanted.scopes, wanted.until)
        secret.append(text)
        return KeyMade(**_cells(key), secret="")

    secret: list[str] = []
    answer = repeats.answer(caller, effect, 201)
    if secret:
        made = KeyMade.model_validate_json(bytes(answer.body)).model_copy(update={"secret": secret[0]})
        return Response(made.model_dump_json(), 201, media_type="application/json")
    return answer


@router.get("/{key}", summary="A key", **guarded(READ, 404))
def get(caller: Annotated[Caller, Depends(caller_with(READ))], house: HouseOf, key: KeyName) -> KeyShown:
    """A key of the account, without its secret."""
    return shown(get_key(house.store, caller.tenant, key))


@router.delete("/{key}", summary="Revoke a key", **guarded(WRITE, 404))
def revoke(caller: Annotated[Caller, Depends(caller_with(WRITE))], house: HouseOf, key: KeyName) -> KeyShown:
    """End a key at once."""
    return shown(revoke_key(house.store, caller, key))


def _cells(key: ApiKey) -> dict[str, Any]:
    names = ("key", "name", "created_by", "created_at", "until", "used_at", "revoked_at")
    return {name: getattr(key, name) for name in names} | {"scopes": key.scopes.split()}
