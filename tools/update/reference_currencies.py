"""Rebuild `reference/data/currencies.csv` from ISO 4217 list one (`pip install iso4217`)."""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src/entrepost/reference/data/currencies.csv"
XDR = (
    "XDR",
    "",
    "",
    "2",
    "SDR (Special Drawing Right)",
    "amounts in accounts between posts have 2 decimals (UPU practice); ISO 4217 gives no digits",
)

WITHDRAWN = (
    ("BGN", "", "2025-12-31", "2", "Bulgarian Lev", "ISO 4217; Bulgaria has the euro since 2026-01-01"),
    ("HRK", "", "2022-12-31", "2", "Kuna", "ISO 4217; Croatia has the euro since 2023-01-01"),
)
"""Currencies of which old orders may still be read."""


def main() -> None:
    """Write every currency that has minor units, and XDR."""
    iso4217 = import_module("iso4217")
    source = f"ISO 4217 list one of {iso4217.__published__}"
    rows = [
        (each.code, "", "", str(each.exponent), each.currency_name, source)
        for each in iso4217.Currency
        if each.exponent is not None
    ]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("currency", "valid_from", "valid_to", "exponent", "name", "source"))
        writer.writerows(sorted([*rows, XDR, *WITHDRAWN]))


if __name__ == "__main__":
    main()
