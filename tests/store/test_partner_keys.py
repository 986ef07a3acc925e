"""Keys of partners on both stores: kept, found by their account, and sealed in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from entrepost.operations.partner_keys import make_partner_key
from entrepost.operations.store import Store
from tests.operations.office import HOLDER
from tests.operations.shop import NOW


def test_keys_are_kept_as_they_were_and_belong_to_their_account(opened: Callable[[], Store]) -> None:
    made, _ = make_partner_key(opened(), HOLDER, "US101", "CN101")
    again = opened()
    assert again.partner_keys.list_all("main") == [made]
    assert (again.partner_keys.find("main", made.key), again.partner_keys.find("other", made.key)) == (made, None)
    again.partner_keys.put(replace(made, until=NOW))
    assert again.partner_keys.list_all("main") == [replace(made, until=NOW)]


def test_the_secret_is_not_to_be_read_in_the_database(place: str, store: Store) -> None:
    made, _ = make_partner_key(store, HOLDER, "US101", "CN101")
    rows = store._rows.find_rows("SELECT secret FROM partner_keys", [])  # type: ignore[attr-defined]
    assert len(rows) == 1
    assert made.secret not in str(rows[0][0])
