"""The set CP 72 of a parcel, A5: receipt of the sender, receipt of the office, address label, and the CN 23."""

from __future__ import annotations

from entrepost.base.findings import Finding
from entrepost.documents.labels.cn23 import EDGE, HEIGHT, INNER, SMALL, WIDTH, draw_cn23, draw_head
from entrepost.documents.labels.drawing import Drawing
from entrepost.documents.labels.figures import format_kg, format_value
from entrepost.documents.labels.front import machine_text
from entrepost.documents.labels.sheet import Sheet, Squares
from entrepost.documents.labels.typeset import Room, Text
from entrepost.mail.papers import Papers
from entrepost.reference.currency import XDR

PARTS = (
    ("RECEIPT OF THE SENDER", "RÉCÉPISSÉ DE L’EXPÉDITEUR"),
    ("RECEIPT OF THE OFFICE", "RÉCÉPISSÉ DU BUREAU"),
    ("ADDRESS LABEL", "ÉTIQUETTE D’ADRESSE"),
)
TOP = 500
INSTRUCTIONS = (("return", "Return to sender / Retour à l’expéditeur"), ("abandon", "Treat as abandoned / Abandon"))


def draw_cp72(papers: Papers) -> tuple[list[Sheet], list[Finding]]:
    """The sheets of the set in the order of their use, and what could not be printed."""
    sheets, findings = [], []
    for titles in PARTS:
        drawing = Drawing(WIDTH, HEIGHT, f"CP 72 {papers.item.item_id}", papers.item.item_id)
        draw_head(drawing, papers, titles, "CP 72")
        _postal(drawing, papers)
        _handing_over(drawing, papers)
        sheets.append(drawing.to_sheet())
        findings += drawing.findings
    declared, found = draw_cn23(papers)
    return [*sheets, *declared], list(dict.fromkeys([*findings, *found]))


def _postal(drawing: Drawing, papers: Papers) -> None:
    """Weight, charges, insured value, service: a row of cells."""
    currency = papers.declaration.currency
    postage = "" if papers.postage_minor is None else f"{format_value(papers.postage_minor, currency)} {currency}"
    insured = papers.insured_sdr_minor
    cells = (
        ("Gross weight / Poids brut (kg)", format_kg(papers.item.weight_g), ""),
        ("Postal charges / Frais de port", postage, "postage"),
        (
            "Insured value / Valeur assurée (SDR / DTS)",
            "" if insured is None else format_value(insured, XDR),
            "insured_sdr",
        ),
        ("Service", papers.service, "service"),
    )
    width = INNER // len(cells)
    for number, (caption, text, field) in enumerate(cells):
        room = Room(EDGE + number * width, TOP, width, 80)
        drawing.cell(room, caption, [Text(text, True)], (30, 26, 22, 18), field)


def _handing_over(drawing: Drawing, papers: Papers) -> None:
    """What to do with what cannot be delivered, the stamp of the office, the signatures, and the Data Matrix."""
    top, width = TOP + 80, INNER // 2
    height = HEIGHT - EDGE - top
    drawing.cell(Room(EDGE, top, width, 150), "If undelivered / En cas de non-remise", [], SMALL)
    for number, (name, caption) in enumerate(INSTRUCTIONS):
        drawing.tick(EDGE + 14, top + 40 + number * 46, caption, papers.undelivered == name, width - 28, 24)
    posted = [Text(papers.office, True), Text(papers.posted_on.isoformat())]
    stamp = Room(EDGE, top + 150, width, height - 150)
    drawing.cell(stamp, "Office of origin, date, stamp / Bureau d’origine, date, timbre", posted, SMALL, "office")
    right = EDGE + width
    drawing.cell(
        Room(right, top, width - 240, 150), "Order / Commande", [Text(papers.item.order_id, True)], SMALL, "order_id"
    )
    drawing.cell(Room(right + width - 240, top, 240, 240), "", [], SMALL)
    drawing.add(Squares(right + width - 202, top + 30, 8, machine_text(papers)))
    drawing.cell(
        Room(right, top + 150, width - 240, 90),
        "Date and sender’s signature",
        [Text(papers.posted_on.isoformat())],
        SMALL,
    )
    addressee = "Received by the addressee, date and signature / Reçu par le destinataire, date et signature"
    drawing.cell(Room(right, top + 240, width, height - 240), addressee, [], SMALL)
