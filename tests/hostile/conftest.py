"""One server for all that is sent to do harm; and the line that tells how far a campaign is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.durability.conftest import progress_line
from tests.hostile.target import Target, target_in

__all__ = ["progress_line"]


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A server with two accounts; what is sent may change whatever `main` has."""
    with target_in(tmp_path_factory.mktemp("target")) as made:
        yield made
