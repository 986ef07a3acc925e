"""What is worked out for an account is kept a while, and made anew beside whoever looks."""

from __future__ import annotations

import time
from threading import Event

import pytest

from entrepost.api.boards import Boards
from entrepost.base.errors import MisuseError, NotYetError


def test_without_keeping_every_look_is_a_new_one_of_its_account() -> None:
    made: list[str] = []
    boards: Boards[int] = Boards(lambda tenant: made.append(tenant) or len(made), 0)  # type: ignore[func-returns-value]
    assert [boards.get("a"), boards.get("b"), boards.get("a")] == [1, 2, 3]
    assert made == ["a", "b", "a"]


def test_what_is_fresh_is_told_again() -> None:
    made: list[str] = []
    boards: Boards[int] = Boards(lambda tenant: made.append(tenant) or len(made), 60)  # type: ignore[func-returns-value]
    assert [boards.get("a"), boards.get("a")] == [1, 1]


def test_what_is_old_is_told_while_it_is_made_anew() -> None:
    may_go_on, made = Event(), [0]

    def make(_tenant: str) -> int:
        if made[0]:
            may_go_on.wait(5)
        made[0] += 1
        return made[0]

    boards: Boards[int] = Boards(make, 0.01)
    assert boards.get("a") == 1
    time.sleep(0.02)
    assert [boards.get("a"), boards.get("a")] == [1, 1]
    may_go_on.set()
    for _ in range(200):
        if boards.get("a") > 1:
            return
        time.sleep(0.01)
    raise AssertionError(made)


def test_who_looks_first_waits_no_longer_than_they_say() -> None:
    may_go_on = Event()

    def make(tenant: str) -> str:
        may_go_on.wait(5)
        return tenant

    boards: Boards[str] = Boards(make, 60)
    boards.begin("a")
    for _ in range(2):
        with pytest.raises(NotYetError, match="look again"):
            boards.get("a", 0.01)
    may_go_on.set()
    assert boards.get("a", 5) == "a"


def test_what_cannot_be_worked_out_is_told_and_tried_again() -> None:
    made: list[str] = []

    def make(tenant: str) -> str:
        made.append(tenant)
        if len(made) == 1:
            raise MisuseError("not today")
        return tenant

    boards: Boards[str] = Boards(make, 60)
    with pytest.raises(MisuseError, match="not today"):
        boards.get("a")
    assert boards.get("a") == "a"
