"""Reference figures that a user added to those that come along, kept in a folder of the user's own.

`ENTREPOST_REFERENCE` names the folder; otherwise it is `entrepost/reference` among the user's data
(`XDG_DATA_HOME`). Every addition is a file of its own, so that two processes may add at once.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ENDING = ".csv"


def folder_of(kind: str) -> Path:
    """Where the additions of a kind are kept; it need not exist."""
    named = os.environ.get("ENTREPOST_REFERENCE", "")
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return (Path(named) if named else data / "entrepost" / "reference") / kind


def list_added(kind: str) -> list[Path]:
    """The additions of a kind, the oldest first."""
    return sorted(folder_of(kind).glob(f"*{ENDING}"))


def keep(kind: str, text: str) -> Path:
    """Add a text to a kind; the same text again moves to the end, so that it counts as the newest."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    before = [path for path in list_added(kind) if path.stem.endswith(digest)]
    folder = folder_of(kind)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{digest}{ENDING}"
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", delete=False, encoding="utf-8") as part:
        part.write(text)
    Path(part.name).replace(path)
    for old in before:
        old.unlink(missing_ok=True)
    return path
