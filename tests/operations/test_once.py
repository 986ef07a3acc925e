"""Requests with a key of idempotency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.base.errors import ChangedRequestError, MisuseError
from entrepost.operations.once import Given, Request, answer_once, forget_old
from entrepost.operations.records import KeptAnswer
from tests.operations.office import wait
from tests.operations.shop import store_in

ASKED = Request("main", "k1", "POST /v1/orders?", b"{}")


def counting() -> tuple[Callable[[], Given], list[int]]:
    """An effect, and how often it was had."""
    done: list[int] = []

    def effect() -> Given:
        done.append(1)
        return Given(201, f"answer {len(done)}")

    return effect, done


def test_the_same_request_has_one_effect_and_one_answer(tmp_path: Path) -> None:
    store, (effect, done) = store_in(tmp_path), counting()
    assert answer_once(store, ASKED, effect) == Given(201, "answer 1")
    assert answer_once(store, ASKED, effect) == Given(201, "answer 1", again=True)
    assert len(done) == 1


@pytest.mark.parametrize("changed", [{"body": b"{} "}, {"what": "POST /v1/events?"}])
def test_the_same_key_with_another_request_is_refused(changed: dict[str, object], tmp_path: Path) -> None:
    store, (effect, done) = store_in(tmp_path), counting()
    answer_once(store, ASKED, effect)
    with pytest.raises(ChangedRequestError):
        answer_once(store, replace(ASKED, **changed), effect)  # type: ignore[arg-type]
    assert len(done) == 1


def test_without_a_key_and_for_another_account_it_is_another_request(tmp_path: Path) -> None:
    store, (effect, done) = store_in(tmp_path), counting()
    for tenant, key in (("main", ""), ("main", ""), ("main", "k1"), ("other", "k1")):
        answer_once(store, replace(ASKED, tenant=tenant, key=key), effect)
    assert len(done) == 4


def test_an_effect_that_fails_leaves_no_answer(tmp_path: Path) -> None:
    store, (effect, done) = store_in(tmp_path), counting()

    def fail() -> Given:
        raise MisuseError("no")

    with pytest.raises(MisuseError):
        answer_once(store, ASKED, fail)
    assert answer_once(store, ASKED, effect).again is False
    assert len(done) == 1


def test_after_72_hours_it_is_a_new_request(tmp_path: Path) -> None:
    store, (effect, _) = store_in(tmp_path), counting()
    answer_once(store, ASKED, effect)
    wait(store, hours=71.99)
    forget_old(store)
    assert answer_once(store, ASKED, effect).again
    wait(store, hours=72)
    assert answer_once(store, ASKED, effect) == Given(201, "answer 2")
    wait(store, hours=145)
    forget_old(store)
    assert store.records.list_of(KeptAnswer) == []


def test_a_key_that_is_too_long_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="200"):
        answer_once(store_in(tmp_path), replace(ASKED, key="k" * 201), counting()[0])
