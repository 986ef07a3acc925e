"""Who sends a seller's items: kept once, and never without what labels must bear."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.senders import get_sender, remove_sender, set_sender
from tests.operations.office import HOLDER
from tests.operations.shop import store_in
from tests.operations.test_item_papers import SENDER


def test_a_sender_is_kept_and_forgotten_and_what_labels_must_bear_is_asked_for(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert set_sender(store, HOLDER, "shop", SENDER).country == "CN"
    with pytest.raises(MisuseError, match="line1 is missing"):
        set_sender(store, HOLDER, "shop", SENDER | {"line1": " "})
    with pytest.raises(MisuseError, match="not a country"):
        set_sender(store, HOLDER, "shop", SENDER | {"country": "XX"})
    remove_sender(store, HOLDER, "shop")
    with pytest.raises(MissingRowError, match="shop"):
        get_sender(store, "main", "shop")
