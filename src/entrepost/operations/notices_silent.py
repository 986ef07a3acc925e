"""Addresses that are not written to: of letters that come back, and of recipients who want no more of a seller's.

An address is kept as a hash alone: enough to know it again, and no list of people. One whose letters come back is
silent for all sellers of an account until the contact is corrected; an unsubscribed one for its seller, for ever.
"""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

from entrepost.operations.store import CONTACT, SILENCE, Store
from entrepost.tables.items import ORDER
from entrepost.tables.text import word_each

BOUNCED, UNSUBSCRIBED = "bounced", "unsubscribed"
WHY = {BOUNCED: "letters to the address come back", UNSUBSCRIBED: "the recipient wants no more letters of this seller"}


def key_of(address: str) -> str:
    """By what an address is known again."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def find_silent(store: Store, contacts: pl.DataFrame) -> pl.DataFrame:
    """Of these contacts the ones that are not written to, with `reason`."""
    keyed = contacts.with_columns(word_each(contacts.get_column("email"), key_of).alias("address_key"))
    found = store.find_silenced(keyed.select("tenant", "address_key").unique())
    both = keyed.join(found.select("tenant", "address_key", "reason", silent="seller"), on=["tenant", "address_key"])
    theirs = both.filter((pl.col("silent") == "") | (pl.col("silent") == pl.col("seller")))
    return theirs.unique(list(ORDER), maintain_order=True).select(*CONTACT, "reason")


def mark_bounced(store: Store, row: dict[str, Any], address: str) -> None:
    """No letter of the account goes to an address any more."""
    mark(store, (row["tenant"], "", key_of(address)), BOUNCED, row["notice"])


def lift_bounced(store: Store, row: dict[str, Any]) -> None:
    """A person says that the address of a notice takes letters again."""
    contacts = store.find_contacts(orders=pl.DataFrame([{name: row[name] for name in ORDER}]))
    for address in contacts.get_column("email").to_list():
        key = {"tenant": row["tenant"], "address_key": key_of(address), "seller": ""}
        store.remove_silenced(pl.DataFrame([key]))


def mark(store: Store, whose: tuple[str, str, str], reason: str, notice: str) -> None:
    """An account, a seller (empty: all) and the key of an address: no more letters, and why."""
    tenant, seller, key = whose
    cells = {"tenant": tenant, "seller": seller, "address_key": key, "reason": reason, "notice": notice}
    store.add_silenced(pl.DataFrame([cells | {"since": store.clock.now()}]).select(*SILENCE))
