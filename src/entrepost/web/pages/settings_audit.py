"""Settings: who did what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from entrepost.operations.audit import list_entries
from entrepost.web.figures import write_instant
from entrepost.web.listing import Listing, heads, with_query
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, visit_with

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PATH = "/settings/audit"
SHOWN = 50


@router.get(PATH)
def show(
    visit: Annotated[Visit, Depends(visit_with("audit:read"))], before: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """What was done in the account, the latest first."""
    found = list_entries(visit.store, visit.tenant, before, SHOWN + 1)
    rows = tuple((write_instant(each.at), each.who, each.action, each.subject, each.detail) for each in found[:SHOWN])
    following = with_query(visit.request, before=found[SHOWN - 1].entry) if len(found) > SHOWN else ""
    first = with_query(visit.request, before="") if before else ""
    columns = heads("When", "Who", "Did", "To what", "More")
    listing = Listing(
        "audit", "What was done, the latest first", columns, rows, "Nothing was done yet.", following, first
    )
    return visit.page("settings_audit.html.j2", "Settings", "settings", tab="audit", listing=listing)
