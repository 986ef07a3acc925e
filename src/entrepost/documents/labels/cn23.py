"""Form CN 23, A5: the customs declaration of parcels, express mail, and letter post above 300 SDR.

Articles that find no room go on to another sheet of the form; each says which of how many it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from entrepost.base.findings import Finding
from entrepost.codes import s10
from entrepost.documents.labels.address import list_lines
from entrepost.documents.labels.cn22 import CERTIFIED, draw_natures
from entrepost.documents.labels.contents import Column, Row, count_rows, draw_table, list_rows
from entrepost.documents.labels.drawing import CAPTION, Drawing
from entrepost.documents.labels.figures import format_kg, format_value
from entrepost.documents.labels.sheet import Box, Sheet, to_dots
from entrepost.documents.labels.typeset import Room, Text, height_of
from entrepost.mail.papers import Papers

WIDTH, HEIGHT = to_dots(210), to_dots(148)
EDGE, INNER = 24, WIDTH - 48
HALF = INNER // 2
SIZE = 21
TABLE_TOP, ROOM_OF_ROWS = 500, 290
ADDRESS_SIZES = (25, 23, 21, 19, 17)
SMALL = (22, 20, 18, 16)


def draw_cn23(papers: Papers) -> tuple[list[Sheet], list[Finding]]:
    """The form on as many sheets as its articles need, and what could not be printed."""
    columns = _columns(papers.declaration.currency)
    parts = list_parts(list_rows(papers.declaration), columns)
    sheets, findings = [], []
    for number, rows in enumerate(parts, start=1):
        drawing = Drawing(WIDTH, HEIGHT, f"CN 23 {papers.item.item_id}", papers.item.item_id)
        draw_head(drawing, papers, ("CUSTOMS DECLARATION", "DÉCLARATION EN DOUANE"), "CN 23")
        if len(parts) > 1:
            sheet = Room(EDGE + HALF + 12, 76, 300, 26)
            drawing.write([Text(f"Sheet {number} of {len(parts)}")], sheet, (18,))
        table = Room(EDGE, TABLE_TOP, INNER, 2 * height_of(CAPTION) + 4 + ROOM_OF_ROWS)
        draw_table(drawing, table, columns, rows, SIZE)
        _totals(drawing, papers, table.y + table.height)
        _foot(drawing, papers, table.y + table.height + 56)
        sheets.append(drawing.to_sheet())
        findings += drawing.findings
    return sheets, list(dict.fromkeys(findings))


def list_parts(rows: Sequence[Row], columns: Sequence[Column]) -> list[Sequence[Row]]:
    """The rows of each sheet; a row that is higher than a sheet stands alone and is blamed when it is drawn."""
    parts: list[Sequence[Row]] = []
    rest = rows
    while rest or not parts:
        fitting = max(1, count_rows(rest, columns, ROOM_OF_ROWS, SIZE))
        parts.append(rest[:fitting])
        rest = rest[fitting:]
    return parts


def draw_head(drawing: Drawing, papers: Papers, titles: tuple[str, str], form: str) -> None:
    """What the forms of a parcel have in common: from and to at the left, title, number and operator at the right."""
    drawing.add(Box(EDGE, EDGE, INNER, HEIGHT - 2 * EDGE, 2))
    sender, recipient = papers.sender, papers.recipient
    top = Room(EDGE, EDGE, HALF, 236)
    drawing.cell(top, "From / Expéditeur", list_lines(sender, True), ADDRESS_SIZES, "sender")
    bottom = Room(EDGE, EDGE + 236, HALF, 240)
    drawing.cell(bottom, "To / Destinataire", list_lines(recipient, True), ADDRESS_SIZES, "recipient")
    right = EDGE + HALF
    drawing.write([Text(titles[0], True)], Room(right + 12, 30, 600, 42), (30, 26))
    drawing.write([Text(titles[1])], Room(right + 12, 64, 600, 28), (18,))
    drawing.write([Text(form, True)], Room(right + 600, 26, HALF - 612, 60), (48,), align="right")
    operator = Room(right, 104, HALF, 58)
    drawing.cell(operator, "Designated operator / Opérateur désigné", [Text(papers.operator, True)], SMALL, "operator")
    code = papers.item.item_id
    drawing.barcode(code, s10.format(s10.parse(code), spaced=True), Room(right + 4, 176, HALF - 8, 190), 4)
    references = (
        ("Sender’s customs reference / Référence en douane", sender.tax_id, "sender_tax_id"),
        ("Importer’s reference (tax, VAT) / Référence de l’importateur", recipient.tax_id, "recipient_tax_id"),
    )
    for number, (caption, text, field) in enumerate(references):
        room = Room(right + number * (HALF // 2), 378, HALF // 2, 122)
        drawing.cell(room, caption, [Text(text, True)], SMALL, field)


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column("Detailed description of contents / Description détaillée du contenu", 752, field="description"),
        Column("Quantity / Quantité", 120, True, "quantity"),
        Column("Net weight / Poids net (kg)", 170, True, "net_weight_g"),
        Column(f"Value / Valeur ({currency})", 230, True, "unit_value"),
        Column("HS tariff number / N° tarifaire SH", 200, field="hs_code"),
        Column("Origin / Pays d’origine", 160, field="origin"),
    )


def _totals(drawing: Drawing, papers: Papers, top: int) -> None:
    currency = papers.declaration.currency
    postage = "" if papers.postage_minor is None else f"{format_value(papers.postage_minor, currency)} {currency}"
    total = f"{format_value(papers.declaration.value_minor, currency)} {currency}"
    net = format_kg(papers.declaration.net_weight_g)
    cells = (
        ("Total gross weight / Poids brut total (kg)", format_kg(papers.item.weight_g), "", 400),
        ("Total net weight / Poids net total (kg)", net, "", 400),
        ("Total value / Valeur totale", total, "unit_value", 432),
        ("Postal charges / Frais de port", postage, "postage", 400),
    )
    left = EDGE
    for caption, text, field, width in cells:
        drawing.cell(Room(left, top, width, 56), caption, [Text(text, True)], (24, 21, 18), field)
        left += width


def _foot(drawing: Drawing, papers: Papers, top: int) -> None:
    """Category, documents, comments, office and day, certification and the place for a signature."""
    height = HEIGHT - EDGE - top
    drawing.add(Box(EDGE, top, 560, 112, 1))
    drawing.label("Category of item / Catégorie de l’envoi", EDGE + 8, top + 4, 540)
    draw_natures(drawing, papers.declaration.nature, EDGE + 10, top + 28, 276, 26)
    named = (
        ("Licence", papers.licence),
        ("Certificate / Certificat", papers.certificate),
        ("Invoice / Facture", papers.invoice),
    )
    for number, (caption, text) in enumerate(named):
        field = ("licence", "certificate", "invoice")[number]
        room = Room(EDGE + 560 + number * 160, top, 160, 112)
        drawing.cell(room, caption, [Text(text)], SMALL, field)
    comments = Room(EDGE, top + 112, 1040, height - 112)
    caption = "Comments (quarantine, sanitary, phytosanitary or other restrictions) / Observations"
    drawing.cell(comments, caption, [Text(papers.comments)], SMALL, "comments")
    right, width = EDGE + 1040, INNER - 1040
    drawing.add(Box(right, top, width, height, 1))
    office = Room(right, top, width, 56)
    place = [Text(f"{papers.office}  {papers.posted_on.isoformat()}", True)]
    drawing.cell(office, "Office of origin and date of posting / Bureau d’origine et date", place, SMALL, "office")
    drawing.write([Text(CERTIFIED)], Room(right + 8, top + 60, width - 16, 84), (18, 17, 16, 15))
    signature = "Date and sender’s signature / Date et signature de l’expéditeur"
    drawing.cell(Room(right, top + 146, width, height - 146), signature, [Text(papers.posted_on.isoformat())], SMALL)
