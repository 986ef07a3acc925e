"""Settings: the people of an account, and the ways to its keys, webhooks, retention and audit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from entrepost.operations.access import ROLES
from entrepost.operations.people import end_person, invite, list_people, set_role
from entrepost.operations.records import Person
from entrepost.web.figures import write_instant
from entrepost.web.form import FormOf
from entrepost.web.frame import Room
from entrepost.web.pages import (
    settings_audit,
    settings_keys,
    settings_privacy,
    settings_promises,
    settings_senders,
    settings_webhooks,
)
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

ROOM = Room("settings", "Settings", "/settings", "people:read")
router = APIRouter(include_in_schema=False, route_class=PageRoute)
for part in (
    *(settings_keys, settings_promises, settings_senders),
    *(settings_webhooks, settings_privacy, settings_audit),
):
    router.include_router(part.router)
Changing = Annotated[Visit, Depends(change_with("people:write"))]

MEANINGS = {
    "viewer": "reads everything but keys, people and the audit; asks for quotes",
    "clerk": "brings in orders and events, prints labels, works on exceptions",
    "planner": "makes plans, too",
    "admin": "makes keys, invites people and reads the audit, too",
}


@router.get(ROOM.path)
def show(visit: Annotated[Visit, Depends(visit_with(ROOM.scope))]) -> Response:
    """The people, and whom to invite."""
    return _page(visit)


@router.post("/settings/people")
def invite_one(visit: Changing, form: FormOf) -> Response:
    """Invite somebody; what they are to be sent is shown this once."""
    invitation, token = invite(visit.store, visit.caller, form.get("email"), form.get("role"))
    base = str(visit.request.base_url).rstrip("/")
    return _page(visit, made=invitation, link=f"{base}/invitation?token={token}")


@router.post("/settings/people/role")
def change_role(visit: Changing, form: FormOf) -> Response:
    """Give somebody another role."""
    person = set_role(visit.store, visit.caller, form.get("email"), form.get("role"))
    return visit.go(ROOM.path, f"{person.email} is {person.role} now; their sessions ended.")


@router.post("/settings/people/end")
def end(visit: Changing, form: FormOf) -> Response:
    """Let somebody in no more."""
    person = end_person(visit.store, visit.caller, form.get("email"))
    return visit.go(ROOM.path, f"{person.email} is let in no more.")


def _page(visit: Visit, **told: Any) -> Response:
    people = [(person, _state(visit, person)) for person in list_people(visit.store, visit.tenant)]
    told = {
        "made": None,
        "link": "",
        "people": people,
        "roles": [(role, f"{role}: {MEANINGS[role]}") for role in ROLES],
    } | told
    return visit.page("settings.html.j2", ROOM.title, ROOM.name, tab="people", names=list(ROLES), **told)


def _state(visit: Visit, person: Person) -> tuple[str, Any]:
    now = visit.store.clock.now()
    if person.ended_at is not None:
        return "open", "gone"
    if person.locked_until is not None and now < person.locked_until:
        return "wrong", "locked until " + write_instant(person.locked_until)
    return "good", "may sign in"
