from __future__ import annotations

import asyncio
import os
import sys
from threading import current_thread, get_native_id

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
