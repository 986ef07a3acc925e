"""The tables of the database hang together, and name their rows as the nouns do."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from entrepost.store.schema import EVENTS, ITEMS, METADATA, ORDER, ORDERS


def test_every_table_has_a_key_and_no_cell_of_a_key_may_be_empty() -> None:
    keys = {name: list(table.primary_key.columns) for name, table in METADATA.tables.items()}
    assert [name for name, key in keys.items() if not key or any(column.nullable for column in key)] == []


def test_what_belongs_to_an_order_names_it_by_tenant_seller_and_reference() -> None:
    belonging = {
        table.name: tuple(key.column_keys)
        for table in METADATA.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table is ORDERS
    }
    assert belonging == {
        "order_lines": ORDER,
        "promises": ORDER,
        "items": ORDER,
        **dict.fromkeys(("contacts", "recipients"), ORDER),
    }


def test_an_identifier_may_come_again_but_not_issued_at_the_same_instant() -> None:
    unique = {tuple(each.columns.keys()) for each in ITEMS.constraints if isinstance(each, UniqueConstraint)}
    assert unique == {("tenant", "item_id", "issued_at"), (*ORDER, "item")}


def test_whole_numbers_have_64_bits_on_either_database() -> None:
    assert "time BIGINT NOT NULL" in str(CreateTable(EVENTS).compile(dialect=postgresql.dialect()))
    assert "time INTEGER NOT NULL" in str(CreateTable(EVENTS).compile(dialect=sqlite.dialect()))
