"""What a server does without being asked: each chore is one worker's at a time, by a lease in the store."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from entrepost.base.errors import MisuseError
from entrepost.operations.exchanging.pruning import Pruned, PruneParams, prune_old
from entrepost.operations.house_records import Chore
from entrepost.operations.privacy import Forgotten, PrivacyParams, forget_old
from entrepost.operations.store import Store
from entrepost.operations.webhooks import EXCEPTION_FOUND, announce_exceptions
from entrepost.operations.webhooks_send import DeliverParams

if TYPE_CHECKING:
    from entrepost.operations.exceptions import Exceptions

NOBODYS = ""
"""Chores are no account's."""


@dataclass(frozen=True, slots=True)
class ChoreParams:
    """How often what is done; all are *assumed*.

    Attributes
    ----------
    lease_seconds : float
        Who has a chore and says nothing for so long is taken for dead.
    look_seconds : float
        After so long it is looked again whether something is to be sent.
    forget_hours, exceptions_hours : float
        Between two rounds of forgetting people and old rows of the exchange, and of looking for exceptions.
    deliver : DeliverParams
        How webhooks are sent.
    privacy : PrivacyParams
        For how long people's data are kept where an account does not say it.
    prune : PruneParams
        For how long rows of the exchange are kept.
    """

    lease_seconds: float = 60.0
    look_seconds: float = 1.0
    forget_hours: float = 24.0
    exceptions_hours: float = 1.0
    deliver: DeliverParams = field(default_factory=DeliverParams)
    privacy: PrivacyParams = field(default_factory=PrivacyParams)
    prune: PruneParams = field(default_factory=PruneParams)

    def __post_init__(self) -> None:
        if min(self.lease_seconds, self.look_seconds, self.forget_hours, self.exceptions_hours) <= 0:
            raise MisuseError("leases and pauses of chores must be above 0")


@dataclass(slots=True)
class Turns:
    """One worker's claims on chores; it asks the store again when half of a lease is over."""

    store: Store
    lease: timedelta
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    _mine_until: dict[str, datetime] = field(default_factory=dict)

    def has(self, chore: str, every: timedelta = timedelta()) -> bool:
        """Whether the chore is this worker's now: nobody else's, and not done within the time of `every`."""
        now = self.store.clock.now()
        if not every and now < self._mine_until.get(chore, now) - self.lease / 2:
            return True
        with self.store.transaction():
            self.store.records.hold("chores")
            found = self.store.records.find(Chore, NOBODYS, chore) or Chore(NOBODYS, chore, "")
            is_others = found.holder not in ("", self.holder)
            taken = is_others and found.lease_until is not None and now < found.lease_until
            done = found.done_at is not None and now - found.done_at < every
            if taken or done:
                self._mine_until.pop(chore, None)
                return False
            until = now + self.lease
            self.store.records.put(replace(found, holder=self.holder, lease_until=until))
        self._mine_until[chore] = until
        return True

    def end(self, chore: str, done: bool = True) -> None:
        """Give the chore back; `done`: it is due again only after a while."""
        self._mine_until.pop(chore, None)
        with self.store.transaction():
            self.store.records.hold("chores")
            found = self.store.records.find(Chore, NOBODYS, chore)
            if found is not None and found.holder == self.holder:
                at = self.store.clock.now() if done else found.done_at
                self.store.records.put(replace(found, holder="", lease_until=None, done_at=at))


def forget_people(store: Store, params: ChoreParams) -> Forgotten:
    """Pseudonymise what is long over in all accounts, each by its own retention."""
    return forget_old(store, params.privacy)


def prune_exchange(store: Store, params: ChoreParams, go_on: Callable[[], None] | None = None) -> Pruned:
    """Let rows of the exchange of all accounts go that are old and finished; `go_on` as `pruning.prune_old` has it."""
    accounts = sorted({*store.exchange.list_partnered(), *store.exchange.list_accounts()})
    return sum((prune_old(store, tenant, params.prune, go_on) for tenant in accounts), Pruned())


def tell_exceptions(store: Store, look: Callable[[str], Exceptions]) -> int:
    """Tell the endpoints that want it of what needs somebody now; how many deliveries were queued.

    `look` tells it of an account, on the network by which the account's items are known. Where no endpoint wants it
    nothing is looked for.
    """
    wanted = store.webhooks.list_subscriptions().select("tenant", "kinds").iter_rows()
    tenants = {tenant for tenant, kinds in wanted if not kinds or EXCEPTION_FOUND in kinds.split()}
    found = (look(tenant) for tenant in sorted(tenants))
    return sum(announce_exceptions(store, each.frame, each.items) for each in found)
