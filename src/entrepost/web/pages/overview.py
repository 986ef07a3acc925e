"""The first page: what an account has under way."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from entrepost.web.frame import Room
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, visit_with

ROOM = Room("overview", "Overview", "/", "items:read")
router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get(ROOM.path)
def show(visit: Annotated[Visit, Depends(visit_with(ROOM.scope))]) -> HTMLResponse:
    """The page."""
    return visit.page("overview.html.j2", ROOM.title, ROOM.name)
