"""Settings: where the account wants to be told of what happens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from entrepost.base.errors import MisuseError
from entrepost.operations import webhooks_desk
from entrepost.operations.webhooks import KINDS
from entrepost.operations.webhooks_desk import Change
from entrepost.web.form import FormOf
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PATH = "/settings/webhooks"
Changing = Annotated[Visit, Depends(change_with("webhooks:write"))]


@router.get(PATH)
def show(visit: Annotated[Visit, Depends(visit_with("webhooks:read"))]) -> Response:
    """The endpoints, and a form for a new one."""
    return _page(visit)


@router.post(PATH)
def add(visit: Changing, form: FormOf) -> Response:
    """Add an endpoint; its secret is shown this once."""
    endpoint = webhooks_desk.add(visit.store, visit.caller, form.get("url"), form.list("kind"), visit.desk.check_url)
    return _page(visit, made=endpoint)


@router.post(f"{PATH}/change")
def change(visit: Changing, form: FormOf) -> Response:
    """Try an endpoint, switch it on or off, give it another secret, or remove it."""
    name, store, by = form.get("endpoint"), visit.store, visit.caller
    match form.get("do"):
        case "try":
            webhooks_desk.try_out(store, by, name)
            return visit.go(PATH, "A message to try it is on its way.")
        case "on" | "off" as wanted:
            webhooks_desk.change(store, by, name, Change(is_on=wanted == "on"))
            return visit.go(PATH, f"The endpoint is switched {wanted}.")
        case "turn":
            return _page(visit, made=webhooks_desk.turn(store, by, name))
        case "remove":
            webhooks_desk.remove(store, by, name)
            return visit.go(PATH, "The endpoint is removed.")
        case other:
            raise MisuseError(f"nothing is done by {other[:20]!r}; use the buttons of the page")


def _page(visit: Visit, **told: Any) -> Response:
    endpoints = visit.store.webhooks.list_endpoints(visit.tenant)
    told = {"made": None, "endpoints": endpoints, "kinds": list(KINDS.items())} | told
    return visit.page("settings_webhooks.html.j2", "Settings", "settings", tab="webhooks", **told)
