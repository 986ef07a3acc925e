"""Whom to write to, and the notices to them, in the database."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from entrepost.operations.store import CONTACT, NOTICE, SILENCE
from entrepost.store.rows import Rows, frame_schema, to_stored
from entrepost.store.schema import CONTACTS, NOTICES, ORDER, SILENCED
from entrepost.tables.frames import INSTANT


def add_contacts(rows: Rows, contacts: pl.DataFrame, now: pl.Expr) -> None:
    """Insert contacts, or write over those that are there."""
    rows.put(CONTACTS, contacts.select(*CONTACT, now.alias("added_at")).unique(ORDER, keep="last"))


def remove_contacts(rows: Rows, orders: pl.DataFrame) -> None:
    """Delete the contacts of orders."""
    rows.delete(CONTACTS, orders.select(ORDER))


def find_contacts(rows: Rows, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """The contacts of some orders, of a tenant, or all."""
    names, schema = ", ".join(f"t.{name}" for name in CONTACT), frame_schema(CONTACTS, CONTACT)
    if orders is not None:
        source = f"{rows.wanted(CONTACTS, *ORDER)} ORDER BY wanted.key"
        return rows.select(f"SELECT {names} FROM {source}", [rows.keys(orders.select(ORDER))], schema)
    where, values = ("WHERE t.tenant = ?", [tenant]) if tenant else ("", [])
    sql = f"SELECT {names} FROM contacts t {where} ORDER BY t.tenant, t.seller, t.order_id"
    return rows.select(sql, values, schema)


def add_notices(rows: Rows, notices: pl.DataFrame) -> None:
    """Insert notices that are not there yet."""
    rows.insert_new(NOTICES, notices)


def set_notices(rows: Rows, notices: pl.DataFrame) -> None:
    """Write over what the frame has of notices that are there."""
    rows.update(NOTICES, notices)


def find_notices(rows: Rows, names: pl.DataFrame) -> pl.DataFrame:
    """The notices of items, or of these names."""
    key = "item_no" if "item_no" in names.columns else "notice"
    source = f"{rows.wanted(NOTICES, key)} ORDER BY t.planned_at, t.notice"
    return _select(rows, source, [rows.keys(names.select(key))])


def list_notices(rows: Rows, tenant: str, state: str) -> pl.DataFrame:
    """Notices in the order in which they were planned."""
    asked = {name: value for name, value in (("tenant", tenant), ("state", state)) if value}
    where = " AND ".join([f"t.{name} = ?" for name in asked] or ["TRUE"])
    return _select(rows, f"notices t WHERE {where} ORDER BY t.planned_at, t.notice", list(asked.values()))


def add_silenced(rows: Rows, addresses: pl.DataFrame) -> None:
    """Insert addresses that are not there yet."""
    rows.insert_new(SILENCED, addresses.select(SILENCE))


def remove_silenced(rows: Rows, addresses: pl.DataFrame) -> None:
    """Delete addresses."""
    rows.delete(SILENCED, addresses.select("tenant", "address_key", "seller"))


def find_silenced(rows: Rows, addresses: pl.DataFrame) -> pl.DataFrame:
    """The rows of addresses, for whatever seller."""
    names, keys = ", ".join(f"t.{name}" for name in SILENCE), addresses.select("tenant", "address_key")
    source = f"{rows.wanted(SILENCED, 'tenant', 'address_key')} ORDER BY wanted.key, t.seller"
    return rows.select(f"SELECT {names} FROM {source}", [rows.keys(keys)], frame_schema(SILENCED, SILENCE))


def find_due(rows: Rows, now: datetime, limit: int) -> pl.DataFrame:
    """Notices whose sender has not been heard of, then those whose time has come.

    Each is found by the index on state and time, however many wait.
    """
    instant = to_stored(pl.DataFrame({"now": [now]}, schema={"now": INSTANT})).item()
    silent = f"notices t WHERE t.state = 'sending' AND t.lease_until <= ? ORDER BY t.due_at LIMIT {limit:d}"
    queued = f"notices t WHERE t.state = 'queued' AND t.due_at <= ? ORDER BY t.due_at LIMIT {limit:d}"
    return pl.concat([_select(rows, source, [instant]) for source in (silent, queued)]).head(limit)


def _select(rows: Rows, source: str, values: list[object]) -> pl.DataFrame:
    names = ", ".join(f"t.{name}" for name in NOTICE)
    return rows.select(f"SELECT {names} FROM {source}", values, frame_schema(NOTICES, NOTICE))
