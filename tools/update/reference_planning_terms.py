"""Check and rewrite `reference/data/planning_terms.csv`, which is kept by hand: every figure is assumed.

Run from the root: ``python -m tools.update.reference_planning_terms``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite

COLUMNS = ("term", "valid_from", "valid_to", "value", "unit", "meaning", "source")


def main() -> None:
    """Refuse a row that is not whole."""
    rewrite("planning_terms", COLUMNS, {})


if __name__ == "__main__":
    main()
