"""Thousands of requests with keys that do not hold, lack the scope, or are another account's: nothing is told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from entrepost.api.paging import write_cursor
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.keys import make_key
from tests.api.test_isolation import BODIES, NAMED_INSIDE, OF_ALL, either, operations
from tests.api.world import CANARY, World

__all__ = ["either"]
pytestmark = pytest.mark.campaign
LEAST = 5_000


@dataclass(frozen=True, slots=True)
class Try:
    """A request, and with which statuses it may be answered."""

    method: str
    path: str
    headers: dict[str, str]
    allowed: frozenset[int]
    more: dict[str, Any]


def test_nothing_of_an_account_is_told_to_anybody_else(either: World, campaign_scale: float) -> None:
    tries = list(all_tries(either))
    assert len(tries) >= LEAST
    chosen = random.Random(5).sample(tries, round(len(tries) * campaign_scale))
    wrong = [f"{each.method} {each.path} {answer}" for each in chosen if (answer := ask(either, each))]
    assert wrong == []
    print(f"{len(chosen):,} of {len(tries):,} requests")


def ask(world: World, one: Try) -> str:
    """What is wrong with the answer; empty where it is as it must be."""
    answer = world.client.request(one.method, one.path, headers=one.headers, **one.more)
    if answer.status_code not in one.allowed:
        return f"answered {answer.status_code}: {answer.text[:200]}"
    return "told the canary" if CANARY in answer.text else ""


def all_tries(world: World) -> Iterator[Try]:
    """Every operation with every key that should not do, and another account's with every name for what is main's."""
    narrow = narrow_keys(world)
    for method, template, described in operations(world):
        more, path = body_of(method, template, described), template.format(**world.names)
        for key in bad_keys(world):
            yield Try(method, path, key, frozenset((401,)), more)
        for scope, key in narrow.items():
            if scope != described["x-scope"]:
                yield Try(method, path, bearer(key), frozenset((403,)), more)
        other = bearer(world.keys["other"])
        if template in NAMED_INSIDE:
            yield Try(method, path, other, frozenset((404,)), more)
        elif "{" in template and template not in OF_ALL:
            for named in ways_to_name(world, template):
                yield Try(method, named, other, frozenset((404, 405, 422)), more)
        elif method == "GET":
            for query in forged_queries(world):
                yield Try(method, path, other, frozenset((200, 404, 422)), {"params": query})


def body_of(method: str, template: str, described: dict[str, Any]) -> dict[str, Any]:
    body = BODIES[method, template] if "requestBody" in described else None
    if isinstance(body, str):
        return {"content": body, "params": {"kind": "orders"}}
    return {} if body is None else {"json": body}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def narrow_keys(world: World) -> dict[str, str]:
    """Keys of `main`, each with one scope."""
    by = Caller("main", "terminal", frozenset(SCOPES))
    return {scope: make_key(world.store, by, "narrow", [scope])[1] for scope in SCOPES}


def bad_keys(world: World) -> list[dict[str, str]]:
    """What is sent by those who have no key, an old one, or one that they made up."""
    main, other = world.keys["main"], world.keys["other"]
    use, account, name, secret = main.split(".")
    made_up = [
        *("", " ", "null", "undefined", "epk", "epk...", "epk.bWFpbg..", "epk.bWFpbg.0.0", "Bearer", "main"),
        *(world.keys["revoked"], world.keys["expired"], main[:-1], main[1:], f"{main}x", main.swapcase()),
        f"{use}.{account}.{name}.{other.rpartition('.')[2]}",
        f"{use}.{other.split('.')[1]}.{name}.{secret}",
        f"{use}.{account}.{other.split('.')[2]}.{secret}",
        *(f"{each}.{account}.{name}.{secret}" for each in ("eps", "epi", "EPK", "ep")),
        *(f"{use}.{account}.{each}.{secret}" for each in ("%", "*", "' OR 1=1 --", "..")),
        *(f"{use}.{account}.{name}.{each}" for each in ("", "%", secret[::-1], secret * 9)),
    ]
    headers = [bearer(each) for each in made_up]
    headers += [{}, {"Authorization": main}, {"Authorization": f"Basic {main}"}, {"X-API-Key": main}]
    cookies = ("", "x", main, f"eps.{account}.{name}.{secret}")
    return headers + [{"Cookie": f"entrepost_session={each}", "X-CSRF-Token": "x"} for each in cookies]


def ways_to_name(world: World, template: str) -> list[str]:
    """The path with what is main's, as it is and in disguises."""
    disguises = (
        lambda name: name,
        lambda name: quote(name, safe=""),
        lambda name: "".join(f"%{byte:02x}" for byte in name.encode()),
        str.upper,
        lambda name: f" {name}",
        lambda name: f"main%2F{name}",
        lambda name: f"{name}%00",
        lambda name: f"{name}'--",
        lambda name: f"..%2f..%2fmain%2f{name}",
        lambda name: "%25",
        lambda name: f"{name}%0a",
        lambda name: f"{name};tenant=main",
    )
    queries = ("", "?tenant=main", "?account=main&tenant=main")
    named = [template.format(**{key: each(value) for key, value in world.names.items()}) for each in disguises]
    return [f"{path}{query}" for path in named for query in queries]


def forged_queries(world: World) -> list[dict[str, str]]:
    """Queries of lists that point at what is main's."""
    names = sorted(set(world.names.values()))
    cursors = [write_cursor(name) for name in ("", *names)] + [write_cursor(0), write_cursor("main", names[0])]
    asked = [{"tenant": "main"}, {"account": "main"}, {"limit": "1000"}, {"intake": CANARY}, {"cursor": "bWFpbg"}]
    return [*asked, *({"cursor": each, "tenant": "main"} for each in cursors)]
