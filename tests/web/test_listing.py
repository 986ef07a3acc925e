"""Lists and pictures of pages."""

from __future__ import annotations

import polars as pl
from fastapi import Request

from entrepost.documents.charts import draw_journey
from entrepost.documents.page import Figure
from entrepost.documents.table import Column, Table
from entrepost.web.listing import Cell, Listing, heads, to_drawing, with_query
from entrepost.web.page import templates


def written(listing: Listing) -> str:
    return str(templates().get_template("parts.html.j2").module.listing(listing))  # type: ignore[attr-defined]


def test_a_list_is_a_table_with_a_caption_and_links() -> None:
    rows = ((Cell("LX1", "/items/1", code=True), Cell("held", tone="wrong", note="<b>"), 1_000, None),)
    html = written(Listing("l", "Items", heads("Number", "Status", "Events", "Day", numbers="..n."), rows))
    assert '<a href="/items/1" class="code">LX1</a>' in html
    assert '<span class="state wrong">held</span>' in html
    assert '<span class="note">&lt;b&gt;</span>' in html
    assert '<th scope="col" class="n">Events</th>' in html
    assert "<td>–</td>" in html


def test_an_empty_list_says_so_and_a_long_one_goes_on() -> None:
    assert "No key yet" in written(Listing("l", "Keys", heads("Key"), (), "No key yet."))
    assert '<a href="?after=1" rel="next">' in written(
        Listing("l", "Keys", heads("Key"), (("a",),), following="?after=1")
    )


def test_a_figure_of_a_report_is_a_picture_of_a_page() -> None:
    steps = pl.DataFrame({"label": ["prepare"], "days": [1.0], "start": [0.0], "end": [1.0], "kind": ["work"]})
    table = Table(steps, (Column("label", "Step"), Column("days", "Days", "days")))
    drawing = to_drawing(Figure("f", "Steps", "one bar", draw_journey(steps), table))
    assert drawing.spec["usermeta"]
    html = str(templates().overlay().get_template("parts.html.j2").module.figures("f", table, "Steps"))  # type: ignore[attr-defined]
    assert '<td class="n">1.0</td>' in html


def test_a_link_keeps_what_was_asked_and_changes_what_it_says() -> None:
    request = Request(
        {"type": "http", "path": "/items", "query_string": b"q=a&after=x", "headers": [], "server": ("a", 1)}
    )
    assert with_query(request, after="y z") == "/items?q=a&after=y+z"
    assert with_query(request, q="", after="") == "/items"
