"""Check and rewrite `codes/data/mail_subclasses.csv`, which is kept by hand.

Run from the root: ``python -m tools.update.codes_mail_subclasses``.
"""

from __future__ import annotations

from entrepost.codes import mail_subclass
from tools.update.kept_by_hand import rewrite


def main() -> None:
    """Refuse a row that is not whole, and one whose first letter is no class of mail."""
    for row in rewrite("mail_subclasses", ("mail_subclass", "name", "source"), {}, mail_subclass.TABLE.parent):
        mail_subclass.parse(row["mail_subclass"])


if __name__ == "__main__":
    main()
