"""Rebuild the outlines of countries that the report's map draws.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/update/countries.py package/countries-110m.json

The atlas is Natural Earth 1:110 million as TopoJSON. Antarctica and all names are left out: nobody is
served there, and the map tells places by the network's own names. What is left is a third smaller.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[2] / "src/entrepost/documents/data/countries-110m.json"
ANTARCTICA = "010"


def main() -> None:
    """Read the atlas named on the command line and write the packaged file."""
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/update/countries.py countries-110m.json")
    atlas = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(json.dumps(shrink(atlas), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


def shrink(atlas: dict[str, Any]) -> dict[str, Any]:
    """Keep the outlines of countries only, and of the arcs those that they use."""
    shapes = [shape for shape in atlas["objects"]["countries"]["geometries"] if shape.get("id") != ANTARCTICA]
    order: dict[int, int] = {}
    geometries = [{"type": shape["type"], "arcs": _renumber(shape["arcs"], order)} for shape in shapes]
    return {
        "type": "Topology",
        "transform": atlas["transform"],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [atlas["arcs"][arc] for arc in order],
    }


def _renumber(arcs: Any, order: dict[int, int]) -> Any:
    """Arcs by their new number; a negative number ``~n`` runs arc ``n`` backwards."""
    if isinstance(arcs, list):
        return [_renumber(each, order) for each in arcs]
    arc = arcs if arcs >= 0 else ~arcs
    number = order.setdefault(arc, len(order))
    return number if arcs >= 0 else ~number


if __name__ == "__main__":
    main()
