"""Check and rewrite `reference/data/mail_classes.csv`, which is kept by hand.

Run from the root: ``python -m tools.update.reference_mail_classes``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite


def main() -> None:
    """Refuse a row that is not whole."""
    rewrite("mail_classes", ("mail_class", "name", "meaning", "source"), {"mail_class": ("U", "C", "E", "T")})


if __name__ == "__main__":
    main()
