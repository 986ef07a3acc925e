"""What is wrong with an answer to a request that means harm."""

from __future__ import annotations

import json
import time
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from tests.hostile.requests import Sent
from tests.hostile.target import Target
from tests.hostile.words import MARK

SECONDS_MAX = 5.0
"""Of the processor, twice in a row: what compiles is quick the second time."""


MESSAGE_MAX, ERROR_MAX = 600, 20_000
INSIDE = ("Traceback", "sqlalchemy", "sqlite3.", "polars.", "site-packages", "Errno", "SELECT ", "INSERT ")
"""Words of the machine that no error tells."""


def send(target: Target, sent: Sent) -> tuple[int, list[str]]:
    """Send it; the number of the answer, and what is wrong with it."""
    before = target.written()
    answer, seconds = _ask(target, sent)
    status = answer.status_code
    wrong = [f"answered {status}"] if status >= 500 else []
    if status >= 400 and target.written() != before and sent.route not in ("/sign-in", "/invitation"):
        wrong.append(f"answered {status} and wrote all the same")
    if seconds > SECONDS_MAX and (again := _ask(target, sent)[1]) > SECONDS_MAX:
        wrong.append(f"took {seconds:.1f} s, and again {again:.1f} s")
    wrong += _wrong_headers(answer.headers)
    kind = answer.headers.get("content-type", "")
    if kind.startswith("application/json"):
        wrong += _wrong_json(answer.text, status, target, sent.is_page)
    elif kind.startswith("text/html") and not sent.path.endswith("/report"):
        wrong += wrong_page(answer.text)
    if status >= 400:
        told = unquote_plus(f"{sent.path} {sent.query} {sent.content[:100_000]!r}")
        known = [word for word in (*INSIDE, str(target.folder)) if word in answer.text and word not in told]
        wrong += [f"tells {word!r}" for word in known]
    return status, wrong


def _ask(target: Target, sent: Sent) -> tuple[Any, float]:
    """The answer, and how long the processor took."""
    began = time.process_time()
    answer = target.client.request(
        sent.method,
        sent.path + (f"?{urlencode(sent.query, errors='surrogatepass')}" if sent.query else ""),
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.headers.items()],
        content=sent.content,
    )
    target.client.cookies.clear()
    return answer, time.process_time() - began


def _wrong_headers(headers: Any) -> list[str]:
    wrong = [f"a header of two lines: {name}" for name, value in headers.items() if set(value) & set("\r\n\0")]
    if "hostile" in headers.get("set-cookie", "").partition(";")[0]:
        wrong.append("set a cookie that was sent")
    place = headers.get("location", "")
    if place.startswith(("//", "/\\")) or (urlsplit(place).netloc and urlsplit(place).netloc != "tower.example"):
        wrong.append(f"sends elsewhere: {place[:100]}")
    return wrong


def _wrong_json(text: str, status: int, target: Target, is_page: bool) -> list[str]:
    told = json.loads(text)
    if status < 400 or is_page:
        return []
    error = told.get("error", {})
    if set(error) != {"code", "message", "errors"} or not error["message"]:
        return [f"an error of another shape: {text[:200]}"]
    messages = [error["message"], *(each["message"] for each in error["errors"])]
    wrong = [f"a message of {len(each)} characters: {each[:100]}" for each in messages if len(each) > MESSAGE_MAX]
    return wrong + ([f"an error of {len(text)} characters"] if len(text) > ERROR_MAX else [])


class _Page(HTMLParser):
    """Notes what of a page would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script" and ("type", "application/json") not in attrs
        names = [tag, *(name for name, _ in attrs)]
        self.wrong += [f"<{tag} {name}>" for name in names if name.startswith("on") or MARK in name]
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction", "data") and value:
                scheme = "".join(value.split()).partition(":")[0].lower()
                if scheme in ("javascript", "data", "vbscript") and MARK in value:
                    self.wrong.append(f"<{tag} {name}={value[:80]}>")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and MARK in data:
            self.wrong.append(f"a script says {data[:80]}")


def wrong_page(text: str) -> list[str]:
    """What of a page would run that we did not write."""
    page = _Page()
    page.feed(text)
    page.close()
    return page.wrong
