"""The published and constructed identifiers beside the repository, read through the fixture `shared`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def load(shared: Path, name: str) -> Any:
    """The vectors of one file."""
    return json.loads((shared / "postal" / "vectors" / f"{name}.json").read_text(encoding="utf-8"))
