"""Quotes for who asks now: a few orders of this hour at the counter, with the promises of the hour made ready ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from entrepost.base.clock import to_hour
from entrepost.journey.hourly import HourBook, compile_hour
from entrepost.operations.plain_orders import read_plain_orders
from entrepost.service.at_counter.ranking import Plain
from entrepost.service.choice import valued
from entrepost.service.counter import Counter, open_counter
from entrepost.service.policy import Policy, RuleFile

if TYPE_CHECKING:
    from entrepost.network.network import Network

FEW = 20
"""So many order lines are asked at the counter at once; more of them are quicker in a frame."""

Rest = Callable[[], None]
Compile = Callable[["Network", int, Rest], HourBook]


@dataclass(frozen=True, slots=True)
class Asked:
    """How services are chosen, or that `every` one is told; and whether shelves are as full as the network has them."""

    policy: Policy
    every: bool
    is_full: Callable[[], bool] = lambda: True


class Quoting:
    """The counter of a server's network, and the books of this hour and the next."""

    def __init__(self, network: Callable[[], Network]) -> None:
        self._network = network
        self._books: dict[int, HourBook] = {}
        self._turn = Lock()

    def find(self, rows: Sequence[Table[str, Any]], tenant: str, asked: Asked) -> list[dict[str, Any]] | None:
        """The choice for each order, or every service; None where frames must be asked.

        That is where a row is odd, an order of another hour or of several items, and where orders might have to share
        what is in stock, or promises took of it.
        """
        policy, every = asked.policy, asked.every
        ranking = policy if isinstance(policy, RuleFile) else valued(self._network(), policy)
        if not self._books or len(rows) > FEW or not isinstance(ranking, Plain):
            return None
        orders = read_plain_orders(rows, tenant, self._origins)
        told: list[dict[str, Any]] = []
        for order in orders or ():
            book = self._books.get(to_hour(order.placed_at))
            offers = self._counter.quote(order, book) if book else None
            if offers is None:
                return None
            if any(offer["eligible"] and offer["service"] in self._stocked for offer in offers) and not asked.is_full():
                return None
            told += offers if every else [self._counter.choose(order, offers, ranking)]
        alone = every or len(orders or ()) == 1 or not any(row["service"] in self._stocked for row in told)
        return told if orders and alone else None

    def prepare(
        self, now: datetime, ahead: int = 0, rest: Rest = lambda: None, compile_book: Compile = compile_hour
    ) -> None:
        """Make the book of an hour ready, so many hours after that of an order which is placed now."""
        hour = to_hour(now) + ahead
        if hour not in self._books:
            book = compile_book(self._network(), hour, rest)
            _ = self._origins, self._stocked
            self._counter.money.prepare(now + timedelta(hours=ahead))
            with self._turn:
                kept = {at: each for at, each in self._books.items() if at >= hour - 2}
                self._books = {**kept, hour: book}

    def renew_rates(self) -> None:
        """Go by the rates of exchange that are known now, where the counter is open already."""
        if "_counter" in self.__dict__ and self._counter.money.renew():
            self._counter.money.prepare(datetime.now(UTC))

    @cached_property
    def _counter(self) -> Counter:
        return open_counter(self._network())

    @cached_property
    def _origins(self) -> frozenset[str]:
        return frozenset(facility.facility for facility in self._network().facilities)

    @cached_property
    def _stocked(self) -> frozenset[str]:
        return frozenset(service.service for service in self._network().services if service.kind == "stock")
