"""What people and keys did in an account, written down in the transaction in which they did it."""

from __future__ import annotations

from entrepost.operations.records import AuditEntry, name_by_time
from entrepost.operations.store import Store


def write_down(store: Store, tenant: str, who: str, action: str, subject: str, detail: str = "") -> None:
    """Keep that somebody did something to something."""
    now = store.clock.now()
    store.records.put(AuditEntry(tenant, name_by_time(now), now, who, action, subject, detail))


def list_entries(store: Store, tenant: str, before: str = "", limit: int = 100) -> list[AuditEntry]:
    """What was done in an account, the latest first, from before an entry on."""
    return store.records.list_latest(AuditEntry, tenant, before, limit)
