"""The contents of a form: a table with a row for each article, and how many rows find room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrepost.documents.labels.drawing import CAPTION, Drawing
from entrepost.documents.labels.figures import format_kg, format_value
from entrepost.documents.labels.shape import clean
from entrepost.documents.labels.sheet import Box, post, rule
from entrepost.documents.labels.typeset import Room, Text, height_of, wrap
from entrepost.mail.declaration import Declaration

PADDING = 6


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its caption, its width in dots, and whether it holds figures (set to the right)."""

    caption: str
    width: int
    is_figure: bool = False
    field: str = ""


Row = tuple[str, ...]


def list_rows(declaration: Declaration) -> list[Row]:
    """Each article as its form's cells: description, quantity, net weight in kg, value, HS code, country of origin."""
    return [
        (
            clean(content.description),
            str(content.quantity),
            format_kg(content.net_weight_g),
            format_value(content.value_minor, declaration.currency),
            clean(content.hs_code),
            clean(content.origin_country),
        )
        for content in declaration.contents
    ]


def height_of_row(row: Row, columns: Sequence[Column], size: int) -> int:
    """The dots that a row needs: as many lines as its longest cell wraps into."""
    lines = (
        len(wrap(text, Text(text), size, column.width - 2 * PADDING)) for text, column in zip(row, columns, strict=True)
    )
    return max(1, *lines) * height_of(size) + PADDING


def count_rows(rows: Sequence[Row], columns: Sequence[Column], height: int, size: int) -> int:
    """How many of the rows, from the first on, find room below each other."""
    used = 0
    for number, row in enumerate(rows):
        used += height_of_row(row, columns, size)
        if used > height:
            return number
    return len(rows)


def draw_table(drawing: Drawing, room: Room, columns: Sequence[Column], rows: Sequence[Row], size: int) -> None:
    """The frame, the captions and the rows."""
    head = 2 * height_of(CAPTION) + 4
    drawing.add(Box(room.x, room.y, room.width, room.height, 1), rule(room.x, room.y + head, room.width))
    left = room.x
    for number, column in enumerate(columns):
        if number:
            drawing.add(post(left, room.y, room.height))
        drawing.label(column.caption, left + PADDING, room.y + 3, column.width - 2 * PADDING)
        left += column.width
    top, bottom = room.y + head, room.y + room.height
    for row in rows:
        height = min(height_of_row(row, columns, size), bottom - top)
        _draw_row(drawing, Room(room.x, top, room.width, height), columns, row, size)
        top += height


def _draw_row(drawing: Drawing, room: Room, columns: Sequence[Column], row: Row, size: int) -> None:
    left = room.x
    for text, column in zip(row, columns, strict=True):
        cell = Room(left + PADDING, room.y + PADDING // 2, column.width - 2 * PADDING, room.height - PADDING // 2)
        drawing.write([Text(text)], cell, (size,), column.field, align="right" if column.is_figure else "start")
        left += column.width
