"""Check and rewrite `customs_decisions` and `referral_messages`, which are kept by hand: the codes are not public.

Run from the root: ``python -m tools.update.reference_clearance``.
"""

from __future__ import annotations

from tools.update.kept_by_hand import rewrite


def main() -> None:
    """Refuse a row that is not whole."""
    columns = ("decision", "event", "because", "final", "meaning", "source")
    rewrite("customs_decisions", columns, {"final": ("yes", "no")})
    rewrite("referral_messages", ("message", "from", "says", "ics2", "source"), {"from": ("sender", "authority")})


if __name__ == "__main__":
    main()
