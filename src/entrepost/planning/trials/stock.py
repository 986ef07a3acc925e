"""Shelves that sell and are filled again: which orders find stock, hour by hour.

An order that finds all of its pieces takes them; otherwise it goes direct and takes nothing. When what lies on a
shelf and what is under way together fall to its reorder point, lots are ordered that come after the lead time of
that day. Reorder points may change on the way, as articles come into the list and leave it. Everything is decided in
the order of time, so the same demand and lead times give the same stock.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
NEVER = 1 << 40
"""An hour that does not come."""


class Demand(NamedTuple):
    """Orders in the order of time: their hours, and their lines, ``shelf[begin[n]:begin[n + 1]]``, with the pieces."""

    hour: Integers
    begin: Integers
    shelf: Integers
    pieces: Integers


class Turns(NamedTuple):
    """New reorder points: those of a shelf are ``[begin[n]:begin[n + 1]]``, by their hours; -1 orders no more."""

    begin: Integers
    hour: Integers
    reorder: Integers


NO_TURNS = Turns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


class Shelves(NamedTuple):
    """At `reorder` pieces, those under way included, lots of `lot` are ordered at the next review.

    `lane` is a row of the lead times; reviews are every `review_hours`, 1 for at once. `turns` change reorder points.
    """

    on_hand: Integers
    reorder: Integers
    lot: Integers
    lane: Integers
    review_hours: int = 1
    turns: Turns = NO_TURNS


class Flow(NamedTuple):
    """Whether each order found its stock; and of each shelf, from the hour counted from, what became of it.

    `asked` and `served` are pieces, `on_hand` the mean pieces on it, `ordered` pieces, `orders` how often; `left` are
    the pieces that lie there, or are under way, at the end, where nothing is to be ordered any more.
    """

    granted: NDArray[np.bool_]
    asked: Integers
    served: Integers
    on_hand: NDArray[np.float64]
    ordered: Integers
    orders: Integers
    left: Integers


def follow_stock(demand: Demand, shelves: Shelves, lead_hours: Integers, span: tuple[int, int, int]) -> Flow:
    """Follow shelves through time.

    Parameters
    ----------
    demand : Demand
        What may be served from stock; hours as those of `span`.
    shelves : Shelves
        At the beginning all of `on_hand` lies there and nothing is under way.
    lead_hours : array (lanes, days)
        From an order placed on a day after the first hour until it lies on the shelf; `NEVER` if it does not come.
    span : tuple of int
        The first hour, the hour from which shelves are counted, the last hour.
    """
    size = shelves.on_hand.size
    counts, held = np.zeros((5, size), np.int64), np.zeros(size)
    if shelves.turns.begin.size <= size:
        shelves = shelves._replace(turns=NO_TURNS._replace(begin=np.zeros(size + 1, np.int64)))
    granted = np.zeros(demand.hour.size, np.bool_)
    _follow(demand, shelves, lead_hours, span, granted, (counts, held))
    hours = max(span[2] - span[1], 1)
    return Flow(granted, counts[0], counts[1], held / hours, counts[2], counts[3], counts[4])


class Supply(NamedTuple):
    """By what shelves are filled."""

    shelves: Shelves
    lead_hours: Integers
    span: tuple[int, int, int]


class State(NamedTuple):
    """Shelves at an hour: what lies there and is under way, when it was last looked at, and chains of deliveries."""

    on_hand: Integers
    coming: Integers
    seen: Integers
    newest: Integers  # the delivery of each shelf that was ordered last; -1: none
    older: Integers  # of each delivery the one that was ordered before it
    placed: Integers
    arrives: Integers
    pieces: Integers
    used: Integers  # one number: how many deliveries there are
    reorder: Integers
    turn: Integers  # of each shelf the next of its turns


@nb.njit(cache=True)
def _follow(
    demand: Demand,
    shelves: Shelves,
    lead_hours: Integers,
    span: tuple[int, int, int],
    granted: NDArray[np.bool_],
    counted: tuple[Integers, NDArray[np.float64]],
) -> None:
    size = shelves.on_hand.size
    most = size + demand.shelf.size + shelves.turns.hour.size
    state = State(
        shelves.on_hand.copy(),
        np.zeros(size, np.int64),
        np.full(size, span[0]),
        np.full(size, -1),
        np.full(most, -1),
        np.zeros(most, np.int64),
        np.zeros(most, np.int64),
        np.zeros(most, np.int64),
        np.zeros(1, np.int64),
        shelves.reorder.copy(),
        shelves.turns.begin[:-1].copy(),
    )
    supply = Supply(shelves, lead_hours, span)
    for shelf in range(size):
        _order(state, supply, shelf, span[0], counted[0])
    for number in range(demand.hour.size):
        hour, first, last = demand.hour[number], demand.begin[number], demand.begin[number + 1]
        found = last > first
        for line in range(first, last):
            shelf = demand.shelf[line]
            _turn(state, supply, shelf, hour, counted)
            _receive(state, shelf, hour, span, counted[1])
            found = found and state.on_hand[shelf] >= demand.pieces[line]
        granted[number] = found
        for line in range(first, last):
            shelf = demand.shelf[line]
            _sell(state, shelf, demand.pieces[line], found, hour >= span[1], counted[0])
            _order(state, supply, shelf, hour, counted[0])
    for shelf in range(size):
        _turn(state, supply, shelf, span[2], counted)
        _receive(state, shelf, span[2], span, counted[1])
        if state.reorder[shelf] < 0:
            counted[0][4, shelf] = state.on_hand[shelf] + state.coming[shelf]


@nb.njit(cache=True)
def _turn(state: State, supply: Supply, shelf: int, hour: int, counted: tuple[Integers, NDArray[np.float64]]) -> None:
    """Bring the reorder point of a shelf up to an hour; what is lacking at a turn is ordered then."""
    turns, span = supply.shelves.turns, supply.span
    while state.turn[shelf] < turns.begin[shelf + 1] and turns.hour[state.turn[shelf]] <= hour:
        at = turns.hour[state.turn[shelf]]
        _receive(state, shelf, at, span, counted[1])
        state.reorder[shelf] = turns.reorder[state.turn[shelf]]
        state.turn[shelf] += 1
        _order(state, supply, shelf, at, counted[0])


@nb.njit(cache=True)
def _sell(state: State, shelf: int, pieces: int, found: bool, counts: bool, counted: Integers) -> None:
    if found:
        state.on_hand[shelf] -= pieces
    if counts:
        counted[0, shelf] += pieces
        counted[1, shelf] += pieces if found else 0


@nb.njit(cache=True)
def _receive(state: State, shelf: int, hour: int, span: tuple[int, int, int], held: NDArray[np.float64]) -> None:
    """Bring a shelf up to an hour: deliveries that have arrived by then lie on it."""
    held[shelf] += state.on_hand[shelf] * _counted(state.seen[shelf], hour, span)
    state.seen[shelf] = hour
    before, delivery = -1, state.newest[shelf]
    while delivery >= 0:
        after = state.older[delivery]
        if state.arrives[delivery] <= hour:
            state.on_hand[shelf] += state.pieces[delivery]
            state.coming[shelf] -= state.pieces[delivery]
            held[shelf] += state.pieces[delivery] * _counted(state.arrives[delivery], hour, span)
            if before < 0:
                state.newest[shelf] = after
            else:
                state.older[before] = after
        else:
            before = delivery
        delivery = after


@nb.njit(cache=True)
def _counted(first: int, last: int, span: tuple[int, int, int]) -> int:
    """The hours from one to another that are counted."""
    return max(min(last, span[2]) - max(first, span[1]), 0)


@nb.njit(cache=True)
def _order(state: State, supply: Supply, shelf: int, hour: int, counted: Integers) -> None:
    """Order as many lots as bring a shelf above its reorder point; what one review asks for comes together."""
    shelves, lead_hours, span = supply
    lacking = state.reorder[shelf] + 1 - state.on_hand[shelf] - state.coming[shelf]
    if lacking <= 0 or shelves.lot[shelf] <= 0:
        return
    pieces = -(-lacking // shelves.lot[shelf]) * shelves.lot[shelf]
    placed = span[0] + -(-(hour - span[0]) // shelves.review_hours) * shelves.review_hours
    delivery = state.newest[shelf]
    is_new = delivery < 0 or state.placed[delivery] != placed
    if is_new:
        delivery = state.used[0]
        state.used[0] += 1
        day = min((placed - span[0]) // 24, lead_hours.shape[1] - 1)
        state.placed[delivery], state.arrives[delivery] = placed, placed + lead_hours[shelves.lane[shelf], day]
        state.older[delivery] = state.newest[shelf]
        state.newest[shelf] = delivery
    state.pieces[delivery] += pieces
    state.coming[shelf] += pieces
    if hour >= span[1]:
        counted[2, shelf] += pieces
        counted[3, shelf] += is_new
