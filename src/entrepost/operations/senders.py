"""Who stands as the sender on labels and forms of a seller's items: said once, printed on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.codes.country import is_country
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.house_records import Sender
from entrepost.operations.store import Store

ADDRESS = (
    *("name", "line1", "line2", "line3", "city", "region", "postcode", "country"),
    *("phone", "email", "tax_id"),
)
CELLS = ("operator", "office", *ADDRESS)
REQUIRED = ("operator", "name", "line1", "city", "country")
LONGEST = 200


def set_sender(store: Store, by: Caller, seller: str, cells: Mapping[str, str]) -> Sender:
    """Keep who sends a seller's items, in place of what was kept before; `cells` are those of `CELLS`.

    Raises
    ------
    MisuseError
        When a cell is missing that labels must bear, is too long, or the country is none.
    """
    told = {name: " ".join(str(cells.get(name) or "").split()) for name in CELLS} | {
        "country": str(cells.get("country") or "").strip().upper()
    }
    if not seller.strip():
        raise MisuseError("say whose items they are: seller")
    for name in REQUIRED:
        if not told[name]:
            raise MisuseError(f"{name} is missing; every label bears it")
    for name, text in told.items():
        if len(text) > LONGEST:
            raise MisuseError(f"{name} has {len(text)} characters; write at most {LONGEST}")
    if not is_country(told["country"]):
        raise MisuseError(f"{told['country']!r} is not a country; write two letters such as CN")
    sender = Sender(by.tenant, seller.strip(), **told, changed_by=by.who, changed_at=store.clock.now())
    with store.transaction():
        store.records.put(sender)
        write_down(store, by.tenant, by.who, "sender kept", sender.seller)
    return sender


def find_sender(store: Store, tenant: str, seller: str) -> Sender | None:
    """Who sends a seller's items, or None."""
    return store.records.find(Sender, tenant, seller)


def get_sender(store: Store, tenant: str, seller: str) -> Sender:
    """Who sends a seller's items; raises `MissingRowError` where nobody said it."""
    found = find_sender(store, tenant, seller)
    if found is None:
        raise MissingRowError(f"nobody said who sends the items of {seller}; keep its sender first")
    return found


def list_senders(store: Store, tenant: str, after: str = "", limit: int = 0) -> list[Sender]:
    """The senders of an account by seller."""
    return store.records.list_of(Sender, tenant, after, limit)


def remove_sender(store: Store, by: Caller, seller: str) -> Sender:
    """Forget who sends a seller's items."""
    sender = get_sender(store, by.tenant, seller)
    with store.transaction():
        store.records.remove(Sender, by.tenant, seller)
        write_down(store, by.tenant, by.who, "sender removed", seller)
    return sender


def to_label(sender: Sender) -> dict[str, str]:
    """Its cells as the columns of the table `labels`."""
    cells = asdict(sender)
    return {"operator": sender.operator, "office": sender.office} | {f"sender_{name}": cells[name] for name in ADDRESS}
