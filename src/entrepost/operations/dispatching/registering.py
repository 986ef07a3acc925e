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
from entrepost.operations.dispatching.announced import register_consignment, register_dispatch
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.reported import register_rescon, register_resdes, register_resdit
from entrepost.operations.store import Store

REGISTERED = (Predes, Precon, Cardit, Resdes, Rescon, Resdit, Refitm)
"""The messages that can be registered."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What a message was about, by the name that it has in the store (empty: nothing that is there), and findings."""

    subject: str
    findings: tuple[Finding, ...]


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
