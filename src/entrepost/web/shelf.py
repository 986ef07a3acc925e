"""`/static`: the looks and scripts of the control tower, each kept by browsers for good under an address of its own."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import Response

from entrepost.web.page import read_style

router = APIRouter(include_in_schema=False)
FOR_GOOD = "public, max-age=31536000, immutable"
STYLE, SCRIPT, JSON = "text/css; charset=utf-8", "text/javascript; charset=utf-8", "application/json"
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is sent; `mark` changes when the file does."""

    kind: str
    read: Callable[[], str]
    mark: Callable[[], str]


def _own(name: str) -> Callable[[], str]:
    return lambda: (files("entrepost.web") / "scripts" / name).read_text(encoding="utf-8")


def _hash(read: Callable[[], str]) -> Callable[[], str]:
    return lambda: hashlib.sha256(read().encode()).hexdigest()[:12]


def _script(name: str) -> Kept:
    return Kept(SCRIPT, _own(name), _hash(_own(name)))


def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed, from the wheel of vl-convert."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle


def _countries() -> str:
    """The shapes of all countries, for maps."""
    from entrepost.documents.map import read_topology

    return json.dumps(read_topology(), separators=(",", ":"))


def _style() -> str:
    return read_style("tower")


SHELF = {
    "tower.css": Kept(STYLE, _style, _hash(_style)),
    "tower.js": _script("tower.js"),
    **{name: _script(name) for name in ("pictures.js", "upload.js", "progress.js")},
    "countries.json": Kept(JSON, _countries, _hash(_countries)),
    "planner.js": _script("planner.js"),
    "vega.js": Kept(SCRIPT, _vega, lambda: version("vl-convert-python")),
}
"""What there is, by name; a page's own script is one more line here."""


@cache
def address_of(name: str) -> str:
    """Where a file stands, for templates: `{{ shelf("tower.js") }}`."""
    return f"/static/{name}?v={SHELF[name].mark()}"


@router.get("/static/{name}")
def static(name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
    """One file of the shelf."""
    if name not in SHELF:
        raise HTTPException(404)
    with _LOCK:  # the bundle takes seconds to make, once
        plain, packed = _bodies(name)
    headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
    if "gzip" in accept_encoding:
        return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=SHELF[name].kind)
    return Response(plain, headers=headers, media_type=SHELF[name].kind)


@cache
def _bodies(name: str) -> tuple[bytes, bytes]:
    plain = SHELF[name].read().encode()
    return plain, gzip.compress(plain, 6, mtime=0)
