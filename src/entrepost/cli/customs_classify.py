"""entrepost customs classify: codes of the Harmonized System that may fit a description."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import here

if TYPE_CHECKING:
    from entrepost.customs.classify import TextIndex

CONFIRM = "suggestions from words alone: to be confirmed by a person"


def run(
    what: Annotated[str, typer.Argument(help="A description, or a file of content lines.", metavar="FILE|TEXT")],
    most: Annotated[int, typer.Option("--most", help="Suggestions for each description.", min=1, max=50)] = 5,
) -> None:
    """Suggest codes of six digits from the official texts that were added, to be confirmed by a person.

    Add texts first: `entrepost reference add hs-texts FILE`, such as the nomenclature and a national tariff.
    """
    from entrepost.customs.classify import known_index
    from entrepost.operations.classification import describe_file

    path = Path(what)
    is_file = len(what) < 256 and path.is_file()
    index = known_index()
    described = describe_file(path) if is_file else [("", what)]
    rows = [_row(index, item, text, most) for item, text in described]
    here().answer({"to_be_confirmed": True, "descriptions": rows}, [line for row in rows for line in _lines(row)])
    here().say(CONFIRM)


def _row(index: TextIndex, item: str, text: str, most: int) -> dict[str, object]:
    return {"item_id": item, "description": text, "suggestions": index.suggest(text, most)}


def _lines(row: dict[str, object]) -> list[str]:
    named = f"{row['item_id']} {row['description']}".strip()
    found = row["suggestions"]
    assert isinstance(found, list)
    lines = [f"  {each.hs_code}  {each.score:5.1f}  {each.text[:90]}  ({', '.join(each.words)})" for each in found]
    return [named, *(lines or ["  no official text has a word of it: say what it is and of which material"])]
