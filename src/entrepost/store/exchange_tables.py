"""By what else rows of the exchange are looked for, besides by their names."""

from __future__ import annotations

from sqlalchemy import Index

from entrepost.operations.exchange_records import Came, CameMessage, KeptAwaited, Sent, SentMessage
from entrepost.store.record_tables import TABLES

LOOKED_FOR: dict[type, tuple[str, ...]] = {
    Sent: ("tenant state due_at", "tenant created_at", "tenant reference"),
    SentMessage: (
        "tenant created_at",
        "tenant sent",
        "tenant state",
        "tenant document",
        "tenant operator message state",
    ),
    Came: ("tenant created_at", "tenant receipt", "tenant state"),
    CameMessage: (
        *("tenant created_at", "tenant identity", "tenant came", "tenant state", "tenant document"),
        "tenant operator message state",
    ),
    KeptAwaited: ("tenant item_id", "tenant entry", "tenant operator", "tenant state"),
}

for _kind, _each in ((kind, names) for kind, listed in LOOKED_FOR.items() for names in listed):
    _table = TABLES[_kind]
    Index(f"ix_{_table.name}_{_each.replace(' ', '_')}", *(_table.columns[name] for name in _each.split()))
