"""Check and rewrite the tables of what destinations ask, which are kept by hand, a source in every row.

Run from the root: ``python -m tools.update.reference_destination_terms``.
"""

from __future__ import annotations

import csv

from entrepost.customs.assess import METHODS
from entrepost.reference.destination_term import AMOUNTS, CONFIDENCES, LIMITS
from entrepost.reference.duty_text import parse_duty
from tools.update.kept_by_hand import FOLDER

VALUES = {
    "destination_terms": {
        "duty_method": METHODS,
        "duty_base": ("cif", "goods"),
        "tax_method": ("added", "inside", "none"),
        "collected": ("at_delivery", "by_carrier"),
    },
    "origin_rates": {},
    "article_duties": {},
    "import_fees": {"due": ("below", "below_each", "collected")},
    "scheme_numbers": {},
    "customs_territories": {},
    "currency_pegs": {},
}
NUMBERS = (*AMOUNTS, *LIMITS, "percent", "amount", "limit", "each")


def main() -> None:
    """Refuse a row without source, with an unknown word, or with a figure that is none."""
    for table, values in VALUES.items():
        rewrite(table, values)


def rewrite(table: str, values: dict[str, tuple[str, ...]]) -> None:
    """Read a table, stop at a cell that cannot be, and write it in one form."""
    path = FOLDER / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    allowed = values | ({"confidence": CONFIDENCES} if "confidence" in columns else {})
    for number, row in enumerate(rows, start=2):
        wrong = [name for name, words in allowed.items() if row[name] not in words]
        wrong += [name for name in NUMBERS if row.get(name) and not _is_number(row[name])]
        wrong += [] if row["source"] else ["source"]
        if wrong:
            raise SystemExit(f"{path.name}:{number} [{', '.join(wrong)}] is not allowed; correct the row")
        if "duty" in row:
            parse_duty(row["duty"], "EUR")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


if __name__ == "__main__":
    main()
