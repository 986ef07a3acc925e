"""The control tower: which pages it has, in the order of its navigation.

To add a page: write a module in `pages` with `ROOM` and `router` (an `APIRouter` whose `route_class` is `PageRoute`),
its template `templates/NAME.html.j2` that extends `frame.html.j2`, and its test in `tests/web/pages`; put it into
`PAGES`. Routes ask for a `Visit` by `visit_with(SCOPE)`, forms by `change_with(SCOPE)`; they call use cases with
`visit.caller` or `visit.tenant` and answer `visit.page(...)` or `visit.go(...)`. Lists are a `Listing`, pictures a
`Drawing`; `parts.html.j2` has the macros that show them. A page's own script is a file in `scripts` and a line of
`shelf.SHELF`; nothing stands inside a page that a browser would run.
"""

from __future__ import annotations

from fastapi import FastAPI

from entrepost.web import shelf
from entrepost.web.desk import Desk
from entrepost.web.pages import (
    dispatches,
    door,
    exceptions,
    items,
    lanes,
    messages,
    network,
    order,
    orders,
    overview,
    planner,
    settings,
)
from entrepost.web.reply import answer_missing

PAGES = (overview, orders, items, exceptions, dispatches, messages, lanes, network, planner, settings)
"""Modules of pages that stand in the navigation."""


def open_tower(app: FastAPI, desk: Desk) -> None:
    """Let an app have the pages of the control tower."""
    app.state.desk = desk
    app.state.rooms = tuple(page.ROOM for page in PAGES)
    for router in (shelf.router, door.router, order.router, *(page.router for page in PAGES)):
        app.include_router(router)
    answer_missing(app)
