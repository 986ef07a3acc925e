"""The only place that chooses a store and a clock."""

from __future__ import annotations

from pathlib import Path

from entrepost.base.clock import Clock
from entrepost.base.errors import MisuseError
from entrepost.operations.store import Store


def open_store(place: str | Path, clock: Clock | None = None) -> Store:
    """Open the store at a path, or at a URL such as ``sqlite:///orders.db``; a missing file is created.

    Raises
    ------
    StoreError
        When the file is no database of ours, or was written by a newer version.
    """
    text = str(place)
    scheme, found, rest = text.partition("://")
    if found and scheme != "sqlite":
        raise MisuseError(f"{scheme!r} is not a store of this version; give a path or sqlite:///PATH")
    path = rest.removeprefix("/") if found else text
    if path in ("", ":memory:"):
        raise MisuseError("a store needs a file, so that nothing is lost; give a path")
    from entrepost.store.sqlite import SqliteStore  # SQLAlchemy waits until a store is opened

    return SqliteStore(path, clock)
