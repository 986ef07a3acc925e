"""The label of a receptacle, 150 x 100 mm: from where to where, what is inside, and its number as Code 128.

Forms CN 34, 35 and 36 of letter post, CP 83, 84 and 85 of parcels; which one it is, class and category decide. The bars
are three dots wide, so that a scanner reads the 29 characters from a distance.
"""

from __future__ import annotations

from collections.abc import Sequence

from entrepost.base.findings import Finding
from entrepost.codes import mail_subclass
from entrepost.documents.labels.drawing import Drawing
from entrepost.documents.labels.sheet import Box, Sheet, post, rule, to_dots
from entrepost.documents.labels.typeset import Room, Text
from entrepost.mail.dispatch_papers import DispatchPapers
from entrepost.mail.receptacle import KINDS, Receptacle
from entrepost.reference.dispatch_form import LABEL, get_dispatch_form

WIDTH, HEIGHT = to_dots(150), to_dots(100)
EDGE, INNER = 20, WIDTH - 40
MODULE = 3
"""Dots of the narrowest bar: 0.375 mm."""
CATEGORY_WORDS = {"A": "AIR", "B": "S.A.L.", "C": "SURFACE", "D": "PRIORITY SURFACE"}
SIZES = (34, 30, 26, 22, 19)


def draw_receptacle(papers: DispatchPapers, bag: Receptacle) -> tuple[Sheet, list[Finding]]:
    """The label of one receptacle of a dispatch, and what could not be printed on it."""
    drawing = Drawing(WIDTH, HEIGHT, f"Receptacle {bag.receptacle_id}", bag.receptacle_id)
    _head(drawing, papers)
    _ends(drawing, papers)
    _facts(drawing, papers, bag)
    drawing.add(rule(EDGE, 540, INNER, 3))
    spaced = format_receptacle_id(bag.receptacle_id)
    drawing.barcode(bag.receptacle_id, spaced, Room(EDGE, 560, INNER, 220), MODULE)
    return drawing.to_sheet(), drawing.findings


def format_receptacle_id(code: str) -> str:
    """A receptacle's number in the groups that people read aloud."""
    cuts = (6, 12, 13, 15, 16, 20, 23, 24, 25, 29)
    return " ".join(code[start:end] for start, end in zip((0, *cuts), cuts, strict=False))


def _head(drawing: Drawing, papers: DispatchPapers) -> None:
    """The operator at the left, category and form at the right."""
    made = papers.dispatch
    form = get_dispatch_form(LABEL, made.mail_class, made.mail_category)
    drawing.write([Text(papers.operator, bold=True)], Room(EDGE, 18, 560, 52), (40, 34, 28, 24, 20), "operator")
    titles = [Text(form.title), Text(form.title_fr)]
    drawing.write(titles, Room(EDGE, 74, 560, 56), (20, 18, 16), "caption")
    words = Text(CATEGORY_WORDS[made.mail_category], bold=True)
    drawing.add(Box(EDGE + 580, 18, 360, 104, 3))
    drawing.write([words], Room(EDGE + 584, 38, 352, 76), (56, 48, 40, 34, 30), align="centre")
    drawing.write([Text(form.form, bold=True)], Room(EDGE + 956, 30, 200, 60), (48, 40), align="centre")
    drawing.write([Text("UPU" if form.form != "EMS" else "")], Room(EDGE + 956, 92, 200, 30), (22,), align="centre")
    drawing.add(rule(EDGE, 136, INNER, 3))


def _ends(drawing: Drawing, papers: DispatchPapers) -> None:
    """The office that closed it at the left, the one that opens it large at the right."""
    made = papers.dispatch
    left = INNER * 2 // 5
    for room, caption, code, sizes in (
        (Room(EDGE, 142, left - 10, 170), "Office of origin / Bureau d'origine", made.origin, (64, 56)),
        (Room(EDGE + left, 142, INNER - left, 170), "To / Destination", made.destination, (86, 72)),
    ):
        drawing.fill(room, caption, [Text(code, bold=True)], sizes, "office")
        under = Room(room.x + 8, room.y + 130, room.width - 16, 38)
        drawing.write([Text(papers.name_of(code))], under, (28, 24, 20, 17), "office")
    drawing.add(post(EDGE + left - 8, 136, 180, 3), rule(EDGE, 316, INNER, 3))


def _facts(drawing: Drawing, papers: DispatchPapers, bag: Receptacle) -> None:
    """Eight cells in two rows."""
    made, code = papers.dispatch, bag.code
    flags = [word for word, holds in (("R/V", code.registered_or_insured), ("LAST / DERNIER", code.last)) if holds]
    subclass = made.mail_subclass
    name = mail_subclass.get_name(subclass) if mail_subclass.is_known(subclass) else ""
    rows: Sequence[tuple[str, str]] = (
        ("Dispatch / Dépêche", f"{made.serial:04d}"),
        ("Receptacle / Récipient", f"{bag.serial:03d}"),
        ("Weight / Poids", f"{code.weight_g // 1000}.{code.weight_g % 1000 // 100} kg"),
        ("Date", made.closed_at.date().isoformat()),
        ("Subclass / Sous-catégorie", f"{subclass} {name}".strip()),
        ("Items / Envois", "" if bag.items is None else f"{bag.items:,}"),
        ("Kind / Type", f"{bag.kind} {KINDS[bag.kind]}"),
        ("Flags / Mentions", " ".join(flags) or "-"),
    )
    width = INNER // 4
    for number, (caption, text) in enumerate(rows):
        room = Room(EDGE + number % 4 * width, 322 + number // 4 * 74, width, 74)
        drawing.fill(room, caption, [Text(text, bold=True)], SIZES, "")
    carried = papers.carried_by.get(bag.receptacle_id, "")
    line = Room(EDGE, 470, INNER, 66)
    drawing.fill(line, "Carriage / Transport", [Text(carried or "-", bold=True)], SIZES, "carried_by")
