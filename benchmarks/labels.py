"""Labels: PDF pages of 100 x 150 mm, against reportlab's canvas set up as its documentation recommends.

``python -m benchmarks.labels [--json]``
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal, time_runs
from benchmarks.labels_peer import draw_page, open_canvas
from benchmarks.report import main
from entrepost.codes import s10
from entrepost.documents.label import draw_labels, draw_sheets, write_sheets
from entrepost.documents.labels.barcode import list_bars, list_squares
from entrepost.documents.labels.shape import shape
from entrepost.documents.labels.sheet import Sheet, Words
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.item import Item
from entrepost.mail.papers import Papers
from entrepost.mail.party import Party

SEED = 11
NAMES = ("Anna", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Grete", "Hugo", "Inès", "Jürgen", "Åsa", "Łukasz")
PARTS = ("Linden", "Garten", "Kirch", "Mühl", "Haupt", "Berg", "Wald", "Schul", "Ring", "Brücken", "Rosen", "Markt")
OTHERS = (
    ("王小明", "深圳市南山区科技园南路{}号", "深圳", "CN"),
    ("محمد عبد الله", "شارع الملك فهد {}", "الرياض", "SA"),
    ("Дмитрий Иванов", "ул. Большая Садовая, {}", "Москва", "RU"),
)
"""Recipients in other scripts; the peer cannot set them, so they are timed on our side alone."""


def compare(tiny: bool, say: Say) -> Comparison:
    """Check that both sides print the same, then time both on the same labels, no two addresses alike."""
    count = 8 if tiny else 600
    papers = draw_papers(count, SEED)
    sheets = [printed.sheets[0] for printed in draw_labels(papers)]
    font = open_canvas()
    say(f"{count} labels, every address another; {len(sheets[0].marks)} marks on each")
    say("equal: " + check(sheets[: min(count, 40)], font))
    say("timed, ours: from Papers to one PDF: checks, customs form, wrapping, fitting, shaping, codes, fonts")
    say("timed, peer: canvas.drawString, rect and Code128 at places that ours worked out before; fonts embedded")
    ours = Side("Entrepost, draw_labels", "labels", count, time_runs(lambda: print_ours(papers), 5))
    peer = Side("reportlab, canvas", "labels", count, time_runs(lambda: print_peer(sheets, font), 5))
    mixed = draw_papers(count, SEED, OTHERS)
    others = Side("in four scripts", "labels", count, time_runs(lambda: print_ours(mixed), 3))
    one = Side(
        "one file each",
        "labels",
        count,
        time_runs(lambda: [write_sheets(draw_sheets(each).sheets) for each in papers], 3),
    )
    figures = {
        "labels": count,
        "four scripts, labels a second": others.speed,
        "one file each, labels a second": one.speed,
    }
    return Comparison(
        "a label as PDF", "labels", SEED, ours, peer, (Goal("labels a second", ours.speed, 300),), figures
    )


def draw_papers(count: int, seed: int, others: Sequence[tuple[str, str, str, str]] = ()) -> list[Papers]:
    """The papers of so many items, every recipient another; with `others` three of four in other scripts."""
    dice = random.Random(seed)
    sender = Party(
        "Shenzhen Example Trading Ltd", ("Building 3, Room 1802", "Nanshan Science Park"), "Shenzhen", "CN", "518057"
    )
    declared = Declaration("sale", "EUR", (Content("Cotton T-shirts for men, knitted", 5, 400, 2500, "610910", "CN"),))
    papers = []
    for number in range(count):
        code = s10.format(s10.S10("RB", 10_000_000 + number, "CN"))
        house, street = dice.randint(1, 999), dice.choice(PARTS) + dice.choice(PARTS).lower()
        name = f"{dice.choice(NAMES)} {dice.choice(PARTS)}{dice.choice(PARTS).lower()}er"
        town = f"{dice.choice(PARTS)}{dice.choice(PARTS).lower()}stadt"
        postcode = f"{dice.randint(1_000, 99_999):05d}"
        recipient = Party(name, (f"{street}straße {house}",), town, "DE", postcode, phone=f"+49 30 {number:07d}")
        if others and number % 4:
            said, line, city, country = others[number % 4 - 1]
            recipient = replace(
                recipient, name=f"{said} {number}", lines=(line.format(house),), city=city, country=country
            )
        item = Item("main", "shop", f"A-{number}", 1, code, dice.randint(420, 1_900), 2500, "EUR")
        papers.append(
            Papers(
                item, sender, recipient, declared, "China Post", date(2026, 5, 11), "Shenzhen EMC", "Registered packet"
            )
        )
    return papers


def print_ours(papers: Sequence[Papers]) -> bytes:
    """Our side: one PDF, as if no label had been drawn before."""
    for known in (shape, list_bars, list_squares):
        known.cache_clear()
    return write_sheets(sheet for printed in draw_labels(papers) for sheet in printed.sheets)


def print_each(papers: Sequence[Papers]) -> list[bytes]:
    """Our side: a PDF for each label, with its own fonts."""
    return [write_sheets(draw_sheets(each).sheets) for each in papers]


def print_peer(sheets: Sequence[Sheet], font: Any) -> bytes:
    """The peer's side: one PDF with the same words, lines and codes at the same places."""
    canvas, stream = font.begin()
    for sheet in sheets:
        draw_page(canvas, sheet, font)
    canvas.save()
    data: bytes = stream.getvalue()
    return data


def check(sheets: Sequence[Sheet], font: Any) -> str:
    """Require that every code reads back alike from both sides' pages, drawn dot by dot, and all words."""
    import pypdfium2
    import zxingcpp

    ours, peer = (pypdfium2.PdfDocument(data) for data in (write_sheets(sheets), print_peer(sheets, font)))
    codes = 0
    for sheet, *pages in zip(sheets, ours, peer, strict=True):
        read, said = [], []
        for page in pages:
            pixels = np.ascontiguousarray(page.render(scale=203.2 / 72, grayscale=True).to_numpy().squeeze())
            read.append(sorted((code.format.name, code.text) for code in zxingcpp.read_barcodes(pixels)))
            said.append("".join(page.get_textpage().get_text_range().split()))
        require_equal(read[0] == read[1] and len(read[0]) == 2, f"codes {read}")
        for mark in sheet.marks:
            if isinstance(mark, Words):
                wanted = "".join(mark.shaped.text.split())
                require_equal(all(wanted in each for each in said), f"words {wanted!r}")
        codes += len(read[0])
    return f"{codes} codes of {len(sheets)} labels read back alike from both sides, all words are on both"


if __name__ == "__main__":
    sys.exit(main(compare))
