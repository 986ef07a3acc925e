"""A bag from Shanghai to Frankfurt: packed, closed, given to a flight, announced, opened and answered, with its label.

Run it: ``python examples/dispatch.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from entrepost.network.sample_network import sample_network
from entrepost.operations.access import Caller
from entrepost.operations.dispatching.closing import Closing, close_receptacles
from entrepost.operations.dispatching.consigning import Consigning, consign
from entrepost.operations.dispatching.dispatches import close_dispatch
from entrepost.operations.dispatching.filling import Opening, open_receptacle
from entrepost.operations.dispatching.papers import draw_dispatch_paper
from entrepost.operations.dispatching.receiving import Seen, receive_receptacles
from entrepost.operations.dispatching.registering import register
from entrepost.wiring import open_store

SERIES = "CNSHAADEFRAAATN"


def main(folder: Path) -> None:
    """Shanghai sends empty bags back, Frankfurt gets them."""
    network = sample_network()
    clerk, other = Caller("shanghai", "clerk", frozenset()), Caller("frankfurt", "clerk", frozenset())
    here, there = open_store(folder / "shanghai.db"), open_store(folder / "frankfurt.db")

    for tag in ("bag 1", "bag 2"):
        open_receptacle(here, network, clerk, Opening("CNSHAA", "DEFRAA", "A", "TN", tag))
    sealed = close_receptacles(here, network, clerk, [Closing("bag 1", 1_250), Closing("bag 2", 2_480)])
    print([each.receptacle_id[20:] for each in sealed.receptacles], "numbered as they are closed")

    made = close_dispatch(here, network, clerk, SERIES)
    print([each.receptacle_id[20:] for each in made.receptacles], "the last one is marked")
    given = consign(here, network, clerk, Consigning(made.dispatch.dispatch_id)).consignments[0]
    print(len(given.legs), "ride, waybill", given.consignment.waybill or "none", "-", given.consignment.consignment_id)
    label = draw_dispatch_paper(here, network, "shanghai", made.dispatch.dispatch_id, "label")
    (folder / "labels.pdf").write_bytes(label)

    for telling in (*made.messages, given.messages[1]):
        register(there, "frankfurt", telling.message)
    first, second = (each.receptacle_id for each in made.receptacles)
    came = receive_receptacles(there, network, other, [Seen(first), Seen(second, "not_found")])
    register(here, "shanghai", came.messages[0].message)
    print([each.outcome for each in came.receptacles], "is what Frankfurt answers, and Shanghai knows")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
