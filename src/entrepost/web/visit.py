"""Somebody who signed in and looks at a page: who they are, what they may, and how they are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from entrepost.base.errors import NotAllowedError, UnknownCallerError
from entrepost.operations.access import Caller
from entrepost.operations.opened import places_of
from entrepost.operations.sign_in import CSRF_HEADER, SESSION_COOKIE, SignedIn, find_session
from entrepost.operations.store import Store
from entrepost.web.desk import Desk, DeskOf
from entrepost.web.form import FormOf
from entrepost.web.frame import Room, add_news, drop_news, read_news, write_page

if TYPE_CHECKING:
    from entrepost.network.network import Network

SIGN_IN_FIRST = "sign in first"


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at a desk."""

    desk: Desk
    request: Request
    signed_in: SignedIn

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self.desk.store

    @property
    def caller(self) -> Caller:
        """Who asks, as use cases want to know it."""
        return self.signed_in.caller

    @property
    def tenant(self) -> str:
        """The account of which the page tells; there is no way to ask for another."""
        return self.signed_in.caller.tenant

    @property
    def network(self) -> Network:
        """The network by which the account's items are known: the server's, with warehouses that it opened."""
        return places_of(self.store, self.desk.network(), self.tenant)

    @property
    def rooms(self) -> list[Room]:
        """The pages that they may see, in the order of the navigation."""
        return [room for room in self.request.app.state.rooms if self.caller.may(room.scope)]

    def page(self, template: str, title: str, room: str = "", status: int = 200, **values: Any) -> HTMLResponse:
        """A page of the tower, with its navigation and what was to be told since the last one."""
        news = read_news(self.request)
        answer = write_page(template, status, title=title, here=room, visit=self, news=news, **values)
        if news:
            drop_news(answer)
        return answer

    def go(self, address: str, says: str = "", tone: str = "good") -> RedirectResponse:
        """After a form: send the browser to a page, which says what happened."""
        answer = RedirectResponse(address, 303)
        if says:
            add_news(answer, self.desk.is_secure, says, tone)
        return answer


def visit_of(request: Request, desk: DeskOf) -> Visit:
    """Who looks; who did not sign in is sent to do so (`reply.PageRoute`).

    Raises
    ------
    UnknownCallerError
        When nobody is signed in.
    """
    cookie = request.cookies.get(SESSION_COOKIE, "")
    signed_in = find_session(desk.store, cookie, desk.sign_in) if cookie else None
    if signed_in is None:
        raise UnknownCallerError(SIGN_IN_FIRST)
    request.state.tenant = signed_in.caller.tenant
    request.state.visit = visit = Visit(desk, request, signed_in)
    return visit


def visit_with(scope: str) -> Callable[..., Visit]:
    """A dependency of what is only read: somebody who may do what the scope names."""

    def find(visit: Annotated[Visit, Depends(visit_of)]) -> Visit:
        visit.caller.demand(scope)
        return visit

    return find


def change_with(scope: str) -> Callable[..., Visit]:
    """A dependency of what changes anything: as `visit_with`, and the form or its header carries the page's token."""

    def find(visit: Annotated[Visit, Depends(visit_of)], form: FormOf) -> Visit:
        visit.caller.demand(scope)
        if not visit.signed_in.holds(form.get("csrf") or visit.request.headers.get(CSRF_HEADER, "")):
            raise NotAllowedError("the page is too old, or not ours; load it anew and send it again")
        return visit

    return find
