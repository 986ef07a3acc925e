from __future__ import annotations

import asyncio

import pytest

from entrepost.api.turns import Turns
from entrepost.base.errors import NotYetError


def test_so_many_have_a_turn_at_once_and_the_others_after_them() -> None:
    seen: list[int] = []

    async def work(turns: Turns, busy: list[int]) -> None:
        async with turns.take():
            busy.append(1)
            seen.append(len(busy))
            await asyncio.sleep(0)
            busy.pop()

    async def all_of_them() -> None:
        turns, busy = Turns(2), list[int]()
        await asyncio.gather(*(work(turns, busy) for _ in range(7)))

    asyncio.run(all_of_them())
    assert len(seen) == 7
    assert max(seen) == 2


def test_who_waits_too_long_is_told_to_come_again_and_the_turn_is_given_to_the_next() -> None:
    async def ask() -> None:
        turns = Turns(1, patience_seconds=0.01)
        async with turns.take():
            with pytest.raises(NotYetError, match="ask again"):
                async with turns.take():
                    raise AssertionError("there was no turn to have")
        async with turns.take():
            pass

    asyncio.run(ask())


def test_a_turn_ends_with_what_goes_wrong_in_it() -> None:
    async def ask() -> None:
        turns = Turns(1, patience_seconds=0.01)
        with pytest.raises(ZeroDivisionError):
            async with turns.take():
                _ = 1 // 0
        async with turns.take():
            pass

    asyncio.run(ask())
