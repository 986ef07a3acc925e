"""The rounds of an account's exchange, by one process at a time: a server, or `entrepost exchange run`.

Who has them says so by a lease in the store. It is given back at the end, and runs out where its holder died. Nothing
depends on it but that work is not done twice: the inbox and the outbox have locks of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from entrepost.base.errors import MisuseError
from entrepost.mail.partner import Partners
from entrepost.operations.acting import for_all_accounts
from entrepost.operations.chores import NOBODYS, Turns
from entrepost.operations.exchange import BATCH_BYTES, Means, Ran, run_once
from entrepost.operations.exchange_records import ExchangeAlarm
from entrepost.operations.exchanging import alarms
from entrepost.operations.exchanging.partners import get_partners
from entrepost.operations.house_records import Chore
from entrepost.operations.store import Store


@dataclass(frozen=True, slots=True)
class RoundParams:
    """How often; all are *assumed*.

    Attributes
    ----------
    idle_seconds : float
        After so long it is looked again whether something came or is due.
    lease_seconds : float
        Who has an account's rounds and says nothing for so long is taken for dead.
    retry_seconds : float
        After so long an account is tried again whose rounds cannot be made.
    alarm_seconds : float
        Between two looks for silence and volume.
    batch_bytes : int
        So much of what came is taken in by one transaction.
    """

    idle_seconds: float = 2.0
    lease_seconds: float = 20.0
    retry_seconds: float = 60.0
    alarm_seconds: float = 600.0
    batch_bytes: int = BATCH_BYTES

    def __post_init__(self) -> None:
        if min(self.idle_seconds, self.lease_seconds, self.retry_seconds, self.alarm_seconds, self.batch_bytes) <= 0:
            raise MisuseError("pauses, leases and batches of the exchange must be above 0")


@dataclass(slots=True)
class Rounds:
    """One account's rounds; `open_means` says with what they are made, anew when partners or the day have changed."""

    store: Store
    tenant: str
    turns: Turns
    open_means: Callable[[Store, str], Means]
    params: RoundParams = field(default_factory=RoundParams)
    _means: Means | None = None
    _opened_for: tuple[Partners, date] | None = None
    _looked_at: datetime | None = None

    def prepare(self) -> Means:
        """With what the next round is made.

        Raises
        ------
        MisuseError
            When a setting or the table of partners does not allow it.
        """
        now = self.store.clock.now()
        wanted = get_partners(self.store, self.tenant), now.date()
        if self._means is None or self._opened_for != wanted:
            self._close_ways()
            opened = self.open_means(self.store, self.tenant)
            self._means, self._opened_for = replace(opened, batch_bytes=self.params.batch_bytes), wanted
        return self._means

    @property
    def places(self) -> frozenset[str]:
        """Where mail comes in that this account alone may fetch, as far as its ways are open."""
        return self._means.places if self._means else frozenset()

    def has(self) -> bool:
        """Whether the rounds are this process's now, for another lease."""
        with for_all_accounts():
            return self.turns.has(chore_of(self.tenant))

    def go(self, progress: Callable[[int], None] | None = None) -> Ran | None:
        """One round; None where another process makes them. `progress` as `exchange.run_once` has it."""
        means = self.prepare()
        if not self.has():
            return None

        def tell(count: int) -> None:
            self.has()
            if progress:
                progress(count)

        return run_once(self.store, means, tell)

    def look(self) -> list[ExchangeAlarm]:
        """Alarms that were raised just now, by the process that makes the rounds; nothing while no look is due."""
        now = self.store.clock.now()
        due = self._looked_at is None or now - self._looked_at >= timedelta(seconds=self.params.alarm_seconds)
        if not due or not self.has():
            return []
        self._looked_at = now
        return [each for each in alarms.watch(self.store, self.tenant) if each.found_at >= now]

    def close(self) -> None:
        """Give back the ways and the lease, so that another process goes on at once."""
        self._close_ways()
        with for_all_accounts():
            self.turns.end(chore_of(self.tenant), done=False)

    def _close_ways(self) -> None:
        means, self._means = self._means, None
        for transport in means.transports.values() if means else ():
            transport.close()


def chore_of(tenant: str) -> str:
    """The chore that an account's rounds are."""
    return f"exchange {tenant}"


def list_running(store: Store, tenants: list[str]) -> list[str]:
    """Those of these accounts whose rounds some process makes now."""
    now = store.clock.now()
    found = [(tenant, store.records.find(Chore, NOBODYS, chore_of(tenant))) for tenant in tenants]
    return [tenant for tenant, each in found if each and each.holder and each.lease_until and now < each.lease_until]
