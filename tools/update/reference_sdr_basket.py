"""Check and rewrite `reference/data/sdr_basket.csv`: add five rows when the Fund sets new amounts (by August 2027).

Run from the root: ``python -m tools.update.reference_sdr_basket``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite


def main() -> None:
    """Refuse a row that is not whole."""
    currencies = ("USD", "EUR", "CNY", "JPY", "GBP")
    rewrite("sdr_basket", ("currency", "valid_from", "valid_to", "amount", "source"), {"currency": currencies})


if __name__ == "__main__":
    main()
