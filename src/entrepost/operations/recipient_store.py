"""What privacy needs of a store: recipients, which orders are over, and what is forgotten of them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import polars as pl

RECIPIENT = (
    *("tenant", "seller", "order_id", "name", "line1", "line2", "line3", "city", "region", "postcode"),
    *("country", "phone", "email"),
)
"""Columns of recipients in frames; all but the order and the name may be empty."""

PREFIX = "recipient_"
OWN = ("name", "line1", "line2", "line3", "region", "phone", "email")
"""What a file tells of a recipient, in columns that begin with `recipient_`, as those of labels do."""
COLUMNS = tuple(PREFIX + name for name in OWN)


class RecipientStore(Protocol):
    """Where recipients are kept, sealed; the verbs of `Store.recipients`."""

    def add(self, recipients: pl.DataFrame) -> None:
        """Keep to whom orders go (columns of `RECIPIENT`), sealed; one that is there, or was forgotten, stays."""

    def correct(self, recipients: pl.DataFrame) -> None:
        """Keep to whom orders go over what was told before; where it was forgotten it stays so."""

    def list_without(self, orders: pl.DataFrame) -> pl.DataFrame:
        """Which of these orders that are there go to nobody who was ever told, and are not forgotten."""

    def find(self, orders: pl.DataFrame) -> pl.DataFrame:
        """To whom these orders go: columns of `RECIPIENT`, `person`, `pseudonymised_at` and `erased_at`.

        `person` stands for the person: the same in all orders of an account, and in no other account.
        """

    def list_persons(self, tenant: str) -> pl.DataFrame:
        """Which orders of an account go to the same person: seller, order_id, person."""

    def find_orders_of(self, tenant: str, email: str) -> pl.DataFrame:
        """Orders (tenant, seller, order_id) whose recipient or contact has this address."""

    def list_accounts(self) -> list[str]:
        """Accounts of which something of people may be kept."""

    def list_over(self, tenant: str, before: datetime, open_before: datetime, limit: int) -> pl.DataFrame:
        """Orders of an account that are to be pseudonymised, the first placed first.

        Those whose items are all at an end, without an event since `before`; and those that have heard of none, or
        have none, since `open_before`.
        """

    def pseudonymise(self, orders: pl.DataFrame) -> None:
        """Forget names, addresses and contacts of orders, the city, and all but the beginning of the postcode."""

    def erase(self, orders: pl.DataFrame) -> None:
        """Forget the same, the whole postcode, and that the orders went to the same person."""

    def drop_raw(self, tenant: str, before: datetime) -> int:
        """Forget the rejected rows of an account's findings that are older; how many."""

    def drop_raw_of(self, findings: pl.DataFrame) -> None:
        """Forget the rejected rows of these findings (intake, subject, row, code, field)."""

    def seal_anew(self, tenant: str) -> int:
        """Seal by the account's latest key what is sealed by an earlier one, or not yet; how much."""

    def fill_names(self, tenant: str, limit: int) -> int:
        """Let recipients be found by their name who were kept before that was possible, so many at most; how many."""

    def turn_key(self, tenant: str) -> int:
        """Make a new key for the account; its number."""

    def wrap_anew(self) -> int:
        """Wrap the keys of all accounts by the first master key; how many were wrapped by another one."""
