"""One shop with a tracking page for all tests that only look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.shop import Counter, Window, open_window


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The page of the account `main`."""
    with open_window(tmp_path_factory.mktemp("window"), Counter()) as made:
        yield made
