"""One shop with its pages for all tests that only look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.inside import Tower, tower_in
from tests.web.shop import Counter, Window, open_window


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The page of the account `main`."""
    with open_window(tmp_path_factory.mktemp("window"), Counter()) as made:
        yield made


@pytest.fixture(scope="session")
def tower(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tower]:
    """The control tower; who changes more than sessions makes one of their own."""
    with tower_in(tmp_path_factory.mktemp("tower")) as made:
        yield made
