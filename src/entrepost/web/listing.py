"""Lists and pictures of pages: tables whose cells may be links, and pictures with the table of what they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from entrepost.documents.page import Figure
from entrepost.documents.table import Table


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a list: its text, where it leads, and a tone (good, wrong, going, open) where it has one.

    `code` sets numbers and names of machines apart; `note` stands small below; `more` is told on a second glance.
    """

    text: Any
    href: str = ""
    tone: str = ""
    code: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a list; numbers stand to the right."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: what it is a list of, its columns and rows, and where its other pages are.

    A row's cells are texts, `Cell`s or markup. `empty` is said where there is no row.
    """

    name: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Any, ...], ...]
    empty: str = "Nothing here."
    following: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as Vega-Lite has it, with the table of its figures; `says` is what it shows, for who cannot see it."""

    name: str
    title: str
    says: str
    spec: Mapping[str, Any]
    table: Table
    note: str = ""
    opens: bool = field(default=False)
    """Whether its table stands open from the start."""


def heads(*titles: str, numbers: str = "") -> tuple[Head, ...]:
    """Columns by their titles; those whose place in `numbers` is an `n` hold numbers, such as in `"..n"`."""
    marks = numbers.ljust(len(titles), ".")
    return tuple(Head(title, mark == "n") for title, mark in zip(titles, marks, strict=True))


def to_drawing(figure: Figure) -> Drawing:
    """A figure of a report as a picture of a page."""
    return Drawing(
        figure.name, figure.title, figure.says, figure.picture.to_dict(validate=False), figure.table, figure.note
    )


def with_query(request: Request, **changed: str) -> str:
    """The address that was asked for with other values in its query; an empty one goes."""
    asked = dict(request.query_params) | changed
    query = urlencode({name: value for name, value in asked.items() if value})
    return request.url.path + (f"?{query}" if query else "")


def link_order(seller: str, order_id: str) -> Cell:
    """An order, which leads to its page."""
    return Cell(order_id, f"/orders/one?{urlencode({'seller': seller, 'order_id': order_id})}", note=seller)
