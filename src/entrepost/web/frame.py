"""The frame of every page of the control tower: navigation, policy, and the news that one page leaves for the next."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from starlette.responses import Response

from entrepost.web import figures
from entrepost.web.page import templates
from entrepost.web.shelf import address_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""A browser takes scripts and looks from this server alone, none that stand inside a page; no frame holds it."""

NEWS_COOKIE = "entrepost_news"
NEWS_SECONDS = 60
TONES = ("good", "wrong")


@dataclass(frozen=True, slots=True)
class Room:
    """A page in the navigation: its name (also of its icon in `icons.html.j2`), and the scope of who sees it."""

    name: str
    title: str
    path: str
    scope: str


@dataclass(frozen=True, slots=True)
class News:
    """What a page tells of what was just done."""

    text: str
    tone: str


def write_page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Write a page; everything that comes from data is escaped."""
    html = _environment().get_template(template).render(**{"visit": None, "news": None, "here": ""} | values)
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


def add_news(answer: Response, is_secure: bool, text: str, tone: str) -> None:
    """Leave news for the next page, in a cookie that lives a minute."""
    cell = base64.urlsafe_b64encode(json.dumps([text[:500], tone]).encode()).decode()
    options: dict[str, Any] = {"max_age": NEWS_SECONDS, "httponly": True, "samesite": "strict"}
    answer.set_cookie(NEWS_COOKIE, cell, secure=is_secure, **options)


def read_news(request: Request) -> News | None:
    """What the page before left; nothing where it cannot be read."""
    try:
        text, tone = json.loads(base64.b64decode(request.cookies.get(NEWS_COOKIE, ""), altchars=b"-_", validate=True))
        return News(str(text), tone if tone in TONES else TONES[0])
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None


def drop_news(answer: Response) -> None:
    """Told once is enough."""
    answer.delete_cookie(NEWS_COOKIE)


@cache
def _environment() -> Environment:
    environment = templates().overlay()
    environment.globals |= {"shelf": address_of}
    environment.filters |= figures.FILTERS
    return environment
