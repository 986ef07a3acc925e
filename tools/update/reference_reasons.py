"""Check and rewrite `reference/data/reasons.csv`, which is kept by hand: the UPU's own codes are not public.

Run from the root: ``python -m tools.update.reference_reasons``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite

KINDS = ("retention", "non_delivery", "measure", "termination")
CLASSES = ("operations", "authority", "addressee", "sender", "return", "seized", "destroyed", "lost")


def main() -> None:
    """Refuse a row that is not whole."""
    rewrite("reasons", ("reason", "kind", "class", "meaning", "source"), {"kind": KINDS, "class": CLASSES})


if __name__ == "__main__":
    main()
