"""The tables of who may do what."""

from __future__ import annotations

from dataclasses import fields

from entrepost.store.record_tables import TABLES


def test_a_table_has_the_fields_of_its_noun_and_belongs_to_an_account() -> None:
    for kind, table in TABLES.items():
        assert {field.name for field in fields(kind)} == {column.name for column in table.columns}
        assert [column.name for column in table.primary_key.columns] == [field.name for field in fields(kind)[:2]]
        assert fields(kind)[0].name == "tenant"
