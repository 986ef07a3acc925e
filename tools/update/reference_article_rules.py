"""Check and rewrite `reference/data/article_rules.csv`, which is kept by hand.

Run from the root: ``python -m tools.update.reference_article_rules``.
"""

from __future__ import annotations

from entrepost.reference.article_rule import KINDS
from tools.update.kept_by_hand import rewrite

MATCHED = ("destination", "hs_prefixes", "words", "unless", "un_number")


def main() -> None:
    """Refuse a row without a meaning, a way out or a source."""
    columns = ("rule", "kind", *MATCHED, "valid_from", "valid_to", "meaning", "fix", "source")
    rewrite("article_rules", columns, {"kind": KINDS})


if __name__ == "__main__":
    main()
