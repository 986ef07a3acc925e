"""The label, 100 x 150 mm: who sends, who receives, the item's number as Code 128, and a Data Matrix.

The Data Matrix holds `S10/country/postcode/grams`, such as ``RB123456785CN/DE/10115/450``: what a sorting machine
needs before it asks anybody, and nothing about a person. The postcode is in capitals, without what is neither letter
nor digit.
"""

from __future__ import annotations

from collections.abc import Sequence

from entrepost.base.findings import Finding
from entrepost.codes import s10
from entrepost.documents.labels.address import list_lines
from entrepost.documents.labels.drawing import Drawing
from entrepost.documents.labels.figures import format_kg
from entrepost.documents.labels.sheet import Sheet, Squares, post, rule, to_dots
from entrepost.documents.labels.typeset import Room, Text
from entrepost.mail.customs_form import NAMES, choose_form
from entrepost.mail.papers import Papers

WIDTH, HEIGHT = to_dots(100), to_dots(150)
EDGE, INNER = 20, WIDTH - 40
MODULE, SQUARE = 4, 8
"""Dots of the narrowest bar (0.5 mm) and of a square (1 mm)."""
WORDS_OF_CLASS = {"U": "LETTER POST", "C": "PARCEL", "E": "EMS", "": "POST"}
POSTCODE_SIGNS = 16


def draw_front(papers: Papers) -> tuple[list[Sheet], list[Finding]]:
    """The label as one sheet, and what could not be printed."""
    drawing = Drawing(WIDTH, HEIGHT, f"Label {papers.item.item_id}", papers.item.item_id)
    _head(drawing, papers, Room(EDGE, 20, INNER, 124))
    _addresses(drawing, papers)
    room = Room(EDGE, 708, INNER, 236)
    drawing.add(rule(EDGE, 696, INNER, 3))
    drawing.barcode(papers.item.item_id, s10.format(s10.parse(papers.item.item_id), spaced=True), room, MODULE)
    drawing.add(rule(EDGE, 952, INNER, 3))
    _foot(drawing, papers)
    return [drawing.to_sheet()], drawing.findings


def machine_text(papers: Papers) -> str:
    """What the Data Matrix says."""
    postcode = "".join(sign for sign in papers.recipient.postcode.upper() if sign.isascii() and sign.isalnum())
    facts = (papers.item.item_id, papers.recipient.country, postcode[:POSTCODE_SIGNS], str(papers.item.weight_g))
    return "/".join(facts)


def _head(drawing: Drawing, papers: Papers, room: Room) -> None:
    """The operator and the service at the left, whereto the item goes at the right."""
    kind = WORDS_OF_CLASS[s10.mail_class_of(papers.item.item_id[:2])]
    left = room.width - 236
    operator = Room(room.x + 4, room.y + 6, left, 74)
    drawing.write([Text(papers.operator, bold=True)], operator, (46, 40, 34, 28, 24, 20), "operator")
    service = Room(room.x + 4, room.y + 84, left, 36)
    drawing.write([Text(papers.service or kind)], service, (28, 24, 20, 16), "service")
    drawing.add(post(room.x + left + 12, room.y, room.height, 3))
    towards = Room(room.x + left + 18, room.y - 6, 218, 128)
    drawing.write([Text(papers.recipient.country, bold=True)], towards, (104,), align="centre")
    drawing.add(rule(room.x, room.y + room.height, room.width, 3))


def _addresses(drawing: Drawing, papers: Papers) -> None:
    sender = Room(EDGE - 4, 152, INNER, 178)
    drawing.fill(sender, "From / Expéditeur", list_lines(papers.sender), (24, 22, 20, 18), "sender")
    drawing.add(rule(EDGE, 336, INNER, 1))
    recipient = Room(EDGE - 4, 342, INNER, 350)
    sizes = (42, 38, 34, 31, 28, 25, 22)
    drawing.fill(recipient, "To / Destinataire", list_lines(papers.recipient, with_contact=True), sizes, "recipient")


def _foot(drawing: Drawing, papers: Papers) -> None:
    """The Data Matrix, and the facts that a clerk reads."""
    top = 972
    drawing.add(Squares(EDGE + 12, top, SQUARE, machine_text(papers)))
    instruction = {"return": "Return to sender", "abandon": "Treat as abandoned"}[papers.undelivered]
    worth = (papers.item.item_id, papers.declaration.value_minor, papers.declaration.currency, papers.posted_on)
    facts: Sequence[tuple[str, str, str]] = (
        ("Weight / Poids", f"{format_kg(papers.item.weight_g)} kg", ""),
        ("Posted / Dépôt", papers.posted_on.isoformat(), ""),
        ("Office / Bureau", papers.office, "office"),
        ("Order / Commande", papers.item.order_id, "order_id"),
        ("Undelivered / Non remis", instruction, ""),
        ("Customs form / Formulaire", NAMES[choose_form(*worth)], ""),
    )
    left, width = EDGE + 240, (INNER - 240) // 2
    for number, (caption, text, field) in enumerate(facts):
        room = Room(left + number % 2 * width, top - 8 + number // 2 * 68, width, 68)
        drawing.fill(room, caption, [Text(text, bold=True)], (26, 23, 20, 17), field)
