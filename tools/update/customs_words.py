"""Check and rewrite the lists of words in `customs/data`, which are kept by hand.

Run from the root: ``python -m tools.update.customs_words``.
"""

from __future__ import annotations

from entrepost.customs.names.words import FOLDER
from tools.update.kept_by_hand import rewrite

KINDS = ("form", "small", "same")


def main() -> None:
    """Refuse a row without a word."""
    rewrite("name_words", ("word", "kind", "meaning"), {"kind": KINDS}, FOLDER)
    rewrite("goods_words", ("said", "official"), {}, FOLDER)


if __name__ == "__main__":
    main()
