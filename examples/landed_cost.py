"""One small file of invented orders: what is due at the border, what may not be sent, and the labels.

Run it from the root of the repository: ``python examples/landed_cost.py [FOLDER]``.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from entrepost.customs.landed_cost import assess_lines
from entrepost.documents.label import write_sheets
from entrepost.operations.content_lines import read_content_lines
from entrepost.operations.labels import read_labels
from entrepost.operations.screening import screen_files

ORDERS = Path(__file__).parents[1] / "docs" / "guides" / "labels.csv"
DAY = date(2026, 7, 2)


def main(folder: Path) -> None:
    """Tell what is due on each item and which are held, and print a label for each of the others."""
    read = read_content_lines(ORDERS)
    costs = assess_lines(read.frame, DAY, subject=ORDERS.name)
    for row in costs.items.iter_rows(named=True):
        total = "not known" if row["total_minor"] is None else f"{row['total_minor']} minor units of {row['currency']}"
        print(f"{row['item_id']}: {total}, {row['collected']}, by {row['rule']} ({row['confidence']})")
    for finding in (*read.findings, *costs.findings):
        print(f"  {finding}")
    held = {each.item_id for each in screen_files([ORDERS], DAY).holds}
    print(f"held: {', '.join(sorted(held)) or 'none'}")
    printed = [each for each in read_labels(ORDERS).draw() if each.item_id not in held]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "labels.pdf"
    path.write_bytes(write_sheets([sheet for each in printed for sheet in each.sheets], "pdf"))
    print(f"{len(printed)} labels in {path.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "labels"))
