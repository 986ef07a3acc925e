"""Denied parties: pairs of names beside rapidfuzz, planted variants of listed names, names a second.

``python -m benchmarks.screening --names FILE [--json] [--scores OUT]`` measures pairs: FILE has the columns
`case_group, schema, name1, name2, is_match, quality, category, notes`. Without --names, and with --lists DIR, it
searches the lists of that folder (`ofac_sdn.csv.gz`, `ofac_alt.csv.gz`, `un_consolidated.xml.gz`); both may be given.
The baseline is the scorer of rapidfuzz that does best; its threshold is set on the pairs of the other folds, as ours.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.comparison import load_peer
from benchmarks.screening_search import search_lists
from entrepost.customs.names.model import Model
from entrepost.customs.names.score import EVEN, measure_pairs, score_pairs
from tools.update.customs_name_model import learn_model

FOLDS, SEED, CHOICES = 5, 1, 5
SCORERS = ("ratio", "partial_ratio", "token_sort_ratio", "token_set_ratio", "WRatio")
MUST = 0.05
"""F1 above that of the baseline."""
DIGITS = 4
Flags = NDArray[np.bool_]
Figures = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labelled pairs of names."""

    names: list[tuple[str, str]]
    same: Flags
    groups: list[str]
    categories: list[str]


def main(arguments: list[str] | None = None) -> int:
    """Measure pairs, the search of lists, or both."""
    options = _parser().parse_args(arguments)
    stream = sys.stderr if options.json else sys.stdout
    found: dict[str, Any] = {}
    if options.names:
        with options.names.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        found["pairs"] = measure(to_pairs(rows))
        print("\n".join(describe(found["pairs"])), file=stream)
        if options.scores:
            write_scores(options.scores, rows)
    if options.lists:
        found["lists"] = search_lists(options.lists, options.tiny, lambda line: print(line, file=stream, flush=True))
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=Path, help="labelled pairs, CSV")
    parser.add_argument("--scores", type=Path, metavar="OUT", help="write the pairs with a column score, 0 to 100")
    parser.add_argument("--lists", type=Path, metavar="DIR", help="search the lists of this folder")
    parser.add_argument("--tiny", action="store_true", help="few names: whether it runs, not how well")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    return parser


def to_pairs(rows: list[dict[str, str]]) -> Pairs:
    """The pairs of a file; whatever is not said to match does not."""
    same = np.array([(row.get("is_match") or "").strip().lower() == "true" for row in rows])
    names = [(row["name1"] or "", row["name2"] or "") for row in rows]
    groups = [row.get("case_group") or "" for row in rows]
    return Pairs(names, same, groups, [row.get("category") or "" for row in rows])


def write_scores(path: Path, rows: list[dict[str, str]]) -> None:
    """The rows in their order, with the score of the model that comes along."""
    scores = score_pairs([(row["name1"] or "", row["name2"] or "") for row in rows])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*(name for name in rows[0] if name != "score"), "score"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"score": f"{score:.{DIGITS}f}"} for row, score in zip(rows, scores, strict=True))


def measure(pairs: Pairs) -> dict[str, Any]:
    """The model that comes along; one learnt anew on other folds, and on other groups; the baseline beside each."""
    features, known = measure_pairs(pairs.names), score_pairs(pairs.names) >= EVEN
    peers = {name: _peer_scores(name, pairs.names) for name in SCORERS}
    found: dict[str, Any] = {"pairs": len(pairs.names), "as_shipped": _figures(pairs.same, known)}
    for name, folds in (("other_folds", _folds(pairs)), ("other_groups", _folds_by_group(pairs))):
        decided = {"ours": np.zeros(pairs.same.size, dtype=bool), "baseline": np.zeros(pairs.same.size, dtype=bool)}
        chosen: list[str] = []
        for number in sorted(set(folds.tolist())):
            held, rest = folds == number, folds != number
            if pairs.same[rest].all() or not pairs.same[rest].any():
                continue
            model = learn_model(features[rest], pairs.same[rest])
            decided["ours"][held] = _score(pairs, held, model) >= EVEN
            scorer, threshold = _best_scorer(peers, pairs.same, rest)
            decided["baseline"][held] = peers[scorer][held] >= threshold
            chosen.append(scorer)
        found[name] = {who: _figures(pairs.same, flags) for who, flags in decided.items()} | {"scorers": chosen}
        if name == "other_folds":
            found["categories"] = _by_category(pairs, decided)
    found["goal"] = {
        "must": MUST,
        "reached": found["other_folds"]["ours"]["f1"] - found["other_folds"]["baseline"]["f1"],
    }
    return found


def _score(pairs: Pairs, held: Flags, model: Model) -> Figures:
    return score_pairs([pairs.names[place] for place in np.flatnonzero(held)], model)


def _peer_scores(name: str, names: list[tuple[str, str]]) -> Figures:
    fuzz, utils = load_peer("rapidfuzz.fuzz"), load_peer("rapidfuzz.utils")
    scorer = getattr(fuzz, name)
    return np.array([scorer(one, other, processor=utils.default_process) for one, other in names])


def _best_scorer(peers: dict[str, Figures], same: Flags, rest: Flags) -> tuple[str, float]:
    """The scorer and the threshold with the highest F1 on the pairs that may be looked at."""
    ways = [
        (_figures(same[rest], scores[rest] >= threshold)["f1"], name, float(threshold))
        for name, scores in peers.items()
        for threshold in np.unique(scores[rest])
    ]
    _, name, threshold = max(ways)
    return name, threshold


def _folds(pairs: Pairs) -> NDArray[np.int64]:
    """The fold of each pair, drawn; the same two names are always in one fold."""
    chance = np.random.default_rng(SEED)
    drawn: dict[tuple[str, ...], int] = {}
    keys = [tuple(sorted(name.casefold() for name in names)) for names in pairs.names]
    return np.array([drawn.setdefault(key, int(chance.integers(FOLDS))) for key in keys])


def _folds_by_group(pairs: Pairs) -> NDArray[np.int64]:
    numbers = {group: number for number, group in enumerate(sorted(set(pairs.groups)))}
    return np.array([numbers[group] for group in pairs.groups])


def _figures(same: Flags, decided: Flags) -> dict[str, float]:
    """Precision, recall, F1 and how many."""
    both = int((same & decided).sum())
    precision = both / max(1, int(decided.sum()))
    recall = both / max(1, int(same.sum()))
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    named = {"precision": precision, "recall": recall, "f1": f1}
    return {"pairs": int(same.size), **{name: round(value, DIGITS) for name, value in named.items()}}


def _by_category(pairs: Pairs, decided: dict[str, Flags]) -> dict[str, Any]:
    """The share decided rightly in each group and category that has some pairs."""
    kinds = np.array([f"{group}: {kind or '-'}" for group, kind in zip(pairs.groups, pairs.categories, strict=True)])
    found = {}
    for kind in sorted(set(kinds.tolist())):
        held = kinds == kind
        if held.sum() >= CHOICES:
            right = {
                who: round(float((flags[held] == pairs.same[held]).mean()), DIGITS) for who, flags in decided.items()
            }
            found[kind] = {"pairs": int(held.sum()), "same": int(pairs.same[held].sum())} | right
    return found


def describe(found: dict[str, Any]) -> list[str]:
    """A few lines for people."""
    lines = [f"{found['pairs']} pairs of names", _line("as shipped, threshold 50", found["as_shipped"])]
    for name, what in (("other_folds", "learnt on other folds"), ("other_groups", "learnt on other groups")):
        lines.append(_line(f"{what}: ours", found[name]["ours"]))
        lines.append(
            _line(f"{what}: rapidfuzz", found[name]["baseline"])
            + f"  ({', '.join(sorted(set(found[name]['scorers'])))})"
        )
    lines.append("decided rightly, learnt on other folds:")
    for kind, row in found["categories"].items():
        lines.append(f"  {kind:44} {row['pairs']:4} pairs  ours {row['ours']:.1%}  rapidfuzz {row['baseline']:.1%}")
    goal = found["goal"]
    kept = "kept" if goal["reached"] >= goal["must"] else "MISSED"
    return [*lines, f"F1 above the baseline by {goal['reached']:.3f}, must {goal['must']:.2f}: {kept}"]


def _line(name: str, row: dict[str, float]) -> str:
    return f"  {name:36} precision {row['precision']:.3f}  recall {row['recall']:.3f}  F1 {row['f1']:.3f}"


if __name__ == "__main__":
    sys.exit(main())
