"""A closed dispatch corrected before it leaves: other weights, items taken out; its destination is told by *replace*.

Nothing comes in, no receptacle goes, and what was given to a carrier stays as it was told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding
from entrepost.codes.signs import squeeze
from entrepost.mail.closing import count_items, mark_last, number_receptacle
from entrepost.mail.dispatch import check_dispatch
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.dispatch_records import CLOSED, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.announced import contain
from entrepost.operations.dispatching.dispatches import check_unmoved, find_dispatch, list_inside
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.dispatching.nouns import list_receptacles, to_dispatch, write_counts
from entrepost.operations.dispatching.telling import tell_dispatch
from entrepost.operations.store import Store
from entrepost.tables.containment import to_containment

NAMED = 23
"""The signs of a receptacle's number that name it; flags and weight stand behind."""


@dataclass(frozen=True, slots=True)
class Correcting:
    """What is corrected: gross weights of receptacles, by their number or its first 23 signs, and items taken out.

    A receptacle out of which something is taken is weighed again.
    """

    weights: tuple[tuple[str, int], ...] = ()
    take_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.weights:
            raise MisuseError("say what is corrected: receptacles with their weights, and the items taken out of them")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A dispatch as it is now, and what is to be sent.

    `relabelled` are old and new numbers of receptacles whose labels are printed anew; `again`: nothing of it was other
    than it is told now, and nothing is to be sent.
    """

    dispatch: KeptDispatch
    receptacles: tuple[KeptReceptacle, ...]
    messages: tuple[Telling, ...]
    findings: tuple[Finding, ...] = ()
    relabelled: tuple[tuple[str, str], ...] = ()
    again: bool = False


def correct_dispatch(store: Store, by: Caller, name: str, wanted: Correcting) -> Corrected:
    """Correct a closed dispatch of which no receptacle was given to a carrier; PREDES replaces what was told.

    Items that were taken out are free to be packed again; that they left (EMC) was told and stays as a fact.

    Raises
    ------
    MissingRowError
        When no such dispatch is there, or a receptacle or item is not in it.
    MisuseError
        When it is not closed, a carrier has some of it, a weight cannot be, a receptacle would be left empty, or was
        not weighed again after something was taken out of it.
    """
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        found = find_dispatch(store, by.tenant, name)
        if found.state != CLOSED:
            raise MisuseError(f"the dispatch {found.dispatch_id} is {found.state}; only a closed one is corrected")
        bags = list_receptacles(store, by.tenant, found.dispatch)
        check_unmoved(found, bags)
        inside = list_inside(store, by.tenant, bags)
        changed = _change(bags, inside, wanted)
        rest = {new.receptacle_id: _left(inside, old, wanted) for old, new in changed}
        made_of = [new for _, new in changed]
        if all(old == new for old, new in changed):
            return Corrected(found, tuple(bags), (), again=True)
        weight, items = sum(bag.weight_g for bag in made_of), sum(bag.items for bag in made_of)
        kept = replace(found, version=found.version + 1, weight_g=weight, items=items)
        made = to_dispatch(kept, made_of, rest)
        contain(store, by.tenant, to_containment([made]), [made.dispatch_id, *(bag.receptacle_id for bag in bags)])
        for _, new in changed:
            store.records.put(new)
        store.records.put(kept)
        detail = f"{kept.weight_g} g, {kept.items} items"
        write_down(store, by.tenant, by.who, "dispatch corrected", kept.dispatch_id, detail)
    numbers = [(old.receptacle_id, new.receptacle_id) for old, new in changed]
    relabelled = tuple((old, new) for old, new in numbers if old != new)
    told = (tell_dispatch(made, kept.version),)
    return Corrected(kept, tuple(made_of), told, tuple(check_dispatch(made)), relabelled)


def _change(
    bags: Sequence[KeptReceptacle], inside: Mapping[str, Sequence[str]], wanted: Correcting
) -> list[tuple[KeptReceptacle, KeptReceptacle]]:
    """Each receptacle as it was and as it is now."""
    weights = {squeeze(number)[:NAMED]: weight for number, weight in wanted.weights}
    unknown = weights.keys() - {bag.receptacle_id[:NAMED] for bag in bags}
    held = {item_id for bag in bags for item_id in inside.get(bag.receptacle_id, ())}
    absent = [item_id for item_id in wanted.take_out if item_id not in held]
    if unknown or absent:
        raise MissingRowError(f"{[*sorted(unknown), *absent][0]} is not in this dispatch")
    return [(bag, _correct(bag, weights.get(bag.receptacle_id[:NAMED]), inside, wanted)) for bag in bags]


def _correct(
    bag: KeptReceptacle, weight_g: int | None, inside: Mapping[str, Sequence[str]], wanted: Correcting
) -> KeptReceptacle:
    before, rest = inside.get(bag.receptacle_id, ()), _left(inside, bag, wanted)
    if len(before) != len(rest) and weight_g is None:
        raise MisuseError(f"weigh {bag.receptacle_id} again: something was taken out of it")
    if before and not rest:
        raise MisuseError(f"{bag.receptacle_id} would be empty; cancel the dispatch, and close it anew without it")
    if weight_g is None:
        return bag
    dispatch_id, is_last = bag.receptacle_id[:20], bag.receptacle_id[NAMED] == "1"
    number = number_receptacle(dispatch_id, int(bag.receptacle_id[20:NAMED]), weight_g, rest)
    changed = replace(bag, receptacle_id=mark_last(number) if is_last else number, weight_g=weight_g)
    if len(before) == len(rest):
        return changed
    return replace(changed, items=len(rest), counts=write_counts(count_items(dispatch_id[13], len(rest))))


def _left(inside: Mapping[str, Sequence[str]], bag: KeptReceptacle, wanted: Correcting) -> list[str]:
    return [each for each in inside.get(bag.receptacle_id, ()) if each not in wanted.take_out]
