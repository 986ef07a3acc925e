"""What was learned on top of the exact forecast, as a file beside a network: numbers in JSON that run nothing."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from entrepost.base.errors import UnreadableInputError
from entrepost.journey.under_way.residual import FEATURES, LEVELS, NODE, EtaResidual, Forest, ResidualCard

FILE = "eta-residual.json"
FORM = 1


def write_residual(residual: EtaResidual, path: Path) -> None:
    """Write it so that `read_residual` gives the same again."""
    card = residual.card
    content = {
        "form": FORM,
        "says": str(card),
        "network": residual.network_hash,
        "valid_until": residual.valid_until.isoformat(),
        "card": {
            "as_of": card.as_of.isoformat(),
            "items": card.items,
            "weeks": [each.isoformat() for each in card.weeks],
            "exact": card.exact,
            "learned": card.learned,
        },
        "pace": residual.pace,
        "features": FEATURES,
        "node": NODE.names,
        "forests": {name: _to_lists(forest) for name, forest in residual.forests.items()},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def find_residual(folder: Path) -> EtaResidual | None:
    """What lies in a network folder; None where nothing does.

    Raises
    ------
    UnreadableInputError
        When the file is not what `write_residual` writes; the message says what is wrong.
    """
    path = folder / FILE
    return read_residual(path) if path.is_file() else None


def read_residual(path: Path) -> EtaResidual:
    """Read the file; every figure is checked, so that no tree leads out of itself."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _from_content(content)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UnreadableInputError(f"{path}: {error}; learn it anew with entrepost learn --eta") from None
    except (KeyError, IndexError) as error:
        raise UnreadableInputError(f"{path}: {error} is missing; learn it anew with entrepost learn --eta") from None


def _to_lists(forest: Forest) -> dict[str, Any]:
    trees = [forest.nodes[one:other].tolist() for one, other in zip(forest.first, forest.first[1:], strict=False)]
    return {"base": forest.base, "trees": trees}


def _from_content(content: dict[str, Any]) -> EtaResidual:
    if content["form"] != FORM or tuple(content["features"]) != FEATURES or tuple(content["node"]) != NODE.names:
        raise ValueError("it is of another form than this version reads")
    card = content["card"]
    forests = {name: _to_forest(content["forests"][name]) for name in LEVELS if content["forests"]}
    pace = {kind: {str(k): _finite(v) for k, v in content["pace"][kind].items()} for kind in ("service", "country")}
    return EtaResidual(
        network_hash=str(content["network"]),
        valid_until=_instant(content["valid_until"]),
        pace=pace,
        forests=forests,
        card=ResidualCard(
            as_of=_instant(card["as_of"]),
            items=int(card["items"]),
            weeks=tuple(_instant(each) for each in card["weeks"]),
            exact=tuple(map(_finite, card["exact"])),
            learned=tuple(map(_finite, card["learned"])),
        ),
    )


def _to_forest(content: dict[str, Any]) -> Forest:
    trees = [[tuple(node) for node in tree] for tree in content["trees"]]
    for tree in trees:
        for number, (feature, threshold, left, right, value) in enumerate(tree):
            _finite(threshold)
            _finite(value)
            if not -1 <= int(feature) < len(FEATURES):
                raise ValueError(f"there is no feature {feature}")
            if feature >= 0 and not (number < int(left) < len(tree) and number < int(right) < len(tree)):
                raise ValueError("a node leads nowhere or back")
        if not tree:
            raise ValueError("a tree is empty")
    first = np.cumsum([0, *map(len, trees)]).astype(np.int64)
    return Forest(_finite(content["base"]), first, np.array([node for tree in trees for node in tree], dtype=NODE))


def _finite(value: Any) -> float:
    found = float(value)
    if not math.isfinite(found):
        raise ValueError(f"{value} is no figure")
    return found


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return found
