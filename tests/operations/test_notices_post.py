"""A notice is marked before it is handed over: never twice, and what nobody can know is shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.notices import plan_notices
from entrepost.operations.notices_post import Answer, Posted, SendParams, list_open, send_notices, settle_notice
from entrepost.operations.store import Store
from tests.operations.post import ANNA, BO, Pigeon, after, contacts, expected, with_contacts
from tests.operations.shop import LAMP_NO, MUG_NO, two_items

LATER = Answer("deferred", "451 4.7.1")
NEVER = Answer("refused", "550 5.1.1")
AWAY = Answer("deferred", "the mail server cannot be reached: Connection refused", closed=True)
SILENT = Answer("uncertain", "the mail server went away without an answer", closed=True)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two items whose first range is queued for Anna and Bo."""
    store = with_contacts(two_items(tmp_path))
    plan_notices(store, pl.concat([expected(2, 5), expected(3, 6, item_id=MUG_NO)]))
    return store


@pytest.fixture
def one(store: Store) -> Store:
    """The same, but only Anna is there."""
    store.remove_contacts(store.find_contacts().tail(1))
    return store


def states(store: Store) -> list[str]:
    return store.list_notices().sort("item_no").get_column("state").to_list()


def at(store: Store, days: float) -> Store:
    store.clock.instant = after(days)  # type: ignore[attr-defined]
    return store


def findings(store: Store) -> list[str]:
    return store.list_findings().get_column("code").to_list()


def test_each_gets_his_notice_in_his_language_once(store: Store) -> None:
    pigeon = Pigeon()
    assert send_notices(store, pigeon) == Posted(sent=2)
    assert sorted((address, letter.language) for address, letter in pigeon.taken) == [(ANNA, "en"), (BO, "zh")]
    assert send_notices(store, pigeon) == Posted()
    assert (states(store), len(pigeon.taken)) == (["sent", "sent"], 2)


def test_it_is_marked_in_the_store_before_it_is_handed_over(store: Store) -> None:
    seen: list[list[str]] = []
    send_notices(store, Pigeon(on_send=lambda letter: seen.append(sorted(states(store)))))
    assert seen == [["queued", "sending"], ["sending", "sent"]]


def test_a_failure_that_may_pass_is_tried_again_after_growing_pauses(one: Store) -> None:
    pigeon, days, pauses = Pigeon(*[LATER] * 7), 0.0, []
    for _ in range(7):
        send_notices(at(one, days), pigeon)
        row = one.list_notices(state="queued").row(0, named=True)
        assert send_notices(one, pigeon) == Posted()
        pauses.append(round((row["due_at"] - after(days)) / timedelta(minutes=1)))
        days += pauses[-1] / 1440
    assert pauses == [5, 15, 45, 135, 405, 1215, 1440]
    assert send_notices(at(one, days), pigeon) == Posted(sent=1)
    assert (len(pigeon.taken), pigeon.tried) == (1, 8)


def test_after_so_many_attempts_it_is_dead_with_a_finding(one: Store) -> None:
    pigeon, params = Pigeon(LATER, LATER), SendParams(attempts_max=2)
    assert send_notices(one, pigeon, params) == Posted(deferred=1, dropped=1)
    assert send_notices(at(one, 1), pigeon, params) == Posted(dead=1)
    assert findings(one) == ["notice_given_up"]
    assert send_notices(at(one, 3), pigeon, params) == Posted()
    assert list_open(one).select("state", "answer").rows() == [("dead", "451 4.7.1")]


def test_a_refusal_for_good_is_dead_at_once_and_the_others_go_out(store: Store) -> None:
    pigeon = Pigeon(NEVER)
    assert send_notices(store, pigeon) == Posted(sent=1, dead=1)
    found = store.list_findings().row(0, named=True)
    assert (found["code"], found["field"]) == ("notice_refused", "first")
    assert "@" not in "".join(str(each) for each in found.values())


def test_news_that_was_refused_for_good_is_not_queued_again(one: Store) -> None:
    send_notices(one, Pigeon(Answer("refused", "550 5.7.1 by the server's own rules")))
    assert plan_notices(one, expected(2, 5)).queued == 0
    assert plan_notices(one, expected(2, 8)).queued == 1


def test_an_address_that_was_refused_for_good_gets_nothing_more(one: Store) -> None:
    send_notices(one, Pigeon(NEVER))
    assert plan_notices(one, expected(2, 8)).queued == 0
    settle_notice(one, str(one.list_notices().item(0, "notice")), sent=False)
    assert send_notices(one, Pigeon()).sent == 1


def test_a_server_that_is_away_ends_the_run_and_costs_one_attempt(store: Store) -> None:
    pigeon = Pigeon(AWAY)
    done = send_notices(store, pigeon)
    assert (done.deferred, done.sent, done.stopped) == (1, 0, AWAY.said)
    assert pigeon.tried == 1
    assert send_notices(at(store, 0.1), pigeon) == Posted(sent=2)


def test_silence_after_the_last_byte_is_uncertain_and_never_sent_again(one: Store) -> None:
    pigeon = Pigeon(SILENT)
    assert send_notices(one, pigeon).uncertain == 1
    assert send_notices(at(one, 2), pigeon).sent == 0
    assert plan_notices(one, expected(2, 5)).queued == 0
    assert (pigeon.tried, findings(one)) == (1, ["notice_uncertain"])


def test_what_a_dead_sender_left_is_uncertain_after_its_lease(one: Store) -> None:
    def dies(letter: object) -> None:
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        send_notices(one, Pigeon(on_send=dies))
    pigeon = Pigeon()
    assert send_notices(at(one, 0.01), pigeon) == Posted(dropped=1)
    assert plan_notices(one, expected(2, 9)).queued == 0, "what is being sent is waited for"
    assert send_notices(at(one, 0.02), pigeon) == Posted(uncertain=1)
    assert (pigeon.tried, findings(one)) == (0, ["notice_uncertain"])


def test_a_slow_sender_that_was_taken_for_dead_may_still_say_that_it_sent(one: Store) -> None:
    slow = Pigeon(on_send=lambda letter: send_notices(at(one, 1), Pigeon()))
    send_notices(one, slow)
    assert one.list_notices(state="sent").height == 1


def test_a_slow_sender_does_not_touch_what_another_one_has_taken_since(one: Store) -> None:
    def meanwhile(letter: object) -> None:
        send_notices(at(one, 1), Pigeon())
        settle_notice(one, list_open(one).item(0, "notice"), sent=False)
        send_notices(one, Pigeon())

    send_notices(one, Pigeon(LATER, on_send=meanwhile))
    assert states(one)[0] == "sent"


def test_a_person_decides_what_is_uncertain(one: Store) -> None:
    send_notices(one, Pigeon(SILENT))
    name = list_open(one).item(0, "notice")
    settle_notice(one, name, sent=True)
    assert (list_open(one).height, states(one)[0]) == (0, "sent")
    with pytest.raises(MisuseError, match="is sent"):
        settle_notice(one, name, sent=False)
    with pytest.raises(MissingRowError, match="no notice n0"):
        settle_notice(one, "n0", sent=True)


def test_what_is_to_be_sent_again_is_sent_once_more(one: Store) -> None:
    send_notices(one, Pigeon(SILENT))
    settle_notice(one, list_open(one).item(0, "notice"), sent=False)
    pigeon = Pigeon()
    assert send_notices(one, pigeon).sent == 1
    assert pigeon.taken[0][0] == ANNA


def test_nothing_is_sent_to_a_contact_that_was_withdrawn(store: Store) -> None:
    store.remove_contacts(store.find_contacts())
    pigeon = Pigeon()
    assert send_notices(store, pigeon) == Posted(dropped=2)
    assert (pigeon.tried, states(store)) == (0, ["dropped", "dropped"])


def test_a_correction_of_the_address_holds_for_what_is_queued(one: Store) -> None:
    from entrepost.operations.contacts import add_contacts

    add_contacts(one, contacts(("o1", "new@example.org", "fr", "Europe/Paris")))
    pigeon = Pigeon()
    send_notices(one, pigeon)
    assert [(address, letter.language) for address, letter in pigeon.taken] == [("new@example.org", "fr")]


def test_a_day_that_is_over_is_not_told_any_more(one: Store) -> None:
    pigeon = Pigeon()
    assert send_notices(at(one, 6), pigeon) == Posted(dropped=2)
    assert pigeon.tried == 0


def test_pauses_that_make_no_sense_are_refused() -> None:
    with pytest.raises(MisuseError, match="at least 1"):
        SendParams(attempts_max=0)


def test_the_letter_names_the_item(one: Store) -> None:
    pigeon = Pigeon()
    send_notices(one, pigeon)
    assert LAMP_NO in pigeon.taken[0][1].text
