"""Check and rewrite `reference/data/dispatch_forms.csv`, which is kept by hand: which paper of mail is which form.

Run from the root: ``python -m tools.update.reference_dispatch_forms``.
"""

from __future__ import annotations

from entrepost.codes.dispatch import CATEGORIES
from entrepost.codes.mail_subclass import CLASSES
from tools.update.kept_by_hand import rewrite

WHOLE, LETTERS = ("label", "bill", "delivery"), ("registered", "insured")


def main() -> None:
    """Refuse a paper that is not one for a class and category of mail."""
    papers = [f"{name}/{kind}/{how}" for name in WHOLE for kind in CLASSES for how in CATEGORIES]
    papers += [f"{name}/U/{how}" for name in LETTERS for how in CATEGORIES]
    rewrite("dispatch_forms", ("paper", "form", "title", "title_fr", "source"), {"paper": papers})


if __name__ == "__main__":
    main()
