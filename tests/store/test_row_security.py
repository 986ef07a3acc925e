"""On PostgreSQL who acts for an account is shown its rows alone, whatever a query forgets to ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import psycopg
import pytest

from entrepost.base.errors import StoreError
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.acting import acting_for, for_all_accounts
from entrepost.operations.batches import Surroundings, take_file
from entrepost.operations.events import record_events
from entrepost.operations.keys import make_key
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint, try_endpoint
from entrepost.store.postgres import PostgresStore
from entrepost.store.row_security import ROLE, condition_of, list_tables
from entrepost.wiring import open_store
from tests.operations.post import with_contacts
from tests.operations.shop import FixedClock, event, lamp, take, two_items, write_csv
from tests.operations.test_privacy import with_recipients
from tests.servers import KEEPER, Postgres

pytestmark = pytest.mark.server
OWNED = "accounts_owned"


@pytest.fixture(scope="module")
def place(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database whose owner is no superuser, in which `main` has something in nearly every table."""
    url = postgres.create_owned(OWNED)
    store, folder = open_store(url, FixedClock()), tmp_path_factory.mktemp("secure")
    with_recipients(with_contacts(two_items(folder, store)))
    record_events(store, pl.DataFrame([event("EMA"), event("EMC", 30)]))
    take(store, write_csv(folder, lamp(order_id="bad", weight_g="x"), name="bad.csv"))
    made = add_endpoint(store, "main", "https://hooks.example.org/in")
    try_endpoint(store, "main", made.endpoint)
    make_key(store, Caller("main", "terminal", frozenset(SCOPES)), "gate", ["*"])
    store.close()
    return url


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    opened = open_store(place, FixedClock())
    yield opened
    opened.close()


def counted(postgres: Postgres, *said: str) -> dict[str, int]:
    """How many rows of each table a connection of the owner sees after it said that."""
    with psycopg.connect(postgres.url(OWNED).replace("postgres@", f"{KEEPER}@")) as connection:
        for each in said:
            connection.execute(each)
        return {
            table.name: connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]  # type: ignore[index]
            for table in list_tables()
        }


def test_every_table_has_its_policy_and_holds_even_its_owner_to_it(place: str, postgres: Postgres) -> None:
    kept = postgres.say(OWNED, "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert {name for (name,) in kept} == {table.name for table in list_tables()}
    assert all("tenant" in condition_of(table) or table.name == "number_runs" for table in list_tables())


def test_raw_sql_of_an_account_sees_nothing_of_another_and_without_account_nothing(
    place: str, postgres: Postgres
) -> None:
    role = f"SET LOCAL ROLE {ROLE}"
    assert set(counted(postgres).values()) == {0}
    assert set(counted(postgres, role).values()) == {0}
    assert set(counted(postgres, role, "SET LOCAL entrepost.account = 'other'").values()) == {0}
    assert set(counted(postgres, role, "SET LOCAL entrepost.account = ''").values()) == {0}
    assert set(counted(postgres, role, "SET LOCAL entrepost.all_accounts = 'yes'").values()) == {0}
    mine = counted(postgres, role, "SET LOCAL entrepost.account = 'main'")
    assert mine == counted(postgres, "SET LOCAL entrepost.all_accounts = 'yes'") | {"chores": 0}
    empty = {name for name, count in mine.items() if not count}
    assert not {"orders", "order_lines", "items", "statuses", "events", "findings", "api_keys", "recipients"} & empty
    assert not {"contacts", "webhook_endpoints", "webhook_messages", "webhook_deliveries", "tenant_keys"} & empty


def test_what_is_written_for_an_account_is_that_accounts(place: str, postgres: Postgres) -> None:
    with psycopg.connect(postgres.url(OWNED)) as connection:
        connection.execute(f"SET LOCAL ROLE {ROLE}")
        connection.execute("SET LOCAL entrepost.account = 'other'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("INSERT INTO tenants (tenant, created_at) VALUES ('main2', 0)")
    with psycopg.connect(postgres.url(OWNED)) as connection:
        connection.execute(f"SET LOCAL ROLE {ROLE}")
        connection.execute("SET LOCAL entrepost.account = 'other'")
        assert connection.execute("UPDATE orders SET city = 'x'").rowcount == 0
        assert connection.execute("DELETE FROM items").rowcount == 0
        month = postgres.say(OWNED, "SELECT relname FROM pg_class WHERE relname LIKE 'events_2%' LIMIT 1")[0][0]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM {month}")


def test_a_store_that_acts_for_an_account_has_its_rows_alone(store: Store) -> None:
    assert store.list_orders().height == store.list_items().height == 2
    with acting_for("other"):
        assert store.list_orders().height == store.list_items().height == store.list_events().height == 0
        with store.transaction():
            assert store.list_findings().height == 0
            with for_all_accounts():
                assert store.list_findings().height == 1
            assert store.list_findings().height == 0
    with acting_for("it's \\ other"):
        assert store.list_sellers().height == 0
    with acting_for("main"):
        assert store.list_orders().height == 2
    assert store.list_sellers().height == 1


def test_an_account_works_as_it_did(store: Store, tmp_path: Path) -> None:
    rows = [lamp(order_id=f"t{number}") for number in range(700)]
    with acting_for("third"):
        for name, accepted in (("new.csv", 700), ("again.csv", 0)):
            path = write_csv(tmp_path, *rows, name=name)
            done = take_file(store, "orders", path, "third", Surroundings())
            assert (done.accepted, done.duplicates, store.list_orders().height) == (accepted, 700 - accepted, 700)
        with pytest.raises(StoreError, match="row-level security"):
            take(store, write_csv(tmp_path, lamp(order_id="m1"), name="strange.csv"))
    assert store.list_orders("main").height == 2


def test_events_of_new_months_come_in_for_an_account(store: Store) -> None:
    with acting_for("main"):
        late = [event("EMD", 24 * 40 + hour) for hour in range(3)]
        assert record_events(store, pl.DataFrame(late)).accepted == 3
        assert record_events(store, pl.DataFrame(late)).accepted == 0


def test_a_database_that_lost_its_policies_gets_them_again(place: str, postgres: Postgres) -> None:
    postgres.say(OWNED, "DROP POLICY account_rows ON orders")
    open_store(place).close()
    assert postgres.say(OWNED, "SELECT 1 FROM pg_policy WHERE polname = 'account_rows' LIMIT 1")


def test_who_may_make_no_role_is_told_what_to_say(postgres: Postgres) -> None:
    postgres.say("postgres", "CREATE ROLE weak LOGIN")
    postgres.say("postgres", "CREATE DATABASE weak OWNER weak")
    with pytest.raises(StoreError, match="GRANT entrepost_account TO your user"):
        PostgresStore(postgres.url("weak").replace("postgres@", "weak@"))
    postgres.say("postgres", f"GRANT {ROLE} TO weak")
    PostgresStore(postgres.url("weak").replace("postgres@", "weak@")).close()
