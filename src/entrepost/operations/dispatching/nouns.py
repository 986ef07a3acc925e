"""What a store keeps of receptacles, dispatches and consignments as the nouns that messages tell, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from entrepost.mail.consignment import Consignment, Handover, Leg
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.receptacle import Count, Receptacle
from entrepost.operations.dispatch_records import KeptConsignment, KeptDispatch, KeptLeg, KeptReceptacle
from entrepost.operations.dispatching.names import offset_of, with_offset
from entrepost.operations.store import Store


def write_counts(counts: Sequence[Count]) -> str:
    """Counts of items by format as they are kept: `P3 E12`, or a number alone where formats are not told apart."""
    return " ".join(f"{each.format}{each.items}" for each in counts)


def read_counts(text: str) -> tuple[Count, ...]:
    """What `write_counts` wrote."""
    return tuple(Count(each[0], int(each[1:])) if each[0].isalpha() else Count("", int(each)) for each in text.split())


def to_receptacle(kept: KeptReceptacle, item_ids: Sequence[str] = ()) -> Receptacle:
    """A receptacle with the items that it holds."""
    return Receptacle(
        kept.receptacle_id,
        kept.weight_g,
        kept.kind,
        kept.handling_class,
        read_counts(kept.counts),
        tuple(item_ids),
        bool(kept.exempt),
        kept.tenant,
    )


def to_dispatch(
    kept: KeptDispatch, receptacles: Sequence[KeptReceptacle], inside: Mapping[str, Sequence[str]]
) -> Dispatch:
    """A dispatch with its receptacles; `inside` are the items of each, by its number."""
    closed_at = kept.closed_at or kept.opened_at
    return Dispatch(
        dispatch_id=kept.dispatch_id,
        closed_at=with_offset(closed_at, kept.offset_minutes),
        weight_g=kept.weight_g,
        receptacles=tuple(to_receptacle(each, inside.get(each.receptacle_id, ())) for each in receptacles),
        tenant=kept.tenant,
    )


def to_consignment(
    kept: KeptConsignment, receptacles: Sequence[KeptReceptacle], legs: Sequence[KeptLeg], tendered: Handover | None
) -> Consignment:
    """A consignment with its receptacles and legs."""
    return Consignment(
        consignment_id=kept.consignment_id,
        completed_at=with_offset(kept.closed_at, kept.offset_minutes),
        mail_category=kept.mail_category,
        weight_g=kept.weight_g,
        receptacles=tuple(map(to_receptacle, receptacles)),
        legs=tuple(map(to_leg, legs)),
        waybill=kept.waybill,
        security_status=kept.security_status,
        tendered=tendered,
        tenant=kept.tenant,
    )


def to_leg(kept: KeptLeg) -> Leg:
    """A ride of a consignment."""
    departs = with_offset(kept.departs_at, kept.departs_offset) if kept.departs_at else None
    arrives = with_offset(kept.arrives_at, kept.arrives_offset) if kept.arrives_at else None
    return Leg(kept.mode, kept.carrier, kept.trip, kept.origin, kept.destination, departs, arrives)


def keep_legs(consignment: KeptConsignment, legs: Sequence[Leg], runs: Sequence[str] = ()) -> list[KeptLeg]:
    """The rides of a consignment as they are kept; `runs` are our departures and their instants."""
    return [
        KeptLeg(
            consignment.tenant,
            f"{consignment.consignment} {number:02d}",
            consignment.consignment,
            runs[number - 1] if runs else "",
            leg.mode,
            leg.carrier,
            leg.trip,
            leg.origin,
            leg.destination,
            consignment.weight_g,
            offset_of(leg.departs_at) if leg.departs_at else 0,
            offset_of(leg.arrives_at) if leg.arrives_at else 0,
            leg.departs_at,
            leg.arrives_at,
        )
        for number, leg in enumerate(legs, start=1)
    ]


def find_inside(store: Store, tenant: str, containers: Sequence[str]) -> dict[str, list[str]]:
    """What is directly inside of what is named, now: the items of receptacles, by their numbers."""
    names = pl.DataFrame({"subject": containers}, schema={"subject": pl.String}).with_columns(tenant=pl.lit(tenant))
    held = store.find_containments(names.select("tenant", "subject")).filter(pl.col("until").is_null())
    held = held.join(names.select(container="subject"), on="container", how="semi")
    grouped = held.sort("container", "subject").group_by("container", maintain_order=True).agg("subject")
    return dict(grouped.iter_rows())


def list_receptacles(store: Store, tenant: str, dispatch_name: str) -> list[KeptReceptacle]:
    """The receptacles of a dispatch, by their serials."""
    return store.records.list_where(KeptReceptacle, tenant, "dispatch", [dispatch_name])
