"""Check and rewrite `reference/data/import_terms.csv`, which is kept by hand: every figure is assumed.

Run from the root: ``python -m tools.update.reference_import_terms``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite

AMOUNTS = ("duty_percent", "duty_free_minor", "tax_percent", "tax_free_minor", "currency")


def main() -> None:
    """Refuse a row that is not whole."""
    rewrite("import_terms", ("country", "valid_from", "valid_to", *AMOUNTS, "source"), {"currency": ("USD",)})


if __name__ == "__main__":
    main()
