"""The months in which PostgreSQL keeps events: one partition each, named after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from entrepost.base.clock import EPOCH, MINUTE_US


@dataclass(frozen=True, slots=True)
class Month:
    """A month of UTC by its first day."""

    first: date

    @property
    def next(self) -> Month:
        """The month after it."""
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return Month(date(year, month + 1, 1))

    @property
    def minute(self) -> int:
        """The minutes from 1970 to its beginning."""
        return int((datetime(self.first.year, self.first.month, 1, tzinfo=UTC) - EPOCH).total_seconds()) // 60

    @classmethod
    def read(cls, text: str) -> Month:
        """The month that is written so."""
        return cls(date.fromisoformat(f"{text}-01"))

    def __str__(self) -> str:
        return self.first.isoformat()[:7]


def list_months(minutes: pl.Series) -> list[Month]:
    """The months in which these minutes since 1970 lie, in order."""
    instants = (minutes * MINUTE_US).cast(pl.Datetime("us", "UTC"))
    return [Month(first) for first in instants.dt.date().dt.truncate("1mo").unique().sort()]


def partition_of(table: str, month: Month) -> str:
    """The name of the partition that holds a month of a table."""
    return f"{table}_{month}".replace("-", "_")
