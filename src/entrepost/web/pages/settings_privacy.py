"""Settings: for how long people's data are kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from entrepost.base.errors import MisuseError
from entrepost.operations.privacy import DAYS_MAX, PrivacyParams, get_retention, set_retention
from entrepost.web.form import FormOf
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PATH = "/settings/retention"


@router.get(PATH)
def show(visit: Annotated[Visit, Depends(visit_with("privacy:read"))]) -> Response:
    """How long, and a form to say it anew."""
    kept = get_retention(visit.store, visit.tenant)
    told = {"kept": kept, "most": DAYS_MAX}
    return visit.page("settings_privacy.html.j2", "Settings", "settings", status=200, tab="retention", **told)


@router.post(PATH)
def change(visit: Annotated[Visit, Depends(change_with("privacy:write"))], form: FormOf) -> Response:
    """Say for how long."""
    params = PrivacyParams(_days(form.get("keep_days")), _days(form.get("open_days")))
    set_retention(visit.store, visit.caller, params)
    return visit.go(PATH, f"People’s data are kept for {params.keep_days} and {params.open_days} days.")


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise MisuseError(f"{text[:20]!r} is no number of days; give a whole number such as 90")
    return int(text)
