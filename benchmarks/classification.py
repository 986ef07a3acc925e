"""Suggested codes: how often the right one is first, among three, among five, on texts that the index has not seen.

``python -m benchmarks.classification --data DIR [--json]``. DIR holds `hs/harmonized-system.csv.gz` and, under
`tariff/`, the EU's Combined Nomenclature and the US tariff. The texts of one tariff are described by the index of the
other and the nomenclature; only lines whose six digits the nomenclature has are counted. Official texts are longer
and stricter than what sellers write. The goods of the sample network are closer to those, but they are twenty, their
codes are ours, and the list of everyday words was written by the same hands: read them as an example.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path
from typing import Any

from entrepost.customs.classify import TextIndex, index_texts
from entrepost.network.sample_network import sample_network
from entrepost.reference.official_text import Texts, read_texts

FILES = {
    "nomenclature": "hs/harmonized-system.csv.gz",
    "combined nomenclature": "tariff/combined-nomenclature-8-2021.csv.gz",
    "us tariff": "tariff/us_hts_2025-06-06.csv.gz",
}
TOPS = (1, 3, 5)
SAMPLE, TINY, SEED = 3_000, 100, 1
SPECIAL = ("98", "99")
"""Chapters of a country's own."""


def main(arguments: list[str] | None = None) -> int:
    """Measure each way of holding texts out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classification", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the folder of official files")
    parser.add_argument("--tiny", action="store_true", help="few texts: whether it runs, not how well")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    options = parser.parse_args(arguments)
    read = {name: read_texts(options.data / place)[0] for name, place in FILES.items()}
    found = measure(read, TINY if options.tiny else SAMPLE)
    print(json.dumps(found) if options.json else "\n".join(map(describe, found)))
    return 0


def measure(read: dict[str, Texts], most: int) -> list[dict[str, Any]]:
    """The accuracy on each set of descriptions, a row each."""
    nomenclature = read["nomenclature"]
    valid = {code for code, _ in nomenclature if len(code) == 6}
    longer = {name: tuple(each for each in texts if len(each[0]) >= 8) for name, texts in read.items()}
    cn, us = longer["combined nomenclature"], longer["us tariff"]
    goods = tuple({(good.hs_code, good.description) for good in sample_network().products})
    ways = (
        ("lines of the Combined Nomenclature", "the nomenclature and the US tariff", us, cn),
        ("lines of the Combined Nomenclature", "the nomenclature alone", (), cn),
        ("lines of the US tariff", "the nomenclature and the Combined Nomenclature", cn, us),
        ("goods of the sample network", "all three", (*cn, *us), goods),
    )
    rows = []
    for described, against, extra, texts in ways:
        index = index_texts((*nomenclature, *extra), valid)
        asked = [(code, text) for code, text in texts if code[:6] in valid and code[:2] not in SPECIAL]
        chosen = random.Random(SEED).sample(asked, min(most, len(asked)))
        rows.append({"described": described, "index": against, "texts": len(chosen), **accuracy(index, chosen)})
    return rows


def accuracy(index: TextIndex, described: list[tuple[str, str]]) -> dict[str, float]:
    """The share whose code is among so many suggestions, and whose heading is that of the first."""
    hits = dict.fromkeys(TOPS, 0)
    headings = 0
    for code, text in described:
        codes = [each.hs_code for each in index.suggest(text, max(TOPS))]
        for top in TOPS:
            hits[top] += code[:6] in codes[:top]
        headings += code[:4] in [each[:4] for each in codes[:1]]
    count = max(1, len(described))
    return {f"top_{top}": round(hit / count, 4) for top, hit in hits.items()} | {
        "heading_1": round(headings / count, 4)
    }


def describe(row: dict[str, Any]) -> str:
    """A row as a line for people."""
    figures = "  ".join(
        f"{name.replace('_', ' ')} {row[name]:.1%}" for name in ("top_1", "top_3", "top_5", "heading_1")
    )
    return f"{row['texts']:5} {row['described']} on {row['index']}: {figures}"


if __name__ == "__main__":
    sys.exit(main())
