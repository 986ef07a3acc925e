"""Advance data name one item, an instant with its zone, and a weight that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from entrepost.base.errors import EntrepostError
from tests.messages.letters import SMALL


@pytest.mark.parametrize(
    "changes",
    [{"item_id": "lx261122017nl"}, {"item_id": "LX261122018NL"}, {"posted_at": datetime(2026, 1, 1)}, {"weight_g": -1}],  # noqa: DTZ001 - without a zone is the point
)
def test_what_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(EntrepostError):
        replace(SMALL.data, **changes)  # type: ignore[arg-type]
