"""The papers of receptacles, dispatches and consignments as PDF, from what is kept of them."""

from __future__ import annotations

from collections.abc import Collection

from entrepost.base.errors import MisuseError
from entrepost.documents.bill import draw_delivery_bill, draw_dispatch_bill, draw_item_list
from entrepost.documents.receptacle_label import draw_receptacle_labels
from entrepost.mail.dispatch_papers import ConsignmentPapers, DispatchPapers
from entrepost.network.network import Network
from entrepost.operations.dispatch_records import CANCELLED, OPEN, KeptConsignment, KeptDispatch, KeptLeg
from entrepost.operations.dispatching.consigning import find_consignment, list_consigned
from entrepost.operations.dispatching.dispatches import find_dispatch, list_inside
from entrepost.operations.dispatching.nouns import list_receptacles, to_consignment, to_dispatch
from entrepost.operations.house_records import Sender
from entrepost.operations.store import Store
from entrepost.reference.dispatch_form import BILL, DELIVERY, INSURED, LABEL, REGISTERED, get_dispatch_form

PAPERS = (LABEL, BILL, REGISTERED, INSURED)
"""What is printed of a dispatch: labels of its receptacles, its bill, and lists of its items of value."""


def draw_dispatch_paper(
    store: Store,
    network: Network,
    tenant: str,
    name: str,
    paper: str,
    only: Collection[str] = frozenset(),
) -> bytes:
    """A paper of a dispatch that we made, by its 20 characters or the 15 of its series: one of `PAPERS`, as PDF.

    Labels are there as soon as receptacles are closed, the rest once the dispatch is; `only` names receptacles.

    Raises
    ------
    MissingRowError
        When there is no such dispatch, or mail of its class has no such paper.
    MisuseError
        When there is no such paper, the dispatch was cancelled, or it is not closed yet.
    """
    if paper not in PAPERS:
        raise MisuseError(f"there is no paper {paper!r} of a dispatch; use {', '.join(PAPERS)}")
    found = find_dispatch(store, tenant, name)
    if found.state == CANCELLED:
        raise MisuseError(f"the dispatch {found.dispatch_id} was cancelled; nothing is printed of it")
    if found.state == OPEN and paper != LABEL:
        raise MisuseError(f"the dispatch {found.dispatch_id} is open; close it first")
    papers = _papers(store, network, found)
    made = papers.dispatch
    get_dispatch_form(paper, made.mail_class, made.mail_category)
    if paper == LABEL:
        return draw_receptacle_labels(papers, "pdf", frozenset("".join(each.split()).upper() for each in only))
    return draw_dispatch_bill(papers) if paper == BILL else draw_item_list(papers, paper)


def list_papers(store: Store, found: KeptDispatch) -> dict[str, str]:
    """The papers that can be printed of a dispatch now, each with the number of its form."""
    if found.state == CANCELLED:
        return {}
    mail = (found.dispatch_id[13], found.dispatch_id[12])
    there = [LABEL] if found.state == OPEN else [LABEL, BILL]
    if found.state != OPEN and mail[0] == "U":
        held = list_inside(store, found.tenant, list_receptacles(store, found.tenant, found.dispatch))
        first = {item_id[:1] for item_ids in held.values() for item_id in item_ids}
        there += [paper for paper, letter in ((REGISTERED, "R"), (INSURED, "V")) if letter in first]
    return {paper: get_dispatch_form(paper, *mail).form for paper in there}


def draw_consignment_paper(store: Store, network: Network, tenant: str, consignment_id: str) -> bytes:
    """The delivery bill of a consignment, as PDF.

    Raises
    ------
    MissingRowError
        When there is no such consignment.
    MisuseError
        When it was cancelled.
    """
    found = find_consignment(store, tenant, consignment_id)
    bags, legs = list_consigned(store, found)
    if found.state == CANCELLED or not bags:
        raise MisuseError(f"the consignment {consignment_id} was cancelled; nothing is printed of it")
    noun = to_consignment(found, bags, legs, None)
    return draw_delivery_bill(ConsignmentPapers(noun, _operator(store, tenant, found.origin), _offices(network)))


def form_of(found: KeptConsignment, mail_class: str) -> str:
    """The form of a consignment's delivery bill."""
    return get_dispatch_form(DELIVERY, mail_class, found.mail_category).form


def _papers(store: Store, network: Network, found: KeptDispatch) -> DispatchPapers:
    bags = list_receptacles(store, found.tenant, found.dispatch)
    inside = list_inside(store, found.tenant, bags)
    names = list(dict.fromkeys(each.consignment for each in bags if each.consignment))
    first: dict[str, KeptLeg] = {}
    for leg in store.records.list_where(KeptLeg, found.tenant, "consignment", names):
        first.setdefault(leg.consignment, leg)
    carried = {
        each.receptacle_id: f"{each.consignment.split(' ')[1]}  {_trip(first[each.consignment])}"
        for each in bags
        if each.consignment in first
    }
    made = to_dispatch(found, bags, inside)
    return DispatchPapers(made, _operator(store, found.tenant, made.origin), _offices(network), carried)


def _trip(leg: KeptLeg) -> str:
    when = f" {leg.departs_at:%Y-%m-%d %H:%M}Z" if leg.departs_at else ""
    return f"{leg.carrier} {leg.trip}{when}"


def _operator(store: Store, tenant: str, office: str) -> str:
    """The operator's name as the account's labels bear it; where nobody said it, that of the country's post."""
    senders = store.records.list_of(Sender, tenant, limit=1)
    return senders[0].operator if senders else f"Post {office[:2]}"


def _offices(network: Network) -> dict[str, str]:
    """Names of offices as people read them."""
    return {code: facility.name.replace("_", " ") for code, facility in network.facility_by_code.items()}
