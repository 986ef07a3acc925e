"""Computed route books kept on disk under the hash of what they were computed from.

The one place of this floor that touches the disk: a cache that may be deleted at any time, so no
store is asked to hold it. `ENTREPOST_CACHE` names its folder; `off` keeps books in memory alone.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np

from entrepost.journey.book import COLUMNS, Route, RouteBook, compile_book
from entrepost.journey.follow import Progress
from entrepost.network.network import Network
from entrepost.network.service import Rate

VERSION = 16
"""Raised whenever the engine computes something else from the same network."""

_books: dict[str, RouteBook] = {}
_keys: dict[str, str] = {}


def get_book(network: Network, progress: Progress | None = None) -> RouteBook:
    """The route book of a network: from memory, from disk, or computed now."""
    key = _key(network)
    if key not in _books:
        folder = _folder()
        book = _read(folder / f"{key}.npz", network) if folder else None
        if book is None:
            book = compile_book(network, progress)
            if folder:
                _write(folder / f"{key}.npz", book)
        if len(_books) >= 4:
            _books.pop(next(iter(_books)))
        _books[key] = book
    return replace(_books[key], network=network)


def _key(network: Network) -> str:
    """The name of a network's book; hashing what it depends on costs half a second, so names are remembered."""
    if network.way_hash not in _keys:
        _keys[network.way_hash] = f"{_ordinary_part(network).content_hash}-{VERSION}"
    return _keys[network.way_hash]


def _ordinary_part(network: Network) -> Network:
    """What the ordinary week of the routes depends on: a filled warehouse or a holiday changes no route."""
    rated = sorted({(rate.service, rate.country) for rate in network.rates})
    return replace(
        network,
        rates=tuple(Rate(*pair, "", "", 0, 1, 0.0, 0.0, 0.0, date.min, date.max, "") for pair in rated),
        warehouses=tuple(replace(row, open=False) for row in network.warehouses),
        surcharges=(),
        stock=(),
        products=(),
        sellers=(),
        calendar=(),
        suspensions=(),
        corrections=(),
    )


def _folder() -> Path | None:
    named = os.environ.get("ENTREPOST_CACHE", "")
    if named == "off":
        return None
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "entrepost"
    return base / "routes"


def _read(path: Path, network: Network) -> RouteBook | None:
    try:
        with np.load(path, allow_pickle=False) as stored:
            table = stored["table"]
            rows = json.loads(str(stored["routes"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if table.shape != (len(rows), 168, len(COLUMNS)):
        return None
    routes = tuple(Route(**{**row, "facilities": tuple(row["facilities"])}) for row in rows)
    return RouteBook(network, routes, table)


def _write(path: Path, book: RouteBook) -> None:
    """Write beside and rename, so that no reader ever sees half a book; a full disk costs the cache only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            np.savez(part, table=book.table, routes=json.dumps([asdict(route) for route in book.routes]))
        Path(part.name).replace(path)
    except OSError:
        return
