"""Counts how rare each word of a name is: ``python -m tools.update.customs_name_weights SDN ALT``, OFAC's files.

A word that is in so many of all names weighs one minus the logarithm of that number over that of all names, and not
less than a quarter; words in fewer than eight names weigh 1 and are not written down.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter

from entrepost.customs.names.fold import fold, meant
from entrepost.customs.names.words import FOLDER
from entrepost.reference.sanctions_ofac import read_ofac

FEWEST, LEAST = 8, 0.25


def main() -> int:
    """Count the words of all names of the files and write the package's weights."""
    names = [name.name for entry in read_ofac(sys.argv[1:])[0] for name in entry.names]
    counts = Counter(word for name in names for word in {meant(each) for each in fold(name).words})
    frequent = sorted(
        (-count, word) for word, count in counts.items() if count >= FEWEST and word.isalpha() and len(word) > 1
    )
    with (FOLDER / "name_weights.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "weight"))
        for count, word in frequent:
            writer.writerow((word, round(max(LEAST, 1 - math.log(-count) / math.log(len(names))), 3)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
