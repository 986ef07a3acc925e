"""What a part of a store needs of the whole: its rows, its turns and transactions, and its vault."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import polars as pl

from entrepost.store.rows import Rows
from entrepost.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Access:
    """`rows` as they are now (a lost connection is opened anew); `hold` waits only inside a transaction."""

    rows: Callable[[], Rows]
    reading: Callable[[], AbstractContextManager[None]]
    transaction: Callable[[], AbstractContextManager[None]]
    hold: Callable[[str], None]
    now: Callable[[], pl.Expr]
    vault: Vault
