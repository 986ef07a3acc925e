"""For whom a store is asked: for all unless an account is named, in a request for nobody until it is known who asks."""

from __future__ import annotations

from contextvars import copy_context
from threading import Thread

from entrepost.operations.acting import act_for, acting_for, begin_request, find_account, for_all_accounts


def test_a_command_acts_for_all_accounts_and_within_one_for_that() -> None:
    assert find_account() is None
    with acting_for("main"):
        assert find_account() == "main"
        with for_all_accounts():
            assert find_account() is None
        assert find_account() == "main"
    assert find_account() is None


def test_outside_of_a_request_nothing_is_said_for_whom() -> None:
    act_for("main")
    assert find_account() is None


def test_a_request_acts_for_nobody_until_any_of_its_threads_says_for_whom() -> None:
    def request() -> list[str | None]:
        begin_request()
        seen = [find_account()]
        context = copy_context()
        thread = Thread(target=context.run, args=(act_for, "main"))
        thread.start()
        thread.join()
        return [*seen, find_account()]

    assert copy_context().run(request) == ["", "main"]
    assert find_account() is None
