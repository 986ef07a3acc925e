"""Three operators in one process, over a network that loses, delays, reorders and doubles, and that crash anywhere.

Clock, network and store are handed in, and everything random comes of one seed: what fails is played again by

    python -m tests.operations.exchanging.simulation --seed 4711

and ``--seeds 10000`` plays the first so many; with ``--prune`` rows go as soon as they are finished.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from entrepost.base.errors import TransportError
from entrepost.mail.partner import EVERY, Address, Channel, Operator, Partners
from entrepost.messages import plain_lines
from entrepost.operations.exchange import Means, run_once
from entrepost.operations.exchange_records import CameMessage, KeptAwaited, Sent, SentMessage
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.inbox import Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.letting_wait import let_wait
from entrepost.operations.exchanging.outbox import Entry, Route, SendParams, queue
from entrepost.operations.exchanging.pruning import prune_before
from entrepost.operations.exchanging.transport import Arrival, Transmission, Unsent
from entrepost.operations.exchanging.waiting import wake
from tests.operations.exchanging.crashing import (
    Applied,
    CrashError,
    CrashingBooks,
    CrashingStore,
    Fact,
    Fate,
    Shelf,
    Time,
)

NAMES = ("AAA", "BBB", "CCC")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FIRST = date(2026, 1, 1)
MESSAGE, NEWS, BAD = "FACT", "NEWS", "impossible"
REFUSAL = "refusal of"
"""Before the name of a document that was refused: what was refused once is not judged again."""

STEPS, HEALED_ROUNDS = 40, 150
SOON = timedelta(days=3)
"""So soon is applied what waited, once what it waited for is there: rounds are hours apart."""


@dataclass(slots=True)
class Network:
    """What is on its way: when it is there, from whom, what; it stays until it was taken."""

    fate: Fate
    now: datetime
    waiting: dict[str, dict[int, tuple[datetime, Transmission]]]
    count: int = 0

    def put(self, given: Transmission) -> None:
        copies = 0 if self.fate.strikes(self.fate.loss) else 1
        copies += self.fate.strikes(self.fate.double)
        for _ in range(copies):
            late = self.fate.rng.expovariate(1 / 30) * (200 if self.fate.strikes(self.fate.double / 2) else 1)
            self.count += 1
            self.waiting[given.recipient][self.count] = (self.now + timedelta(minutes=late), given)


@dataclass(slots=True)
class Way:
    """The `Transport` of one operator over the network."""

    network: Network
    own: str

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        fate = self.network.fate
        fate.crash_here()
        if fate.strikes(fate.away):
            raise TransportError("the network is away")
        unsent = []
        for each in transmissions:
            if fate.strikes(fate.away):
                unsent.append(Unsent(each.transmission_id, "not now"))
            else:
                self.network.put(each)
                fate.crash_here()
        return unsent

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        mine = self.network.waiting[self.own]
        there = sorted((at, number) for number, (at, _) in mine.items() if at <= self.network.now)
        for _, number in there[:limit]:
            given = mine[number][1]
            take = partial(self._take, number)
            yield Arrival(given, given.sender, take, lambda _why, take=take: take())  # type: ignore[misc]

    def _take(self, number: int) -> None:
        self.network.fate.crash_here()
        self.network.waiting[self.own].pop(number, None)
        self.network.fate.crash_here()

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class World:
    """The operators, each with its books and its clock, and what is between them."""

    seed: int
    fate: Fate
    clocks: dict[str, Time]
    books: dict[str, CrashingBooks | CrashingStore]
    means: dict[str, Means]
    network: Network
    prunes: bool = False
    crashes: int = 0

    @classmethod
    def of(cls, seed: int, shelf: Shelf | None = None, prunes: bool = False) -> World:
        rng = random.Random(seed)
        fate = Fate(rng, crash=rng.choice((0.0, 0.01, 0.05)), loss=rng.choice((0.0, 0.2, 0.5)))
        network = Network(fate, START, {name: {} for name in NAMES})
        clocks = {name: Time(START, timedelta(seconds=rng.randint(-300, 300))) for name in NAMES}
        shelf = shelf or (lambda _, clock, fate: CrashingBooks(clock, fate))
        books = {name: shelf(name, clocks[name], fate) for name in NAMES}
        params = SendParams(chance=rng.random)
        means = {
            name: Means(
                "main", partners_of(name), {"folder": Way(network, name)}, {MESSAGE: apply, NEWS: apply_news}, params
            )
            for name in NAMES
        }
        return cls(seed, fate, clocks, books, means, network, prunes)

    def pass_time(self, minutes: float) -> None:
        self.network.now += timedelta(minutes=minutes)
        for clock in self.clocks.values():
            clock.instant = self.network.now

    def attempt(self, work: Any, *given: Any) -> None:
        """Do something as a process that may be gone in the middle of it."""
        try:
            work(*given)
        except CrashError:
            self.crashes += 1

    def step(self) -> None:
        rng = self.fate.rng
        self.pass_time(rng.choice((0, 1, 5, 20, 90)))
        name = rng.choice(NAMES)
        if self.prunes and rng.random() < 0.3:
            self.attempt(prune_before, self.books[name], "main", self.clocks[name].now())
        if rng.random() < 0.4:
            self.attempt(self.tell, name)
        else:
            self.attempt(run_once, self.books[name], self.means[name])

    def tell(self, name: str) -> None:
        """Change some facts and tell of it, in one transaction."""
        rng, books = self.fate.rng, self.books[name]
        partner = rng.choice([each for each in NAMES if each != name])
        with books.transaction():
            told = [self._change(books, partner) for _ in range(rng.choice((1, 1, 2, 4)))]
            if rng.random() < 0.3:
                about = {"about": rng.choice(told)["document"]}
                self._queue(name, partner, [about | {"message": NEWS, "document": f"n{rng.getrandbits(32)}"}])
            self._queue(name, partner, told)

    def _queue(self, name: str, partner: str, told: list[dict[str, str]]) -> None:
        head = partial(plain_lines.Head, name, partner)
        queue(
            self.books[name],
            "main",
            Route(name, partner, partner, "folder", "json"),
            [Entry(each["message"], each["document"], each.get("function", "original")) for each in told],
            lambda reference, now: plain_lines.write(head(reference, now, len(told)), told),
        )

    def _change(self, books: Books, partner: str) -> dict[str, str]:
        rng = self.fate.rng
        known = books.exchange.list_with(Fact, "main", {"partner": [partner]})
        alive = [each for each in known if each.value not in ("", BAD)]
        if not alive or rng.random() < 0.4:
            value = BAD if rng.random() < 0.05 else f"v{rng.getrandbits(32)}"
            fact = Fact("main", f"{partner} {len(known)}", partner, value, value)
            function = "original"
        else:
            function = rng.choice(("replace", "change", "cancel", "duplicate"))
            fact = rng.choice(alive)
            value = {"cancel": "", "duplicate": fact.first}.get(function, f"v{rng.getrandbits(32)}")
            fact = fact if function == "duplicate" else replace(fact, value=value)
        books.exchange.put([fact])
        return {"message": MESSAGE, "document": fact.fact, "function": function, "value": value}

    def heal(self) -> bool:
        """Nothing is lost any more; all go on until nothing is left to do, or too long."""
        self.fate.heal()
        for _ in range(HEALED_ROUNDS):
            self.pass_time(60 * 16)
            ran = [run_once(self.books[name], self.means[name]) for name in NAMES]
            for name in NAMES if self.prunes else ():
                prune_before(self.books[name], "main", self.clocks[name].now())
            if all(each.is_idle for each in ran) and not any(self.network.waiting.values()):
                return True
        return False


def apply(books: Books, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    """Keep what a partner says about its documents."""
    verdicts = []
    for each in mine:
        said = json.loads(each.piece.content)
        name = f"{each.row.sender} {each.row.document}"
        if said["value"] == BAD:
            _note(books, desk, f"{REFUSAL} {name}", BAD, "refused")
            verdicts.append(Verdict("refused", "it is impossible"))
            continue
        _note(books, desk, name, said["value"], f"{each.row.function} {said['value']}")
        wake(books, desk.tenant, [f"{name} XX"])
        verdicts.append(Verdict())
    return verdicts


def _note(books: Books, desk: Desk, name: str, value: str, step: str) -> None:
    """Keep what was done with a document, after all that was done with it before."""
    before = books.exchange.find(Applied, desk.tenant, [name]).get(name)
    books.exchange.put([Applied(desk.tenant, name, value, (*(before.said if before else ()), step))])


def apply_news(books: Books, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    """Keep what happened to a fact, as events of items are kept: what is not there yet is waited for."""
    verdicts = []
    for each in mine:
        fact = f"{each.row.sender} {json.loads(each.piece.content)['about']}"
        is_there = bool(books.exchange.find(Applied, desk.tenant, [fact]))
        unknown = pl.DataFrame({"file": [0], "item_id": [f"{fact} XX"]}).filter(not is_there)
        verdict = Verdict() if is_there else Verdict("refused", "nobody told of it")
        (settled,) = let_wait(books, desk, [each], unknown, [verdict])
        if settled.state == "applied":
            _note(books, desk, f"{each.row.sender} {each.row.document}", fact, "news")
        verdicts.append(settled)
    return verdicts


def partners_of(own: str) -> Partners:
    """The table of one of them: the others, to and from whom everything goes."""
    others = [name for name in NAMES if name != own]
    return Partners(
        tuple(Operator(name, name, "XX", "UTC", name == own) for name in NAMES),
        (),
        tuple(Address(name, name, FIRST) for name in NAMES),
        tuple(Channel(name, way, EVERY, FIRST, syntax="json") for name in others for way in ("in", "out")),
    )


def check(world: World) -> list[str]:
    """What is wrong with the books of both ends once everything has healed."""
    wrong: list[str] = []
    for name in NAMES:
        wrong += _check_references(world, name)
        for partner in NAMES:
            if partner != name:
                wrong += _check_between(world, name, partner)
    return wrong


def _check_references(world: World, name: str) -> Iterator[str]:
    rows = world.books[name].list_with(Sent, "main", {})
    for row in rows:
        if row.state == "open":
            yield f"{row.sent} was never answered"
    for partner in {row.partner for row in rows} if not world.prunes else ():
        given = sorted(int(row.reference) for row in rows if row.partner == partner)
        if given != list(range(1, len(given) + 1)):
            yield f"references of {name} to {partner} have gaps: {given}"


def _check_between(world: World, name: str, partner: str) -> Iterator[str]:
    here, there = world.books[name], world.books[partner]
    came = {row.entry: row for row in there.list_with(CameMessage, "main", {"sender": [name]})}
    for row in here.list_with(SentMessage, "main", {"operator": [partner]}):
        found = came.pop(f"{name} {row.sent.rpartition('_')[2]} {row.reference}", None)
        states = {"accepted": ("applied", "duplicate", "superseded"), "refused": ("refused",)}.get(row.state, ())
        if found is None and world.prunes:
            continue
        if found is None or found.state not in states:
            yield f"{row.entry} is {row.state} here and {found.state if found else 'missing'} there"
    strange = [] if world.prunes else [*came]
    yield from (f"{partner} has {entry}, which {name} never sent" for entry in strange)
    applied = {row.applied: row for row in there.list_with(Applied, "main", {})}
    if not world.prunes:
        yield from _check_news(there, name, partner, applied)
    refusals = [row for row in applied.values() if row.applied.startswith(f"{REFUSAL} {name} ")]
    yield from (f"{row.applied} was judged {len(row.said)} times at {partner}" for row in refusals if len(row.said) > 1)
    for fact in here.list_with(Fact, "main", {"partner": [partner]}):
        done = applied.get(f"{name} {fact.fact}")
        if fact.value != BAD and (done is None or done.value != fact.value):
            yield f"{fact.fact} is {fact.value!r} at {name} and {done.value if done else None!r} at {partner}"
        if done and max(Counter(done.said).values()) > 1:
            yield f"{fact.fact} was applied twice at {partner}: {done.said}"


def _check_news(there: Any, name: str, partner: str, applied: dict[str, Applied]) -> Iterator[str]:
    """News was applied once where its fact came, whichever came first, and refused where nobody ever told of it."""
    for row in there.list_with(CameMessage, "main", {"sender": [name], "message": [NEWS]}):
        done = applied.get(f"{name} {row.document}")
        if row.state not in ("applied", "refused") or (row.state == "applied") != (done is not None):
            yield f"news {row.entry} is {row.state} at {partner}"
        if row.state == "refused" and (row.why != "nobody told of it" or _about(there, row) in applied):
            yield f"news {row.entry} is refused at {partner}: {row.why}"
        if row.applied_at and row.applied_at - max(row.created_at, _told_at(there, row)) > SOON:
            yield f"news {row.entry} waited at {partner} until {row.applied_at}, though what it is about was there"
        if done and (done.said != ("news",) or done.value not in applied):
            yield f"news {row.entry} was applied at {partner} as {done.said}, about {done.value}"
    yield from (
        f"{partner} still waits for {each.item_id} in {each.entry}"
        for each in there.list_with(KeptAwaited, "main", {"operator": [name]})
    )


def _told_at(there: Any, row: CameMessage) -> datetime:
    """When what news is about was first applied."""
    sender, _, fact = _about(there, row).partition(" ")
    known = there.list_with(CameMessage, "main", {"identity": [f"{sender} {MESSAGE} {fact}"]})
    return min((each.applied_at for each in known if each.applied_at), default=row.created_at)


def _about(there: Any, row: CameMessage) -> str:
    """What news is about, by the bytes in which it came."""
    name = f"in {row.came}"
    _, lines = plain_lines.read(there.find_bodies("main", [name])[name])
    return f"{row.sender} {lines[int(row.reference) - 1].said['about']}"


def play(seed: int, shelf: Shelf | None = None, steps: int = STEPS, prunes: bool = False) -> tuple[World, list[str]]:
    """Play a seed; what is wrong at its end. `prunes`: what is finished goes at once, and is only remembered."""
    world = World.of(seed, shelf, prunes)
    for _ in range(steps):
        world.step()
    is_quiet = world.heal()
    return world, check(world) if is_quiet else ["there was still something to do after three months", *check(world)]


def main(given: Sequence[str]) -> int:
    """Play seeds from the command line; the first one that fails ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--prune", action="store_true")
    asked = parser.parse_args(given)
    for seed in [asked.seed] if asked.seed is not None else range(asked.seeds):
        world, wrong = play(seed, prunes=asked.prune)
        if wrong:
            print(f"seed {seed} failed; play it again: python -m {__spec__.name if __spec__ else ''} --seed {seed}")
            print("\n".join(wrong))
            return 1
        if seed % 1_000 == 999:
            print(f"{seed + 1:,} seeds are sound", flush=True)
        if asked.seed is not None:
            states = Counter(
                row.state for name in NAMES for row in world.books[name].list_with(CameMessage, "main", {})
            )
            print(f"seed {seed} is sound: {dict(states)}, {world.crashes} crashes")
    print("sound")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
