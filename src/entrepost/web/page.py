"""One page of HTML: its template, its look, and the policy that lets a browser load nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from entrepost.base.errors import MisuseError
from entrepost.documents.palette import DARK, LIGHT

NOWHERE = "'none'"
"""Whose pages may hold a page of ours in a frame unless told otherwise: nobody's."""

FRAME = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?|'self'|'none'", re.ASCII)


def check_frames(frames: str) -> str:
    """Sites that may hold a page in a frame, by spaces between, as the policy takes them; empty: none.

    Raises
    ------
    MisuseError
        When one of them is no origin.
    """
    wrong = [frame for frame in frames.split() if not FRAME.fullmatch(frame)]
    if wrong:
        raise MisuseError(f"{wrong[0]} is no site that may hold a frame; give origins such as https://shop.example")
    return " ".join(frames.split()) or NOWHERE


def answer_page(template: str, frames: str = NOWHERE, status: int = 200, **values: Any) -> HTMLResponse:
    """Write a page. Everything that comes from data is escaped; nothing is loaded, no script runs, no cookie is set."""
    style = read_style(template.partition(".")[0])
    html = templates().get_template(template).render(style=style, **values)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
    )
    return HTMLResponse(html, status, {"Content-Security-Policy": policy})


@cache
def read_style(name: str) -> str:
    """The look of a page: the colours of our pictures, and its own rules."""
    own = (files("entrepost.web") / "templates" / f"{name}.css").read_text(encoding="utf-8").replace("\r\n", "\n")
    return (
        f":root{{{_colours(LIGHT)}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{_colours(DARK)}}}}}\n{own}"
    )


def _colours(theme: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in theme.items())


def _hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@cache
def templates() -> Environment:
    """The templates of all pages: what comes from data is escaped, and a value that is missing is an error."""
    return Environment(
        loader=PackageLoader("entrepost.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
