"""Check and rewrite the tables that checks of a declaration go by, which are kept by hand.

Run from the root: ``python -m tools.update.reference_declarations``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite

DATES = ("valid_from", "valid_to")


def main() -> None:
    """Refuse a row that is not whole."""
    rewrite("gift_limits", ("country", *DATES, "limit_minor", "currency", "source"), {})
    rewrite("vague_descriptions", ("description", "source"), {})
    rewrite("declaration_terms", ("term", *DATES, "value", "unit", "source"), {})


if __name__ == "__main__":
    main()
