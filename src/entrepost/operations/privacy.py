"""People's data: forgotten when an order is long over, given to the person, and erased when the person asks.

What is kept for reports names nobody: the order, its country and the beginning of its postcode, and a pseudonym that
is the same for a person's orders, so that what is counted by recipient stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.codes.signs import squeeze
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.exchanging.people import erase_about, erase_waiting, list_about
from entrepost.operations.exchanging.traces import Traces, Wanted, find_traces
from entrepost.operations.house_records import Retention
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER

AT_ONCE = 2_000
"""Orders that are forgotten in one transaction, so that other writers wait a fraction of a second."""

NAMES_AT_ONCE = 2_000
"""So many names are filled in a transaction: others write between two of them."""

RETENTION = "people"
ITEM = ("tenant", "item_id")
DAYS_MAX = 3_650
TELLING = 6
"""An order number of fewer characters may stand in any row by chance."""


@dataclass(frozen=True, slots=True)
class PrivacyParams:
    """For how long people's data are kept.

    Attributes
    ----------
    keep_days : int
        So long after the last event of an order whose items are all delivered, returned or ended.
    open_days : int
        So long after the last event of any other order, or since it was placed where there is none (*assumed*).
    """

    keep_days: int = 90
    open_days: int = 365

    def __post_init__(self) -> None:
        if min(self.keep_days, self.open_days) < 0:
            raise MisuseError("the days for which people's data are kept cannot be below 0")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten: of how many orders, and how many rejected rows of files."""

    orders: int
    rows: int


@dataclass(frozen=True, slots=True)
class Person:
    """By what a person is named: an order, as seller and number, an item, or an e-mail address; one of them.

    Of an item that another operator announced no order is known.
    """

    order: tuple[str, str] | None = None
    email: str = ""
    item_id: str = ""

    def __post_init__(self) -> None:
        if (self.order is not None) + bool(self.email) + bool(self.item_id) != 1:
            raise MisuseError("name a person by an order, by an item or by an e-mail address, one of them")

    @property
    def basis(self) -> str:
        """By what the person is named, without naming the person."""
        return "order" if self.order else "item" if self.item_id else "contact"


def forget_old(store: Store, params: PrivacyParams | None = None, now: datetime | None = None) -> Forgotten:
    """Pseudonymise the orders that are long over, and forget rejected rows and exchanged messages that are as old.

    Each account's by its own retention, or by `params` where it says none. Made to run every day: stopped in the
    middle, it goes on where it was.
    """
    params, now = params or PrivacyParams(), now or store.clock.now()
    kept = {each.tenant: PrivacyParams(each.keep_days, each.open_days) for each in store.records.list_of(Retention)}
    accounts = sorted({*store.recipients.list_accounts(), *store.exchange.list_accounts()})
    done = [_forget_old(store, tenant, kept.get(tenant, params), now) for tenant in accounts]
    return Forgotten(sum(each.orders for each in done), sum(each.rows for each in done))


def get_retention(store: Store, tenant: str, params: PrivacyParams | None = None) -> PrivacyParams:
    """For how long an account keeps people's data: as it says, or as all do."""
    found = store.records.find(Retention, tenant, RETENTION)
    return PrivacyParams(found.keep_days, found.open_days) if found else params or PrivacyParams()


def set_retention(store: Store, by: Caller, params: PrivacyParams) -> PrivacyParams:
    """Say for how long the caller's account keeps people's data; what is over is forgotten within a day.

    Raises
    ------
    MisuseError
        When it would be kept for more than ten years.
    """
    if max(params.keep_days, params.open_days) > DAYS_MAX:
        raise MisuseError(f"people's data are kept for at most {DAYS_MAX} days; give fewer")
    now = store.clock.now()
    with store.transaction():
        store.records.put(Retention(by.tenant, RETENTION, params.keep_days, params.open_days, by.who, now))
        write_down(store, by.tenant, by.who, "retention", f"{params.keep_days} and {params.open_days} days")
    return params


def export_person(store: Store, tenant: str, person: Person) -> dict[str, list[dict[str, Any]]]:
    """All that is kept of a person, by table; instants as they are, nothing about anybody else.

    Raises
    ------
    MissingRowError
        When nothing is kept under that order or address.
    """
    orders, traces = _find_all(store, tenant, person)
    items = store.list_items(orders=orders)
    notices = store.find_notices(items) if items.height else pl.DataFrame()
    tables = {
        "orders": store.find_lines(orders),
        "recipients": store.recipients.find(orders),
        "contacts": store.find_contacts(orders=orders),
        "promises": store.list_promises(orders=orders),
        "items": items,
        "events": store.list_events(orders=orders),
        "notices": notices,
        "rejected_rows": _raws_of(store, tenant, orders, person).select("subject", "row", "message", "raw"),
    }
    told = list_about(store, tenant, traces)
    return {name: frame.to_dicts() for name, frame in tables.items()} | {"messages": told}


def give_person(store: Store, by: Caller, person: Person) -> dict[str, list[dict[str, Any]]]:
    """The same for somebody of the account; the audit says that it was given, and names nobody."""
    with store.transaction():
        tables = export_person(store, by.tenant, person)
        write_down(store, by.tenant, by.who, "export", person.basis, f"{len(tables['orders'])} order lines")
    return tables


def erase_person(store: Store, tenant: str, person: Person, asked_by: str = "") -> int:
    """Erase name, addresses, contacts and pseudonym of a person from all of the person's orders; how many.

    What remains is the order as a fact of business, without any person: what it held, where it went by country,
    and its events. The bytes of messages to and from other operators in which its items or the address stand are
    forgotten, too, refused ones and those that no transport takes included, and what reasons of refusals quote; what
    is still to be sent or applied within a day after it was. The audit says that something was erased, by whom, and
    when, and names nobody.

    Raises
    ------
    MissingRowError
        When nothing is kept under that order or address.
    """
    orders, traces = _find_all(store, tenant, person)
    with store.transaction():
        store.recipients.drop_raw_of(_raws_of(store, tenant, orders, person))
        store.recipients.erase(orders)
        erase_about(store, tenant, traces)
        write_down(store, tenant, asked_by, "erase", person.basis, f"{orders.height} orders")
    return orders.height


def fill_names(store: Store) -> int:
    """Let recipients of all accounts be found by name who were kept before that was possible; how many were filled."""
    filled = 0
    for tenant in store.recipients.list_accounts():
        while done := store.recipients.fill_names(tenant, NAMES_AT_ONCE):
            filled += done
    return filled


def turn_keys(store: Store, tenant: str) -> int:
    """Make a new key for an account and seal everything by it; how much was sealed anew."""
    while store.recipients.fill_names(tenant, NAMES_AT_ONCE):
        pass
    store.recipients.turn_key(tenant)
    return store.recipients.seal_anew(tenant) + store.exchange.seal_anew(tenant)


def _forget_old(store: Store, tenant: str, params: PrivacyParams, now: datetime) -> Forgotten:
    before, open_before = now - timedelta(days=params.keep_days), now - timedelta(days=params.open_days)
    rows = store.recipients.drop_raw(tenant, before)
    store.exchange.remove_old_bodies(tenant, before)
    erase_waiting(store, tenant)
    count = 0
    while (over := store.recipients.list_over(tenant, before, min(before, open_before), AT_ONCE)).height:
        store.recipients.pseudonymise(over)
        count += over.height
    return Forgotten(count, rows)


def _find_all(store: Store, tenant: str, person: Person) -> tuple[pl.DataFrame, Traces]:
    """The orders of a person, and what was exchanged about their items."""
    orders = _orders_of(store, tenant, person)
    known = store.recipients.find(orders)
    item_ids = {*store.list_items(orders=orders).get_column("item_id"), *filter(None, [squeeze(person.item_id)])}
    emails = {each.lower() for each in (*known["email"], person.email.strip()) if each}
    names = tuple(each for each in known["name"] if each)
    traces = find_traces(store, tenant, Wanted(tuple(sorted(item_ids)), tuple(sorted(emails)), names))
    if not orders.height and not traces:
        raise MissingRowError("nothing is kept under that order, item or address; see whether the account is right")
    return orders, traces


def _orders_of(store: Store, tenant: str, person: Person) -> pl.DataFrame:
    if person.email:
        return store.recipients.find_orders_of(tenant, person.email)
    if person.item_id:
        named = [number] if (number := squeeze(person.item_id)).isalnum() else []
        asked = pl.DataFrame({"tenant": [tenant] * len(named), "item_id": named}, schema=dict.fromkeys(ITEM, pl.String))
        found = store.find_items(asked)
        return store.list_items(numbers=found.select("item_no")).select(ORDER).unique(maintain_order=True)
    seller, order_id = person.order or ("", "")
    asked = pl.DataFrame({"tenant": [tenant], "seller": [seller], "order_id": [order_id]})
    return store.find_lines(asked).select(ORDER).unique()


def _raws_of(store: Store, tenant: str, orders: pl.DataFrame, person: Person) -> pl.DataFrame:
    """Rejected rows with an address or a name that is known of these orders, or with a telling order number."""
    known = store.recipients.find(orders)
    cells = [*known["name"], *known["email"], *store.find_contacts(orders=orders)["email"], person.email]
    cells += [number for number in orders["order_id"] if len(number) >= TELLING]
    words = {f'"{cell.lower()}"' for cell in cells if cell}
    findings = store.list_findings().filter((pl.col("tenant") == tenant) & (pl.col("raw") != ""))
    hits = [any(word in str(raw).lower() for word in words) for raw in findings["raw"]]
    return findings.filter(pl.Series(hits, dtype=pl.Boolean))
