"""Settings: the keys of programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from entrepost.base.errors import MisuseError
from entrepost.operations.access import READ, RESOURCES, WRITE
from entrepost.operations.keys import is_valid, list_keys, make_key, revoke_key
from entrepost.web.form import FormOf
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PATH = "/settings/keys"
Changing = Annotated[Visit, Depends(change_with("keys:write"))]


@router.get(PATH)
def show(visit: Annotated[Visit, Depends(visit_with("keys:read"))]) -> Response:
    """The keys, and a form for a new one."""
    return _page(visit)


@router.post(PATH)
def make(visit: Changing, form: FormOf) -> Response:
    """Make a key; its text is shown this once."""
    key, secret = make_key(visit.store, visit.caller, form.get("name"), form.list("scope"), _until(form.get("until")))
    return _page(visit, made=key, secret=secret)


@router.post(f"{PATH}/revoke")
def revoke(visit: Changing, form: FormOf) -> Response:
    """End a key at once."""
    key = revoke_key(visit.store, visit.caller, form.get("key"))
    return visit.go(PATH, f"The key “{key.name}” is revoked.")


def _page(visit: Visit, **told: Any) -> Response:
    now = visit.store.clock.now()
    keys = [(key, is_valid(key, now)) for key in reversed(list_keys(visit.store, visit.tenant))]
    scopes = [(resource, f"{resource}:{READ}", f"{resource}:{WRITE}") for resource in RESOURCES]
    told = {"made": None, "secret": "", "keys": keys, "scopes": scopes} | told
    return visit.page("settings_keys.html.j2", "Settings", "settings", tab="keys", **told)


def _until(day: str) -> datetime | None:
    """The end of a day in UTC."""
    try:
        return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC) if day else None
    except ValueError:
        raise MisuseError(f"{day[:20]!r} is no day; write it as 2027-06-30") from None
