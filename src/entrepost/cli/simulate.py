"""entrepost simulate: carry the promised orders of the store through a simulated world."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    get_network,
    here,
    opened,
    write_frame,
    zones_of,
)


def run(
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same events.")] = 1,
    world: Annotated[
        str, typer.Option("--world", help="default, or as_assumed for the promise's own steps.")
    ] = "default",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write the events to this file instead of recording them.", metavar="FILE"),
    ] = None,
) -> None:
    """Carry every promised order through a world, and record the events that the real one would send.

    The same command again records nothing twice. Another seed is another history: give it another store.
    """
    from entrepost.operations.carry import carry
    from entrepost.operations.events import record_events

    terminal = here()
    places = get_network(network)
    with opened(store) as kept:
        events = carry(kept, places, seed, world)
        if out:
            write_frame(events, out)
            facts = {"events": events.height, "file": str(out)}
            lines = [f"{events.height:,} events written to {out}"]
        else:
            with terminal.progress("events", events.height) as progress:
                outcome = record_events(kept, events, zones_of(places), progress=progress)
            facts = {"events": events.height, "recorded": outcome.accepted, "duplicates": outcome.duplicates}
            lines = [f"{outcome.accepted:,} events recorded, {outcome.duplicates:,} were there before"]
    terminal.answer(facts, lines)
