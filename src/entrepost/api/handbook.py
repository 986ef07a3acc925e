"""The description of the API, for programs as OpenAPI and for people as a page that needs nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse

router = APIRouter(include_in_schema=False)
CAREFUL = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}


@router.get("/v1/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The description for programs."""
    return JSONResponse(request.app.openapi())


@router.get("/v1/docs")
def docs(request: Request) -> HTMLResponse:
    """The description for people."""
    return HTMLResponse(_page(request.app), headers=CAREFUL)


def operations_of(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation of an OpenAPI document."""
    return [
        (method.upper(), path, described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


@cache
def _page(app: FastAPI) -> str:
    import json

    from jinja2 import Environment

    template = resources.files("entrepost.api").joinpath("pages/handbook.html").read_text(encoding="utf-8")
    document = app.openapi()
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for method, path, described in operations_of(document):
        by_tag.setdefault((described.get("tags") or ["other"])[0], []).append((method, path, described))
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["pretty"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False)
    return environment.from_string(template).render(info=document["info"], tags=by_tag, schemas=schemas_of(document))


def schemas_of(document: dict[str, Any]) -> dict[str, Any]:
    """The shapes that an OpenAPI document describes, by name."""
    found: dict[str, Any] = document.get("components", {}).get("schemas", {})
    return found
