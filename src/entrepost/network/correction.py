"""By how much promises are to be corrected, as measured on those that were given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """A factor of the waits that the journey gives. Fields are the columns of `corrections`.

    Of the rows for one order the one with service and lane wins over that of the service, and that over all.
    """

    service: str
    origin: str
    country: str
    figure: str
    factor: float
    orders: int
    source: str
