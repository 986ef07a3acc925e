"""Check and rewrite the three tables of advance data, which are kept by hand: `advance_regimes`, `_due`, `_fields`.

Run from the root: ``python -m tools.update.reference_advance_data``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite

DATES = ("valid_from", "valid_to")
REGIMES = ("ICS2", "STOP", "NATIONAL", "BR", "KR")


def main() -> None:
    """Refuse a row that is not whole."""
    rewrite("advance_regimes", ("country", *DATES, "regime", "source"), {"regime": REGIMES})
    allowed = {"before": ("loading", "arrival"), "gate": ("yes", "no")}
    rewrite("advance_due", ("regime_mode", *DATES, "before", "hours", "gate", "source"), allowed)
    rewrite("advance_fields", ("regime_field", *DATES, "natures", "source"), {"natures": ("any", "sale")})


if __name__ == "__main__":
    main()
