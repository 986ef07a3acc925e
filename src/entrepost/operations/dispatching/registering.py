"""Registering what other operators and carriers tell of mail in receptacles.

`register` is for whoever takes messages in: it is called inside the transaction of the inbox, keeps what the message
says, and answers with findings that nobody has to wait for. The same message again changes nothing.

- PREDES, of the operator of origin: the dispatch and its receptacles are announced, their items are inside.
- PRECON, of the operator of origin, and CARDIT, to a carrier: the consignment and its receptacles are announced.
- RESDES and RESCON, of the destination, and RESDIT, of a carrier: what became of receptacles that we sent.
- REFITM, of the authorities through the destination: what the gate asks for before an item is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding
from entrepost.messages.cardit import Cardit
from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.messages.refitm import Refitm
from entrepost.messages.rescon import Rescon
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.operations.dispatch_records import KeptLeg
from entrepost.operations.dispatching.announced import register_consignment, register_dispatch
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.reported import find_sent, register_rescon, register_resdes, register_resdit
from entrepost.operations.store import Store

REGISTERED = (Predes, Precon, Cardit, Resdes, Rescon, Resdit, Refitm)
"""The messages that can be registered."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What a message was about, by the name that it has in the store (empty: nothing that is there), and findings."""

    subject: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """On whose behalf a message speaks: whoever sends it must be the operator of the office, or one of the carriers."""

    office: str = ""
    carriers: tuple[str, ...] = ()


def claim_of(store: Store, tenant: str, message: Any) -> Claim:
    """Who may send such a message, for the inbox to compare with who did; of what is not there, nobody is known.

    PREDES, PRECON and CARDIT are the office's of origin, RESDES the destination's of its dispatch, RESCON the
    destination's of our consignment, and RESDIT one of the carriers' of its legs.
    """
    if isinstance(message, Predes):
        return Claim(message.dispatch.origin)
    if isinstance(message, Precon | Cardit):
        return Claim(message.origin)
    if isinstance(message, Resdes):
        return Claim(message.dispatch_id[6:12])
    if isinstance(message, Rescon | Resdit):
        found = find_sent(store, tenant, message.consignment_id)
        if found is None:
            return Claim()
        if isinstance(message, Rescon):
            return Claim(found.destination)
        legs = store.records.list_where(KeptLeg, tenant, "consignment", [found.consignment])
        return Claim(carriers=tuple(dict.fromkeys(each.carrier for each in legs)))
    return Claim()


def register(store: Store, tenant: str, message: Any) -> Registered:
    """Keep what a message says, inside the transaction of whoever took it in.

    Parameters
    ----------
    store : Store
        Where it is kept; a transaction of the caller is gone on with.
    tenant : str
        The account to which the message came.
    message : Predes, Precon, Cardit, Resdes, Rescon, Resdit or Refitm
        As `messages.any_message.read` gives it.

    Raises
    ------
    MisuseError
        When it is another message.
    """
    with store.transaction():
        store.records.hold(f"receptacles of {tenant}")
        if isinstance(message, Predes):
            return Registered(*register_dispatch(store, tenant, message))
        if isinstance(message, Precon | Cardit):
            return Registered(*register_consignment(store, tenant, message))
        if isinstance(message, Resdes):
            return Registered(*register_resdes(store, tenant, message))
        if isinstance(message, Rescon):
            return Registered(*register_rescon(store, tenant, message))
        if isinstance(message, Resdit):
            return Registered(*register_resdit(store, tenant, message))
        if isinstance(message, Refitm):
            add_referrals(store, tenant, [(each.item_id, each.message, each.time) for each in message.referrals])
            return Registered("", ())
    raise MisuseError(f"{type(message).__name__} says nothing of receptacles; register one of {_names()}")


def _names() -> str:
    return ", ".join(each.__name__.upper() for each in REGISTERED)
