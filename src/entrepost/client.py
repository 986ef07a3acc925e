"""A client of the HTTP API that needs the standard library alone.

>>> client = Client("http://127.0.0.1:8000", "epk...")  # doctest: +SKIP
>>> client.post("/v1/orders", {"orders": [...]})  # doctest: +SKIP
"""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from entrepost.base.errors import EntrepostError, MisuseError

AGAIN = (429, 503)
"""Answers after which the same is asked again, when the server says so."""

TYPES = {
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
}


class RefusedError(EntrepostError):
    """The server refused: `status`, `code`, and `errors` by their fields, as it told them."""

    def __init__(self, status: int, code: str, message: str, errors: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.errors = status, code, errors or []


class Client:
    """Asks a server with a key.

    What changes something carries a key of idempotency and is therefore sent again where the connection broke or
    the server asks to wait, up to `tries` times.
    """

    def __init__(self, url: str, key: str, tries: int = 5, timeout_seconds: float = 60.0) -> None:
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise MisuseError(f"{url!r} is no address of a server; give one such as https://mail.example")
        self._url, self._key, self._tries, self._timeout = url.rstrip("/"), key, max(tries, 1), timeout_seconds

    def get(self, path: str, **query: object) -> Any:
        """What is at a path."""
        return self._ask("GET", path, query)

    def pages(self, path: str, **query: object) -> Iterator[Any]:
        """All that a list holds, page by page."""
        cursor = ""
        while True:
            page = self.get(path, **query, cursor=cursor)
            yield from page["data"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def post(self, path: str, body: Mapping[str, Any], **query: object) -> Any:
        """Send JSON to a path."""
        return self._ask("POST", path, query, json.dumps(body).encode(), "application/json")

    def delete(self, path: str) -> Any:
        """Take what is at a path away."""
        return self._ask("DELETE", path, {})

    def send_rows(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> Any:
        """Send order lines or events (`kind`) at once; what became of each is told."""
        text = "\n".join(json.dumps(dict(row), default=str) for row in rows)
        return self._ask("POST", f"/v1/{kind}", {}, text.encode(), "application/x-ndjson")

    def upload(self, kind: str, file: str | Path) -> Any:
        """Upload a file of orders or events (`kind`) as a batch."""
        path = Path(file)
        name = path.with_suffix("") if path.suffix == ".gz" else path
        if name.suffix not in TYPES:
            raise MisuseError(f"{path}: files can be {', '.join(TYPES)}; give such a name")
        query = {"kind": kind, "name": path.name}
        return self._ask("POST", "/v1/batches", query, path, TYPES[name.suffix])

    def wait_for(self, batch: str, seconds: float = 3_600.0, every_seconds: float = 0.5) -> Any:
        """A batch when it is done or failed."""
        end = time.monotonic() + seconds
        while (found := self.get(f"/v1/batches/{batch}"))["state"] not in ("done", "failed"):
            if time.monotonic() > end:
                raise EntrepostError(f"batch {batch} is not done after {seconds:,.0f} s; ask again later")
            time.sleep(every_seconds)
        return found

    def _ask(
        self, method: str, path: str, query: Mapping[str, object], body: bytes | Path = b"", kind: str = ""
    ) -> Any:
        asked = urllib.parse.urlencode({name: value for name, value in query.items() if value not in ("", None)})
        headers = {"Authorization": f"Bearer {self._key}"}
        if method == "POST":
            headers |= {"Content-Type": kind, "Idempotency-Key": secrets.token_hex(16)}
        if isinstance(body, Path):
            headers["Content-Length"] = str(body.stat().st_size)
        url = f"{self._url}{path}" + (f"?{asked}" if asked else "")
        for attempt in range(1, self._tries + 1):
            try:
                return self._once(method, url, headers, body)
            except urllib.error.HTTPError as error:
                if error.code not in AGAIN or attempt == self._tries:
                    raise _refused(error) from None
                time.sleep(min(float(error.headers.get("Retry-After") or 1), 60.0))
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                if attempt == self._tries:
                    raise EntrepostError(f"{self._url} does not answer: {error}") from None
                time.sleep(min(0.2 * 2**attempt, 5.0))
        raise AssertionError("unreachable")

    def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | Path) -> Any:
        if isinstance(body, Path):
            with body.open("rb") as file:
                return self._open(method, url, headers, file)
        return self._open(method, url, headers, body or None)

    def _open(self, method: str, url: str, headers: Mapping[str, str], data: bytes | BinaryIO | None) -> Any:
        request = urllib.request.Request(url, data, dict(headers), method=method)
        with urllib.request.urlopen(request, timeout=self._timeout) as answer:
            return json.loads(answer.read())


def _refused(error: urllib.error.HTTPError) -> RefusedError:
    try:
        told = json.loads(error.read())["error"]
    except (ValueError, KeyError, TypeError):
        return RefusedError(error.code, "unknown", f"the server answered {error.code} {error.reason}")
    return RefusedError(error.code, told["code"], told["message"], told.get("errors"))
