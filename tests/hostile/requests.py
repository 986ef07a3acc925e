"""Requests that mean harm: a sound one of every route, of which a part is something from `words`."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tests.api.world import SENDER
from tests.hostile import words
from tests.hostile.target import BO, Target
from tests.operations.shop import csv_text

MAPPED = {"decimal": ".", "name": "x.csv", "from.seller": "seller", "all.country": "DE", "unit.weight_g": "g"}
FORMS: dict[str, tuple[dict[str, str], ...]] = {
    "/sign-in": ({"account": "main", "email": BO, "password": "x", "next": "/items"},),
    "/sign-out": ({"csrf": "x"},),
    "/invitation": ({"token": "x", "name": "Bo", "password": "x", "again": "x"},),
    "/settings/people": ({"email": "new@example.org", "role": "viewer"},),
    "/settings/people/role": ({"email": BO, "role": "clerk"},),
    "/settings/people/end": ({"email": BO},),
    "/settings/keys": ({"name": "shop", "scope": "orders:read", "until": "2027-06-30"},),
    "/settings/keys/revoke": ({"key": "{key}"},),
    "/settings/webhooks": ({"url": "https://hooks.example.org/in", "kind": "batch.finished"},),
    "/settings/webhooks/change": ({"endpoint": "{endpoint}", "do": "try"}, {"endpoint": "{endpoint}", "do": "turn"}),
    "/settings/promises": ({"policy": "fastest", "at_once": "yes"},),
    "/orders/promises": ({},),
    "/settings/retention": ({"keep_days": "90", "open_days": "365"},),
    "/settings/senders": (SENDER | {"seller": "mine"},),
    "/settings/senders/remove": ({"seller": "mine"},),
    "/exceptions/{name}": (
        {"do": "assign", "person": BO},
        {"do": "note", "text": "x"},
        {"do": "close", "reason": "solved", "text": "x"},
    ),
    "/messages/{name}": ({"do": "replay"}, {"do": "mend", "mended": "UNB+UNOC:3+NL101+CN101+260107:1000+R46'"}),
    "/orders/files": ({},),
    "/orders/files/{draft}": (MAPPED,),
    "/planner": ({"goal": "days", "value": "6", "seconds": "1", "points": "0", "rules": "0", "title": "x"},),
    "/planner/{plan}": ({"do": "pick", "point": "0"}, {"do": "worlds"}, {"do": "cancel"}),
    "/planner/{plan}/rules": ({"do": "activate"},),
}
"""What the forms of pages send; a new one without its case fails."""

QUERIES: dict[str, dict[str, str]] = {
    "/track": {"numbers": "LX000000005CN", "lang": "ar"},
    "/sign-in": {"account": "main", "next": "/items"},
    "/invitation": {"token": "x"},
    "/items": {"q": "o1", "status": "", "country": "DE", "after": "", "seller": "shop"},
    "/exceptions": {"view": "mine"},
    "/lanes": {"all": "true"},
    "/orders": {"before": "x"},
    "/orders/files": {"name": "x.csv"},
    "/orders/files/{draft}": MAPPED,
    "/orders/batches/{batch}": {"after": "1"},
    "/network": {"checked": "true"},
    "/network/tables/{table}": {"begin": "1"},
    "/settings/audit": {"before": "x"},
    "/v1/batches": {"kind": "orders", "name": "x"},
}
"""What stands in the addresses of pages besides."""

ADDRESS_MAX = 6_000
"""No server takes longer addresses."""


@dataclass
class Sent:
    """A request as it is sent."""

    method: str
    route: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    is_page: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path[:300]}?{str(self.query)[:200]} {self.headers} {self.content[:400]!r}"


def routes_of(target: Target) -> list[tuple[str, str, APIRoute]]:
    """Method and path of every route, of the API and of pages."""
    found = [each for each in _all_routes(target.app.routes) if isinstance(each, APIRoute)]
    return [(method, each.path, each) for each in found for method in sorted(each.methods - {"HEAD"})]


def _all_routes(routes: Any) -> Iterator[Any]:
    for each in routes:
        inner = getattr(each, "original_router", None)
        yield from _all_routes(inner.routes) if inner else (each,)


def make_request(target: Target, route: tuple[str, str, APIRoute], chance: random.Random) -> Sent:
    """A request of that route of which one to three parts are harmful."""
    method, path, described = route
    is_page = not path.startswith(("/v1/", "/health", "/metrics"))
    query = _query(path, described)
    parts = _Parts(target.names_in(path), query, _body(target, method, path, chance))
    sent = Sent(method, path, "", is_page=is_page)
    ways = [way for way in WAYS if not (method == "DELETE" and way is not _spoil_name)]
    for way in chance.choices(ways, k=chance.choice((1, 1, 2, 3))):
        way(sent, parts, path, chance)
    sent.path = re.sub(r"{(\w+)(:path)?}", lambda found: _quoted(parts.names[found[1]]), path)
    sent.query = [(name[:ADDRESS_MAX], _text(value)[:ADDRESS_MAX]) for name, value in parts.query.items()]
    _write(target, sent, parts)
    return sent


def _query(path: str, described: APIRoute) -> dict[str, Any]:
    """What stands in the address of a sound request."""
    found = {each.alias: each.default for each in _asked(described.dependant)}
    asked = {name: "" if value is None else value for name, value in found.items() if isinstance(value, str | int)}
    return asked | QUERIES.get(path, {})


def _asked(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.query_params
    for each in dependant.dependencies:
        yield from _asked(each)


@dataclass
class _Parts:
    """What a request is made of."""

    names: dict[str, Any]
    query: dict[str, Any]
    body: Any
    bytes_: bytes | None = None
    kind: str = ""


def _body(target: Target, method: str, path: str, chance: random.Random) -> Any:
    """A sound body; a form as a dictionary of texts, rows for a file as text."""
    if method in ("GET", "DELETE"):
        return None
    if path in FORMS:
        form = chance.choice(FORMS[path])
        names = target.names_in(path)
        return {name: value.format(**names) if "{" in value else value for name, value in form.items()}
    return target.body_of(method, path)


def _spoil_name(sent: Sent, parts: _Parts, path: str, chance: random.Random) -> None:
    found = re.findall(r"{(\w+)", path)
    if found:
        parts.names[chance.choice(found)] = chance.choice(words.TEXTS)
    else:
        _spoil_query(sent, parts, path, chance)


def _spoil_query(_sent: Sent, parts: _Parts, _path: str, chance: random.Random) -> None:
    name = chance.choice([*parts.query, "limit", "cursor", chance.choice(words.TEXTS)[:200]])
    parts.query[name] = chance.choice((*words.TEXTS, *words.NUMBERS[:10]))


def _spoil_header(sent: Sent, _parts: _Parts, _path: str, chance: random.Random) -> None:
    sent.headers |= chance.choice(words.HEADERS)


def _spoil_leaf(sent: Sent, parts: _Parts, path: str, chance: random.Random) -> None:
    """Put a harmful value where a sound one stood; now and then under a harmful name, or where nothing was."""
    leaves = list(_leaves(parts.body)) if not isinstance(parts.body, str) else []
    if not leaves:
        _spoil_query(sent, parts, path, chance)
        return
    holder, name = chance.choice(leaves)
    values = words.TEXTS if sent.is_page or chance.random() < 0.6 else (*words.VALUES, *map(_Raw, words.RAW))
    value, turn = chance.choice(values), chance.random()
    if turn < 0.08 and isinstance(holder, dict):
        holder[chance.choice((*words.NAMES, chance.choice(words.TEXTS)))] = value
    elif turn < 0.12:
        del holder[name]
    else:
        holder[name] = value


def _spoil_body(_sent: Sent, parts: _Parts, _path: str, chance: random.Random) -> None:
    """Send a file of another kind, or say that it is one."""
    if chance.random() < 0.7:
        parts.bytes_ = chance.choice(words.FILES)
    if chance.random() < 0.5:
        parts.kind = chance.choice(words.TYPES)


def _spoil_text(sent: Sent, parts: _Parts, path: str, chance: random.Random) -> None:
    """Send rows as a file, with harmful cells."""
    rows = next((each for each in _rows(parts.body)), None)
    if rows is None:
        _spoil_leaf(sent, parts, path, chance)
        return
    cells = {str(name): _text(value) for name, value in rows.items()}
    cells[chance.choice(list(cells))] = chance.choice(words.TEXTS)
    parts.kind, text = "text/csv", csv_text(cells)
    if chance.random() < 0.3:
        parts.kind, text = "application/x-ndjson", json.dumps(cells)
    parts.bytes_ = text.encode(errors="surrogatepass")


WAYS = (_spoil_name, _spoil_query, _spoil_header, *([_spoil_leaf] * 4), _spoil_body, _spoil_text)


class _Raw(str):
    """Stands in JSON without quotes."""


def _rows(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, dict):
        for value in body.values():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield value[0]
    elif isinstance(body, str):
        names, cells = body.splitlines()[:2]
        yield dict(zip(names.split(","), cells.split(","), strict=True))


def _leaves(body: Any, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    if depth > 6:
        return
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in list(inside):
        yield body, name
        yield from _leaves(value, depth + 1)


def _write(target: Target, sent: Sent, parts: _Parts) -> None:
    if sent.is_page:
        sent.headers = {"cookie": target.cookies(), "accept": "text/html", "x-csrf-token": target.csrf} | sent.headers
    else:
        sent.headers = {"authorization": f"Bearer {target.key}"} | sent.headers
    if parts.body is None and parts.bytes_ is None:
        return
    kind = "application/x-www-form-urlencoded" if sent.is_page else "application/json"
    if sent.is_page and isinstance(parts.body, dict):
        fields = {name: _text(value) for name, value in ({"csrf": target.csrf} | parts.body).items()}
        sent.content = urlencode(fields, errors="surrogatepass").encode()
    elif isinstance(parts.body, str):
        kind, sent.content = "text/csv", parts.body.encode()
    else:
        sent.content = write_json(parts.body)
    if parts.bytes_ is not None:
        sent.content = parts.bytes_
    sent.headers = {"content-type": parts.kind or kind} | sent.headers


def write_json(body: Any) -> bytes:
    """JSON, in which what is raw stands as it is."""
    raw: list[str] = []

    def mark(value: Any) -> Any:
        if isinstance(value, _Raw):
            raw.append(str(value))
            return f"@raw{len(raw) - 1}@"
        if isinstance(value, dict):
            return {str(name): mark(inner) for name, inner in value.items()}
        return [mark(inner) for inner in value] if isinstance(value, list) else value

    text = json.dumps(mark(body))
    for number, value in enumerate(raw):
        text = text.replace(f'"@raw{number}@"', value)
    return text.encode()


def _quoted(value: Any) -> str:
    return quote(_text(value)[:ADDRESS_MAX], safe="", errors="surrogatepass")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
