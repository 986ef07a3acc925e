"""Signing in and out, and accepting an invitation."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from entrepost.base.errors import MisuseError, NotAllowedError, UnknownCallerError
from entrepost.operations import people, sign_in
from entrepost.operations.sign_in import SESSION_COOKIE
from entrepost.web.desk import Desk, DeskOf
from entrepost.web.form import Form, FormOf
from entrepost.web.frame import write_page
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)
HERE = ("127.0.0.1", "localhost", "::1")
FRIENDLY = ("", "none", "same-origin")
"""What a browser says of where a form stands (Sec-Fetch-Site) when it is ours."""


def from_us(request: Request, form: FormOf) -> Form:
    """A form that is filled before anybody signed in: another site may not send it for its reader."""
    if request.headers.get("sec-fetch-site", "") not in FRIENDLY:
        raise NotAllowedError("this form was sent from another site; open our page and fill it there")
    return form


FromUs = Annotated[Form, Depends(from_us)]


@router.get("/sign-in")
def show_sign_in(request: Request, desk: DeskOf, account: str = "", next: str = "") -> Response:
    """The door."""
    try:
        visit_of(request, desk)
    except UnknownCallerError:
        return _door(account or desk.account, "", next)
    return RedirectResponse(inside(next), 303)


@router.post("/sign-in")
def enter(request: Request, desk: DeskOf, form: FromUs) -> Response:
    """Begin a session."""
    account, email, onward = form.get("account") or desk.account, form.get("email"), form.get("next")
    if wait := desk.strangers.take(request.client.host if request.client else "nowhere"):
        answer = _door(account, email, onward, f"too many tries; try again in {wait} s", 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    try:
        token = sign_in.sign_in(desk.store, account, email, form.get_raw("password"), desk.sign_in)
    except UnknownCallerError as error:
        return _door(account, email, onward, str(error), 401)
    return _welcome(desk, request, token, inside(onward))


@router.post("/sign-out")
def leave(request: Request, visit: Annotated[Visit, Depends(change_with("items:read"))]) -> Response:
    """End the session."""
    sign_in.sign_out(visit.store, request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/invitation")
def show_invitation(desk: DeskOf, token: str = "") -> Response:
    """Where somebody who was invited says who they are."""
    return _invitation(desk, token)


@router.post("/invitation")
def accept(request: Request, desk: DeskOf, form: FromUs) -> Response:
    """Become somebody in the account that invited, and be signed in."""
    token, password = form.get("token"), form.get_raw("password")
    if password != form.get_raw("again"):
        return _invitation(desk, token, form.get("name"), "the two passwords differ", 422)
    try:
        person = people.accept(desk.store, token, form.get("name"), password, desk.sign_in.passwords)
    except MisuseError as error:
        return _invitation(desk, token, form.get("name"), str(error), 422)
    except UnknownCallerError as error:
        return _invitation(desk, "", "", str(error), 401)
    session = sign_in.sign_in(desk.store, person.tenant, person.email, password, desk.sign_in)
    return _welcome(desk, request, session, "/")


def inside(address: str) -> str:
    """An address of ours, or the first page where it is none: nobody is sent elsewhere after signing in."""
    parts = urlsplit(address)
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if is_ours and address.isprintable() else "/"


def _door(account: str, email: str, onward: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    told = {"account": account, "email": email, "onward": onward, "wrong": wrong}
    return write_page("sign_in.html.j2", status, title="Sign in", **told)


def _invitation(desk: Desk, token: str, name: str = "", wrong: str = "", status: int = 200) -> HTMLResponse:
    invitation = people.find_invitation(desk.store, token) if token else None
    if token and invitation is None and not wrong:
        wrong = "the invitation does not hold: it was used, or it is over; ask for a new one"
    told = {"invitation": invitation, "token": token, "name": name, "wrong": wrong}
    return write_page("invitation.html.j2", status, title="Invitation", **told)


def _welcome(desk: Desk, request: Request, token: str, address: str) -> RedirectResponse:
    answer = RedirectResponse(address, 303)
    is_local = request.url.scheme == "http" and request.url.hostname in HERE
    seconds = desk.sign_in.session_hours * 3600
    secure = desk.is_secure and not is_local
    answer.set_cookie(SESSION_COOKIE, token, max_age=seconds, secure=secure, httponly=True, samesite="lax")
    return answer
