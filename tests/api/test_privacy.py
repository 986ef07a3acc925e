"""`/v1/privacy`: a person gets their data, is erased when they ask, and the audit names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.recipients import keep_recipients
from tests.api.world import World, world_at

NAME, EMAIL = "Clara Adler", "clara@example.org"
BY_ORDER = {"order": {"seller": "shop", "order_id": "o1"}}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[World]:
    """A server whose order o1 goes to Clara."""
    with world_at(str(tmp_path / "shop.db"), tmp_path) as made:
        order = made.store.list_orders("main").filter(pl.col("order_id") == "o1")
        cells = {"recipient_name": NAME, "recipient_line1": "Main 1", "recipient_email": EMAIL}
        keep_recipients(made.store, order.with_columns(pl.lit(cell).alias(name) for name, cell in cells.items()))
        yield made


def test_a_person_gets_what_is_kept_and_is_erased_when_they_ask(own: World) -> None:
    given = own.ask("POST", "/v1/privacy/exports", json={"email": EMAIL}).json()
    assert (given["recipients"][0]["name"], len(given["events"]), given["orders"][0]["order_id"]) == (NAME, 2, "o1")
    once = {"Idempotency-Key": "erase-1"}
    wanted = {"email": EMAIL, "asked_by": "case 7"}
    erased = [own.ask("POST", "/v1/privacy/erasures", json=wanted, headers=once) for _ in range(2)]
    assert [each.json() for each in erased] == [{"orders": 1}] * 2
    assert own.ask("POST", "/v1/privacy/exports", json={"email": EMAIL}).status_code == 404
    assert own.ask("POST", "/v1/privacy/exports", json=BY_ORDER).json()["recipients"][0]["name"] is None
    audit = own.ask("GET", "/v1/audit").text
    assert '"export"' in audit
    assert "key canary-of-main main: case 7" in audit
    assert NAME not in audit
    assert EMAIL not in audit


def test_a_person_is_named_by_one_thing(own: World) -> None:
    for wrong in ({}, BY_ORDER | {"email": EMAIL}):
        assert own.ask("POST", "/v1/privacy/exports", json=wrong).status_code == 422


def test_an_account_says_how_long_it_keeps_peoples_data(own: World) -> None:
    assert own.ask("GET", "/v1/privacy/retention").json() == {"keep_days": 90, "open_days": 365}
    told = own.ask("PUT", "/v1/privacy/retention", json={"keep_days": 30, "open_days": 100})
    assert told.json() == own.ask("GET", "/v1/privacy/retention").json() == {"keep_days": 30, "open_days": 100}
    assert own.ask("GET", "/v1/privacy/retention", "other").json()["keep_days"] == 90
    assert own.ask("PUT", "/v1/privacy/retention", json={"keep_days": -1, "open_days": 9}).status_code == 422
