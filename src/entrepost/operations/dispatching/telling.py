"""What is told when mail leaves: PREDES and EMSEVT of a dispatch, CARDIT and PRECON of a consignment.

Messages are made from what is kept, so that they can be made again and are the same. A document is named by what it is
about, also where it replaces or cancels what was told: by that its recipient knows what.
"""

from __future__ import annotations

from datetime import datetime

from entrepost.mail.consignment import Consignment
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.report import ItemReport
from entrepost.messages.cardit import Cardit
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.operations.dispatching.names import Telling

EVENTS_OF_MESSAGE = 500
"""So many events stand in one EMSEVT (the size that posts exchange, *assumed*)."""
ORIGINAL, REPLACE, CANCEL = "original", "replace", "cancel"


def tell_dispatch(made: Dispatch, version: int, function: str = "") -> Telling:
    """PREDES of a dispatch: the original, from its second version on a replacement, or a cancellation."""
    said = function or (ORIGINAL if version <= 1 else REPLACE)
    return Telling(Predes(made.dispatch_id, made, said), office=made.destination)


def tell_leaving(made: Dispatch, sent_at: datetime) -> list[Telling]:
    """EMSEVT with the event EMC of every item of a dispatch."""
    when, here, there = made.closed_at, made.origin, made.destination
    reports = [
        ItemReport(item_id, "EMC", when, here, subject=bag.receptacle_id, next_office=there)
        for bag in made.receptacles
        for item_id in bag.item_ids
    ]
    parts = (reports[start : start + EVENTS_OF_MESSAGE] for start in range(0, len(reports), EVENTS_OF_MESSAGE))
    return [
        Telling(Emsevt(f"{made.dispatch_id}-EMC{number:04d}", sent_at, tuple(part), office=here), office=there)
        for number, part in enumerate(parts, start=1)
    ]


def tell_consignment(
    made: Consignment, offices: tuple[str, str], version: int, function: str = ""
) -> tuple[Telling, Telling]:
    """CARDIT for the carrier of the first leg, and PRECON for the office that is to get the consignment."""
    said, document = function or (ORIGINAL if version <= 1 else REPLACE), made.consignment_id
    carrier = made.legs[0].carrier if made.legs else ""
    return (
        Telling(Cardit(document, made, *offices, said), carrier=carrier),
        Telling(Precon(document, made, *offices, said), office=offices[1]),
    )
