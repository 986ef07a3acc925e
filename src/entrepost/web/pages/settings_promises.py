"""Settings: by which policy orders are promised, and whether as they come in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from entrepost.operations.promising import USUAL, find_promising, set_promising
from entrepost.service.policy import BY_NAME
from entrepost.web.form import FormOf
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PATH = "/settings/promises"
MEANINGS = {
    "balanced": "a wanted date is kept as cheaply as can be; without one a day of waiting has a price",
    "keep-date": "the cheapest that keeps the wanted date; without one the cheapest",
    "least-charge": "the cheapest for the customer",
    "least-cost": "the one that costs least to carry",
    "fastest": "the shortest wait",
}


@router.get(PATH)
def show(visit: Annotated[Visit, Depends(visit_with("segments:read"))]) -> Response:
    """How, and a form to say it anew."""
    found = find_promising(visit.store, visit.tenant)
    told: dict[str, Any] = {
        "policy": found.policy if found else USUAL,
        "at_once": bool(found and found.at_once),
        "policies": [(name, f"{name.replace('-', ' ')}: {MEANINGS[name]}") for name in BY_NAME],
    }
    return visit.page("settings_promises.html.j2", "Settings", "settings", tab="promises", **told)


@router.post(PATH)
def change(visit: Annotated[Visit, Depends(change_with("segments:write"))], form: FormOf) -> Response:
    """Say how."""
    told = set_promising(visit.store, visit.caller, form.get("policy"), form.get("at_once") == "yes")
    when = "as they come in" if told.at_once else "when somebody asks for it"
    return visit.go(PATH, f"Orders are promised {when}, by the policy {told.policy.replace('-', ' ')}.")
