"""Check and rewrite `reference/data/event_codes.csv`, which is kept by hand in the order of the stages.

Give the path of a list of codes (CSV with a column `code`) to be told what it has and the table lacks.

Run from the root: ``python -m tools.update.reference_event_codes``.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from tools.update.kept_by_hand import rewrite

TARGET = "event_codes"
COLUMNS = ("code", "leg", "name", "meaning", "carries", "ends_wait", "source")
LEGS = ("origin", "transit", "destination", "delivery")


def main() -> None:
    """Refuse a row that is not whole; say which codes of a given list are missing."""
    rows = rewrite(TARGET, COLUMNS, {"leg": LEGS, "ends_wait": ("yes", "no")})
    for path in sys.argv[1:]:
        with Path(path).open(encoding="utf-8", newline="") as file:
            missing = {row["code"] for row in csv.DictReader(file)} - {row["code"] for row in rows}
        print(f"{path}: {sorted(missing) or 'nothing is missing'}")


if __name__ == "__main__":
    main()
