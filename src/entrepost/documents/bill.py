"""Bills of mail as PDF on A4: with a dispatch (CN 31, CP 87), for the carrier (CN 37, 38, 41), and lists of items.

Their words go to the typesetter as data, so nothing in them is taken for markup; tables are never cut, they go on over
as many pages as they need, and every total is the sum of what stands above it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from entrepost.codes import mail_subclass
from entrepost.codes import waybill as waybill_code
from entrepost.documents.labels.figures import format_kg
from entrepost.mail.consignment import Leg
from entrepost.mail.dispatch_papers import ConsignmentPapers, DispatchPapers
from entrepost.mail.receptacle import KINDS, Receptacle
from entrepost.reference.dispatch_form import BILL, DELIVERY, INSURED, REGISTERED, DispatchForm, get_dispatch_form

DATA, MAIN = "bill.json", "bill.typ"
ACROSS = 4
"""So many numbers of items stand beside one another."""
MADE_BY = "Made by Entrepost after the forms of the UPU in its own layout; the message says the same."
BAG_COLUMNS = ("No.", "Receptacle / Récipient", "Kind / Type", "Format", "Items / Envois", "R/V", "Weight kg / Poids")
EMPTY_COLUMNS = ("No.", "Receptacle / Récipient", "Kind / Type", "Weight kg / Poids")
KIND_COLUMNS = ("Kind / Type", "Receptacles / Récipients", "Weight kg / Poids")
CATEGORIES = {"A": "air / avion", "B": "S.A.L.", "C": "surface", "D": "priority by surface / prioritaire par surface"}
ORIGIN, DESTINATION = "Office of origin / Bureau d'origine", "Office of destination / Bureau de destination"
CARRIER = "Carrier / Transporteur"
EMPTIES = "T"
"""The class of empty receptacles: of them nothing is told but what they are."""
LEG_COLUMNS = ("Carrier / Transporteur", "Trip / Vol", "From / De", "Departure / Départ", "To / À", "Arrival / Arrivée")


@dataclass(frozen=True, slots=True)
class BillTable:
    """A table of a bill: which columns are numbers, how they share the room (0: what they need), rows and totals."""

    title: str
    columns: tuple[str, ...]
    numbers: tuple[bool, ...]
    widths: tuple[int, ...]
    rows: list[list[str]]
    totals: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The table as the typesetter reads it."""
        names = ("title", "columns", "numbers", "widths", "rows", "totals")
        return {name: getattr(self, name) for name in names}


def draw_dispatch_bill(papers: DispatchPapers) -> bytes:
    """The bill that goes with a dispatch: its receptacles, by format, with totals, and its recorded items."""
    return render_bill(tell_dispatch_bill(papers))


def draw_delivery_bill(papers: ConsignmentPapers) -> bytes:
    """The bill with which receptacles are given to a carrier."""
    return render_bill(tell_delivery_bill(papers))


def draw_item_list(papers: DispatchPapers, paper: str) -> bytes:
    """The special list of a dispatch: its registered items (CN 33), or its insured ones (CN 16)."""
    return render_bill(tell_item_list(papers, paper))


def tell_dispatch_bill(papers: DispatchPapers) -> dict[str, Any]:
    """What the bill of a dispatch says, as data."""
    made = papers.dispatch
    form = get_dispatch_form(BILL, made.mail_class, made.mail_category)
    bags = sorted(made.receptacles, key=lambda each: each.serial)
    if made.mail_class == EMPTIES:
        parts = [_empties(bags, "Empty receptacles / Récipients vides"), _kinds(bags)]
    else:
        parts = [_bags(bags, "Receptacles / Récipients"), _formats(bags)]
    held = [(f"{bag.serial:03d}", item_id) for bag in bags for item_id in bag.item_ids]
    if held:
        parts.append(_items(held, "Recorded items / Envois inscrits"))
    return _bill(form, papers.operator, made.dispatch_id, _facts(papers), parts, (ORIGIN, DESTINATION))


def tell_item_list(papers: DispatchPapers, paper: str) -> dict[str, Any]:
    """What a special list says, as data."""
    made = papers.dispatch
    form = get_dispatch_form(paper, made.mail_class, made.mail_category)
    held = [
        (f"{bag.serial:03d}", item_id)
        for bag in sorted(made.receptacles, key=lambda each: each.serial)
        for item_id in bag.item_ids
        if item_id[:1] == {REGISTERED: "R", INSURED: "V"}[paper]
    ]
    signed = (ORIGIN, DESTINATION)
    return _bill(form, papers.operator, made.dispatch_id, _facts(papers), [_items(held, "Items / Envois")], signed)


def tell_delivery_bill(papers: ConsignmentPapers) -> dict[str, Any]:
    """What the delivery bill of a consignment says, as data."""
    sent = papers.consignment
    code = sent.receptacles[0].code.dispatch
    form = get_dispatch_form(DELIVERY, code.mail_class, sent.mail_category)
    number = waybill_code.format(waybill_code.parse(sent.waybill), hyphen=True) if sent.waybill else ""
    facts = [
        ("Consignment / Envoi", sent.consignment_id),
        ("Air waybill / Lettre de transport", number),
        ("Completed / Terminé", f"{sent.completed_at:%Y-%m-%d %H:%M %z}"),
        ("From / De", _place(papers, str(code.origin))),
        ("To / À", _place(papers, str(code.destination))),
        ("Security / Sûreté", sent.security_status),
        ("Receptacles / Récipients", f"{len(sent.receptacles):,}"),
        ("Weight kg / Poids", format_kg(sum(each.weight_g for each in sent.receptacles))),
        ("Handed over by / Remis au plus tard", f"{sent.tendered.latest:%Y-%m-%d %H:%M %z}" if sent.tendered else ""),
    ]
    parts = [_legs(sent.legs)] if sent.legs else []
    for name in sent.dispatch_ids:
        bags = [each for each in sent.receptacles if each.dispatch_id == name]
        tell = _empties if code.mail_class == EMPTIES else _bags
        parts.append(tell(bags, f"Dispatch / Dépêche {name}"))
    if code.mail_class == EMPTIES:
        parts.append(_kinds(sent.receptacles))
    signed = (ORIGIN, CARRIER, DESTINATION)
    return _bill(form, papers.operator, sent.consignment_id, facts, parts, signed)


def render_bill(told: dict[str, Any]) -> bytes:
    """A bill as PDF."""
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / DATA).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        template = files("entrepost.documents").joinpath(f"templates/{MAIN}").read_text(encoding="utf-8")
        (folder / MAIN).write_text(template, encoding="utf-8")
        pdf: bytes = typst.compile(folder / MAIN, root=folder)
    return pdf


def _bill(
    form: DispatchForm,
    operator: str,
    subject: str,
    facts: Sequence[tuple[str, str]],
    parts: Sequence[BillTable],
    signatures: Sequence[str],
) -> dict[str, Any]:
    return {
        "form": form.form,
        "title": form.title,
        "title_fr": form.title_fr,
        "operator": operator,
        "subject": subject,
        "facts": [list(each) for each in facts],
        "parts": [each.to_data() for each in parts],
        "signatures": list(signatures),
        "footer": MADE_BY,
    }


def _facts(papers: DispatchPapers) -> list[tuple[str, str]]:
    """The head of a paper of a dispatch."""
    made = papers.dispatch
    known = mail_subclass.is_known(made.mail_subclass)
    subclass = f"{made.mail_subclass} {mail_subclass.get_name(made.mail_subclass)}" if known else made.mail_subclass
    items = ("Items / Envois", f"{sum(each.items or 0 for each in made.receptacles):,}")
    category = f"{made.mail_category} {CATEGORIES.get(made.mail_category, '')}".strip()
    return [
        (ORIGIN, _place(papers, made.origin)),
        (DESTINATION, _place(papers, made.destination)),
        ("Dispatch / Dépêche", f"{made.serial:04d} / {made.year}"),
        ("Category / Catégorie", category),
        ("Subclass / Sous-catégorie", subclass),
        ("Closed / Fermée", f"{made.closed_at:%Y-%m-%d %H:%M %z}"),
        ("Receptacles / Récipients", f"{len(made.receptacles):,}"),
        ("Contents / Contenu", "none / aucun") if made.mail_class == EMPTIES else items,
        ("Weight kg / Poids", format_kg(sum(each.weight_g for each in made.receptacles))),
    ]


def _place(papers: DispatchPapers | ConsignmentPapers, code: str) -> str:
    return f"{code} {papers.name_of(code)}".strip()


def _bags(bags: Sequence[Receptacle], title: str) -> BillTable:
    """A row for each receptacle; weights as weighed."""
    rows = [
        [
            f"{bag.serial:03d}",
            bag.receptacle_id,
            f"{bag.kind} {KINDS[bag.kind]}",
            " ".join(count.format for count in bag.counts if count.format) or "-",
            "" if bag.items is None else f"{bag.items:,}",
            "yes" if bag.code.registered_or_insured else "",
            format_kg(bag.weight_g),
        ]
        for bag in bags
    ]
    items = f"{sum(each.items or 0 for each in bags):,}"
    totals = ("", f"Total: {len(bags):,}", "", "", items, "", format_kg(sum(each.weight_g for each in bags)))
    numbers = (False, False, False, False, True, False, True)
    return BillTable(title, BAG_COLUMNS, numbers, (0, 3, 2, 1, 0, 0, 0), rows, totals)


def _empties(bags: Sequence[Receptacle], title: str) -> BillTable:
    """A row for each empty receptacle."""
    rows = [
        [f"{bag.serial:03d}", bag.receptacle_id, f"{bag.kind} {KINDS[bag.kind]}", format_kg(bag.weight_g)]
        for bag in bags
    ]
    totals = ("", f"Total: {len(bags):,}", "", format_kg(sum(each.weight_g for each in bags)))
    return BillTable(title, EMPTY_COLUMNS, (False, False, False, True), (0, 3, 2, 0), rows, totals)


def _kinds(bags: Sequence[Receptacle]) -> BillTable:
    """How many receptacles of each kind: what is counted when they come back."""
    sums: dict[str, tuple[int, int]] = {}
    for bag in bags:
        count, weight = sums.get(bag.kind, (0, 0))
        sums[bag.kind] = (count + 1, weight + bag.weight_g)
    rows = [
        [f"{kind} {KINDS[kind]}", f"{count:,}", format_kg(weight)] for kind, (count, weight) in sorted(sums.items())
    ]
    totals = ("Total", f"{len(bags):,}", format_kg(sum(each.weight_g for each in bags)))
    return BillTable("By kind / Par type", KIND_COLUMNS, (False, True, True), (1, 1, 1), rows, totals)


def _formats(bags: Sequence[Receptacle]) -> BillTable:
    """Receptacles, items and weight by what is in them; a receptacle of several formats is mixed."""
    sums: dict[str, tuple[int, int, int]] = {}
    for bag in bags:
        formats = [count.format for count in bag.counts if count.items]
        name = (formats[0] or "-") if len(formats) == 1 else ("mixed" if formats else "empty")
        count, items, weight = sums.get(name, (0, 0, 0))
        sums[name] = (count + 1, items + (bag.items or 0), weight + bag.weight_g)
    rows = [
        [name, f"{count:,}", f"{items:,}", format_kg(weight)] for name, (count, items, weight) in sorted(sums.items())
    ]
    whole = [sum(each[place] for each in sums.values()) for place in range(3)]
    totals = ("Total", f"{whole[0]:,}", f"{whole[1]:,}", format_kg(whole[2]))
    columns = ("Format", "Receptacles / Récipients", "Items / Envois", "Weight kg / Poids")
    return BillTable("By format / Par format", columns, (False, True, True, True), (1, 1, 1, 1), rows, totals)


def _items(held: Sequence[tuple[str, str]], title: str) -> BillTable:
    """Numbers of items with that of their receptacle, four beside one another; how many there are."""
    cells = [f"{serial}  {item_id}" for serial, item_id in held]
    rows = [cells[start : start + ACROSS] for start in range(0, len(cells), ACROSS)]
    if rows:
        rows[-1] += [""] * (ACROSS - len(rows[-1]))
    totals = (f"Total: {len(held):,}", *("" for _ in range(ACROSS - 1)))
    columns = ("Receptacle, item / Récipient, envoi",) * ACROSS
    return BillTable(title, columns, (False,) * ACROSS, (1,) * ACROSS, rows, totals)


def _legs(legs: Sequence[Leg]) -> BillTable:
    rows = [
        [
            leg.carrier,
            leg.trip,
            leg.origin,
            f"{leg.departs_at:%Y-%m-%d %H:%M %z}" if leg.departs_at else "",
            leg.destination,
            f"{leg.arrives_at:%Y-%m-%d %H:%M %z}" if leg.arrives_at else "",
        ]
        for leg in legs
    ]
    return BillTable("Routing / Acheminement", LEG_COLUMNS, (False,) * 6, (1, 2, 1, 2, 1, 2), rows)
