from __future__ import annotations

import asyncio
import os
import sys
from threading import Event, current_thread, get_native_id

import pytest

from entrepost.api.behind import NICE, Behind
from entrepost.operations.acting import acting_for, find_account


def test_what_is_done_behind_is_done_by_another_thread_for_the_account_of_the_request() -> None:
    with acting_for("ours"):
        told = asyncio.run(Behind(1).do(lambda: (find_account(), current_thread().name)))
    assert told[0] == "ours"
    assert told[1] != current_thread().name


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no place of their own elsewhere")
def test_it_lets_other_threads_go_first() -> None:
    nice = asyncio.run(Behind(1).do(lambda: os.getpriority(os.PRIO_PROCESS, get_native_id())))
    assert nice >= min(NICE, 19)


def test_what_goes_wrong_there_is_told_here() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Behind(1).do(lambda: 1 // 0))


def test_what_no_thread_was_free_for_in_time_is_left_out() -> None:
    begun, over = Event(), Event()

    def hold() -> bool:
        begun.set()
        return over.wait(60)

    async def ask() -> tuple[bool | None, str | None]:
        behind = Behind(1, late_seconds=0.05)
        first = asyncio.create_task(behind.do(hold))
        await asyncio.to_thread(begun.wait, 60)
        second = asyncio.create_task(behind.do(lambda: "late"))
        await asyncio.sleep(0.1)
        over.set()
        return await first, await second

    assert asyncio.run(ask()) == (True, None)
