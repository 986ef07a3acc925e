"""A page as a PDF on A4, with the same words, pictures and tables as its HTML, set by Typst.

The fonts are those that come with Typst, so the paper looks alike on every machine; where a sign is not in them the
machine's own are asked. The PDF is tagged, and every picture has its alternative text. Long tables stand with their
first rows and say how many there are; all of them are in the HTML.
"""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from entrepost.documents.page import Figure, Page, Section, draw_svg, list_figures
from entrepost.documents.table import Table

ROWS_SHOWN, ROWS_OF_PICTURE = 40, 12
"""So many rows of a table are printed, and of one that belongs to a picture."""
SHORT = 22
"""A column of texts up to so many signs is as wide as they are; longer ones share the room that is left."""
DATA, MAIN = "page.json", "paper.typ"


def render_pdf(page: Page) -> bytes:
    """The page as a PDF.

    Its words go to the typesetter as data, so nothing in them is taken for markup.
    """
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for figure in list_figures(page):
            svg = draw_svg(figure.picture.to_dict(validate=False))
            (folder / f"{figure.name}.svg").write_text(svg, encoding="utf-8")
        (folder / DATA).write_text(json.dumps(tell_page(page), ensure_ascii=False), encoding="utf-8")
        template = files("entrepost.documents").joinpath(f"templates/{MAIN}").read_text(encoding="utf-8")
        (folder / MAIN).write_text(template, encoding="utf-8")
        pdf: bytes = typst.compile(folder / MAIN, root=folder)
    return pdf


def tell_page(page: Page) -> dict[str, Any]:
    """What a page says, as the data that the typesetter reads."""
    return {
        "title": page.title,
        "subtitle": page.subtitle,
        "lead": list(page.lead),
        "cards": [
            {"title": card.title, "before": card.before, "after": card.after, "note": card.note} for card in page.cards
        ],
        "sections": [_section(section) for section in page.sections],
        "words": [list(each) for each in page.words],
        "footer": page.footer,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "paragraphs": list(section.paragraphs),
        "parts": [_part(part) for part in section.parts],
        "closing": list(section.closing),
    }


def _part(part: Figure | Table) -> dict[str, Any]:
    if isinstance(part, Table):
        return {"kind": "table", "table": _table(part)}
    return {
        "kind": "figure",
        "file": f"{part.name}.svg",
        "title": part.title,
        "says": part.says,
        "note": part.note,
        "table": _table(part.table, ROWS_OF_PICTURE),
    }


def _table(table: Table, most: int = ROWS_SHOWN) -> dict[str, Any]:
    rows = table.list_rows()
    shown = rows[:most]
    return {
        "columns": [column.title for column in table.columns],
        "numbers": [column.is_number for column in table.columns],
        "widths": [
            _width(column.is_number, [row[place] for row in shown]) for place, column in enumerate(table.columns)
        ],
        "rows": shown,
        "count": len(rows),
    }


def _width(is_number: bool, texts: list[str]) -> int:
    """The share of the room that a column asks for; 0: as wide as what stands in it."""
    longest = max((len(text) for text in texts), default=0)
    return 0 if is_number or longest <= SHORT else min(longest, 4 * SHORT)
