"""Made-up dispatches to be printed: as many bags and items as wanted, of any class and category."""

from __future__ import annotations

from datetime import timedelta

from entrepost.codes import s10
from entrepost.mail.consignment import Consignment, Handover, Leg
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.dispatch_papers import ConsignmentPapers, DispatchPapers
from entrepost.mail.receptacle import Count, Receptacle
from tests.mail.bags import CLOSED, at

OFFICES = {"NLHAGI": "The Hague", "USJFKA": "New York (JFK)"}


def dispatch(bags: int = 2, items: int = 3, kind: str = "AUN", letters: str = "LX") -> Dispatch:
    """Bags of 12.5 kg and 37 g more each, with so many items each."""
    number = f"NLHAGIUSJFKA{kind}60017"
    made = []
    for serial in range(1, bags + 1):
        held = tuple(s10.format(s10.S10(letters, serial * 1000 + each, "NL")) for each in range(items))
        weight = 12_500 + 37 * serial
        code = f"{number}{serial:03d}{int(serial == bags)}{int(letters[0] in 'RV')}{weight // 100:04d}"
        counts = (Count("E" if kind[1] == "U" else "", items),)
        made.append(Receptacle(code, weight, counts=counts, item_ids=held))
    return Dispatch(number, CLOSED, sum(each.weight_g for each in made), tuple(made))


def papers(bags: int = 2, items: int = 3, kind: str = "AUN", letters: str = "LX") -> DispatchPapers:
    return DispatchPapers(dispatch(bags, items, kind, letters), "PostNL", OFFICES)


def consigned(bags: int = 2, kind: str = "AUN") -> ConsignmentPapers:
    """A dispatch given to a flight of the next morning."""
    made = dispatch(bags, 3, kind)
    leg = Leg("air", "BA", "BA431", "AMS", "JFK", at("2026-03-03T09:00:00+01:00"), at("2026-03-03T12:00:00-05:00"))
    sent = Consignment(
        *("NLA000012345", CLOSED, kind[0], made.weight_g, made.receptacles, (leg,)),
        waybill="12512345675",
        tendered=Handover("AMS", CLOSED, CLOSED + timedelta(hours=9)),
    )
    return ConsignmentPapers(sent, "PostNL", OFFICES)
