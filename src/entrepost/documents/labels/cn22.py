"""Form CN 22, 74 x 105 mm: the customs declaration of letter post up to 300 SDR."""

from __future__ import annotations

from entrepost.base.findings import Finding, finding_code
from entrepost.codes import s10
from entrepost.documents.labels.contents import Column, count_rows, draw_table, list_rows
from entrepost.documents.labels.drawing import CAPTION, Drawing
from entrepost.documents.labels.figures import format_kg, format_value
from entrepost.documents.labels.sheet import Box, Sheet, post, rule, to_dots
from entrepost.documents.labels.typeset import Room, Text, height_of
from entrepost.mail.papers import Papers

FULL = finding_code("customs_form_full", "The contents of an item do not find room on the form CN 22.")

WIDTH, HEIGHT = to_dots(74), to_dots(105)
EDGE, INNER = 12, WIDTH - 24
SIZES = (20, 18, 16, 15)
ROOM_OF_ROWS = 244
CERTIFIED = (
    "The sender, named on the item, certifies that these particulars are correct and that the item holds nothing that "
    "is dangerous or that postal or customs rules prohibit."
)
NATURES = (
    ("gift", "Gift / Cadeau"),
    ("sample", "Commercial sample"),
    ("documents", "Documents"),
    ("returned", "Returned goods"),
    ("sale", "Sale of goods / Vente"),
    ("other", "Other / Autre"),
)
"""The boxes of a form in their order; mixed contents tick the last one."""


def draw_cn22(papers: Papers) -> tuple[list[Sheet], list[Finding]]:
    """The form as one sheet, and what could not be printed."""
    drawing = Drawing(WIDTH, HEIGHT, f"CN 22 {papers.item.item_id}", papers.item.item_id)
    drawing.add(Box(EDGE, EDGE, INNER, HEIGHT - 2 * EDGE, 2))
    _head(drawing, papers)
    draw_natures(drawing, papers.declaration.nature, EDGE + 10, 146, (INNER - 20) // 2, 24)
    _contents(drawing, papers)
    _foot(drawing, papers)
    return [drawing.to_sheet()], drawing.findings


def draw_natures(drawing: Drawing, nature: str, x: int, y: int, width: int, step: int) -> None:
    """The boxes for the nature of the transaction, two in a row, one of them ticked."""
    ticked = nature if nature in dict(NATURES) else "other"
    for number, (name, caption) in enumerate(NATURES):
        place = (x + number % 2 * width, y + number // 2 * step)
        drawing.tick(*place, caption, name == ticked, width - 10, 17)


def _head(drawing: Drawing, papers: Papers) -> None:
    drawing.write([Text("CUSTOMS DECLARATION", True)], Room(EDGE + 10, 18, 390, 36), (28,))
    drawing.write([Text("CN 22", True)], Room(EDGE + 392, 14, 166, 60), (44, 40), align="right")
    drawing.write([Text("DÉCLARATION EN DOUANE")], Room(EDGE + 10, 52, 390, 24), (17,))
    may = Room(EDGE + 10, 74, 540, 22)
    drawing.write([Text("May be opened officially / Peut être ouvert d’office")], may, (16,))
    drawing.add(rule(EDGE, 98, INNER))
    drawing.label("Designated operator / Opérateur désigné", EDGE + 10, 100, 230)
    operator = Room(EDGE + 250, 104, 306, 32)
    drawing.write([Text(papers.operator, True)], operator, (22, 20, 18, 16), "operator", align="right")
    drawing.add(rule(EDGE, 140, INNER))


def _contents(drawing: Drawing, papers: Papers) -> None:
    """Rows in the greatest size that shows all, and the totals below."""
    currency = papers.declaration.currency
    columns = (
        Column("Quantity and detailed description", 214, field="description"),
        Column("Net kg / Poids", 78, True, "net_weight_g"),
        Column(f"Value / Valeur {currency}", 112, True, "unit_value"),
        Column("HS code / N° tarifaire", 98, field="hs_code"),
        Column("Origin / Origine", 66, field="origin"),
    )
    rows = [(f"{row[1]} × {row[0]}", *row[2:]) for row in list_rows(papers.declaration)]
    size = next((size for size in SIZES if count_rows(rows, columns, ROOM_OF_ROWS, size) == len(rows)), 0)
    head = 2 * height_of(CAPTION) + 4
    table = Room(EDGE, 224, INNER, head + ROOM_OF_ROWS + 4)
    if not size:
        message = f"{len(rows)} articles do not find room on CN 22"
        drawing.findings.append(Finding(FULL, "form", message, papers.item.item_id, fix="print CN 23"))
    draw_table(drawing, table, columns, rows if size else [], size)
    below = table.y + table.height
    weight = Room(EDGE, below, 318, 56)
    value = Room(EDGE + 318, below, INNER - 318, 56)
    total = format_value(papers.declaration.value_minor, currency)
    drawing.cell(weight, "Total weight / Poids total (kg)", [Text(format_kg(papers.item.weight_g), True)], (22,))
    drawing.cell(value, "Total value / Valeur totale", [Text(f"{total} {currency}", True)], (22, 20, 18), "unit_value")


def _foot(drawing: Drawing, papers: Papers) -> None:
    drawing.write([Text(CERTIFIED)], Room(EDGE + 10, 578, INNER - 20, 62), (16, 15, 14))
    drawing.add(rule(EDGE, 642, INNER), post(EDGE + 190, 642, 58), rule(EDGE, 700, INNER))
    day = Room(EDGE, 642, 190, 58)
    drawing.fill(day, "Date", [Text(papers.posted_on.isoformat(), True)], (22,))
    drawing.label("Sender’s signature / Signature de l’expéditeur", EDGE + 198, 646, INNER - 206)
    code = papers.item.item_id
    drawing.barcode(code, s10.format(s10.parse(code), spaced=True), Room(EDGE + 2, 712, INNER - 4, 112), 3)
