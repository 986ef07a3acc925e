"""Learns the model of names: ``python -m tools.update.customs_name_model NAMES``, NAMES with labelled pairs (CSV).

The columns are `name1`, `name2` and `is_match`; others are not looked at. `python -m benchmarks.screening` says how
well a model learnt this way does on pairs that it has not seen.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.customs.names.features import FEATURES
from entrepost.customs.names.model import to_model
from entrepost.customs.names.score import measure_pairs
from entrepost.customs.names.words import FOLDER

COLUMNS = ("part", "node", "feature", "threshold", "left", "right", "value")
TREES, LEAVES, LEAST = 50, 5, 8
RISING = ("shared_short", "shared_long", "worst", "whole")
FALLING = ("conflict", "changed", "changed_share")
WAYS = np.array([(name in RISING) - (name in FALLING) for name in FEATURES])
"""Which way a feature may push: what is more alike must not lower a score."""
Rows = list[dict[str, str]]


def main() -> int:
    """Learn from all pairs of a file and write the package's model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", type=Path)
    with parser.parse_args().names.open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    names = [(pair["name1"], pair["name2"]) for pair in pairs]
    rows = learn(measure_pairs(names), np.array([pair["is_match"] == "True" for pair in pairs]))
    with (FOLDER / "name_model.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return 0


def learn(features: NDArray[np.float64], same: NDArray[np.bool_]) -> Rows:
    """Both models as the rows of the package's file."""
    rows = [*_linear(features, same), *_trees(features, same)]
    return [dict.fromkeys(COLUMNS, "") | row for row in rows]


def learn_model(features: NDArray[np.float64], same: NDArray[np.bool_]) -> tuple[Any, ...]:
    """Both models, ready for use."""
    return to_model(learn(features, same))


def _linear(features: NDArray[np.float64], same: NDArray[np.bool_]) -> Rows:
    from sklearn.linear_model import LogisticRegression

    mean, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    used = features.std(axis=0) > 1e-9
    wrong = used
    while wrong.any():
        fitted = LogisticRegression(C=1.0, max_iter=1000).fit((features - mean) / scale * used, same)
        factors = fitted.coef_[0] / scale * used
        wrong = used & (factors * WAYS < 0)
        used = used & ~wrong
    constant = float(fitted.intercept_[0] - factors @ mean)
    named = [*zip(FEATURES, factors, strict=True), ("", constant)]
    return [{"part": "linear", "feature": name, "value": f"{value:.6g}"} for name, value in named]


def _trees(features: NDArray[np.float64], same: NDArray[np.bool_]) -> Rows:
    from sklearn.ensemble import HistGradientBoostingClassifier

    options = {"max_iter": TREES, "max_leaf_nodes": LEAVES, "min_samples_leaf": LEAST, "early_stopping": False}
    fitted = HistGradientBoostingClassifier(**options, monotonic_cst=WAYS, random_state=1).fit(features, same)
    start = float(np.ravel(fitted._baseline_prediction)[0])
    rows = [{"part": "start", "value": f"{start:.6g}"}]
    for number, (tree,) in enumerate(fitted._predictors):
        for index, node in enumerate(tree.nodes):
            rows.append({"part": str(number), "node": str(index)} | _node(node))
    return rows


def _node(node: Any) -> dict[str, str]:
    if node["is_leaf"]:
        return {"value": f"{node['value']:.6g}"}
    split = {"feature": FEATURES[node["feature_idx"]], "threshold": repr(float(node["num_threshold"]))}
    return split | {"left": str(node["left"]), "right": str(node["right"])}


if __name__ == "__main__":
    sys.exit(main())
