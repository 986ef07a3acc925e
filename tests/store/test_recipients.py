"""Recipients on both stores: sealed, known again, forgotten, and never brought back by a repetition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import inspect

from entrepost.operations.events import record_events
from entrepost.operations.lookup import look_up
from entrepost.operations.privacy import fill_names
from entrepost.operations.recipient_store import RECIPIENT
from entrepost.operations.store import Store
from entrepost.store.migrate import migrate
from entrepost.store.recipients import person_of
from entrepost.store.schema import METADATA
from entrepost.tables.items import ORDER
from tests.operations.post import ANNA, with_contacts
from tests.operations.shop import POSTED, event, two_items
from tests.store.test_migrate import connect_to

LATER = POSTED + timedelta(days=100)


def anna(order_id: str, **changed: str | None) -> dict[str, str | None]:
    cells = dict.fromkeys(RECIPIENT) | {"tenant": "main", "seller": "shop", "order_id": order_id, "name": "Anna"}
    return cells | {"postcode": "60311", "country": "DE"} | changed


def frame(*rows: dict[str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(RECIPIENT, pl.String))


def test_recipients_go_all_the_way_on_either_store(store: Store, tmp_path: Path) -> None:
    with_contacts(two_items(tmp_path, store))
    rows = frame(anna("o1", email=ANNA, line1="Main 1"), anna("o2"))
    store.recipients.add(rows)
    store.recipients.add(frame(anna("o2", name="Somebody Else")))
    assert store.recipients.find(rows).select(RECIPIENT).equals(rows)
    assert store.recipients.find(rows.clear()).height == 0
    assert store.recipients.find_orders_of("main", f"{ANNA.upper()} ").rows() == [("main", "shop", "o1")]
    record_events(store, pl.DataFrame([event("EMA", 1), event("EMI", 90)]))
    over = store.recipients.list_over("main", LATER - timedelta(days=90), POSTED, 9)
    assert over.rows() == [("main", "shop", "o1")]
    store.recipients.pseudonymise(over)
    assert store.recipients.list_over("main", LATER - timedelta(days=90), LATER, 9).rows() == [("main", "shop", "o2")]
    store.recipients.erase(rows.tail(1).select(ORDER))
    assert store.recipients.find(rows)["name"].to_list() == [None, None]
    store.recipients.add(rows)
    found = store.recipients.find(rows)
    assert found["name"].to_list() == [None, None]
    assert found["pseudonymised_at"].is_not_null().to_list() == [True, False]
    assert found["erased_at"].is_not_null().to_list() == [False, True]
    assert (found["person"] != "").to_list() == [True, False]


def test_keys_are_turned_and_wrapped_on_either_store(store: Store, tmp_path: Path) -> None:
    with_contacts(two_items(tmp_path, store))
    store.recipients.add(frame(anna("o1")))
    assert store.recipients.turn_key("main") == 2
    assert (store.recipients.seal_anew("main"), store.recipients.seal_anew("main")) == (3, 0)
    assert store.recipients.wrap_anew() == 0
    assert store.recipients.find(frame(anna("o1")))["name"].to_list() == ["Anna"]


def test_names_that_an_older_version_kept_are_found_once_they_are_filled(
    opened: Callable[[], Store], place: str, tmp_path: Path
) -> None:
    old = two_items(tmp_path, opened())
    old.recipients.add(frame(anna("o1"), anna("o2", name="Zoë Ångström")))
    old.recipients.pseudonymise(frame(anna("o1")).select(ORDER))
    old.close()
    connection = connect_to(place)
    for sql in (
        *(f"DROP TABLE {name}" for name in _since(tmp_path, "0013")),
        "DROP INDEX ix_recipients_tenant_name_key",
        *(f"ALTER TABLE items DROP COLUMN {name}" for name in ("operator", "announced")),
        *("ALTER TABLE recipients DROP COLUMN name_key", "UPDATE alembic_version SET version_num = '0013'"),
    ):
        connection.exec_driver_sql(sql)
    connection.commit()
    connection.close()
    connection.engine.dispose()
    store = opened()
    assert look_up(store, "main", "angstrom zoe").items.height == 0
    assert (fill_names(store), fill_names(store)) == (1, 0)
    assert look_up(store, "main", "angstrom zoe").items["order_id"].to_list() == ["o2"]
    assert look_up(store, "main", "Anna").items.height == 0, "who was forgotten stays so"


def test_a_person_is_known_by_address_or_else_by_name_and_postcode() -> None:
    assert person_of(anna("o1", email=" Anna@Example.org")) == "anna@example.org"
    assert person_of(anna("o1")) == person_of(anna("o2", name=" ANNA ")) == "anna 60311 de"
    assert person_of(anna("o1", name=None)) == ""


def _since(folder: Path, version: str) -> list[str]:
    """The tables that came after a version, those first that name others."""
    connection = connect_to(str(folder / "older.db"))
    migrate(connection, version)
    there = set(inspect(connection).get_table_names())
    connection.close()
    connection.engine.dispose()
    return [table.name for table in reversed(METADATA.sorted_tables) if table.name not in there]
