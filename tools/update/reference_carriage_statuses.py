"""Check and rewrite `reference/data/carriage_statuses.csv`, which is kept by hand: codes are in profiles.

Run from the root: ``python -m tools.update.reference_carriage_statuses``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite

LEVELS = ("receptacle", "consignment")


def main() -> None:
    """Refuse a row that is not whole."""
    columns = ("status", "level", "custody", "meaning", "source")
    rewrite("carriage_statuses", columns, {"level": LEVELS, "custody": ("yes", "no")})


if __name__ == "__main__":
    main()
