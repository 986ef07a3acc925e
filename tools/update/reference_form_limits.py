"""Check and rewrite `reference/data/form_limits.csv`: add a row when the limit of CN 22 moves.

Run from the root: ``python -m tools.update.reference_form_limits``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite


def main() -> None:
    """Refuse a row that is not whole."""
    rewrite("form_limits", ("form", "valid_from", "valid_to", "value_sdr_minor", "source"), {"form": ("cn22",)})


if __name__ == "__main__":
    main()
