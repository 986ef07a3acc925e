"""Messages: how the exchange stands, one message with its faults, its replay, and what is open between operators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from entrepost.messages.showing import HIDDEN
from entrepost.operations.exchange_records import SentMessage
from entrepost.operations.message_desk import name_message
from tests.operations.dispatching.others import announced, told
from tests.operations.exchanged import JOE, exchange
from tests.operations.shop import LAMP_NO
from tests.web.inside import CARL, OTHER, VERA, Tower, tower_in


@pytest.fixture(scope="module")
def exchanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tower]:
    """A tower whose account has exchanged messages; the names of those that came stand under their types."""
    with tower_in(tmp_path_factory.mktemp("exchanging")) as made:
        rows = exchange(made.store)
        made.numbers |= {row.message: name_message("in", row.entry) for row in rows.values()}
        yield made


def test_alarms_stand_on_top_and_each_partner_is_counted(exchanging: Tower) -> None:
    html = exchanging.enter(VERA).look("/messages")
    assert html.index("nothing came for 31 hours") < html.index("By partner")
    assert "United States Postal Service" in html
    assert '<a href="/messages?view=refused&amp;partner=NLA">1</a>' in html
    assert "What is stuck" in html


def test_what_is_stuck_refused_in_and_out_is_listed_by_partner(exchanging: Tower) -> None:
    vera = exchanging.enter(VERA)
    assert "waits" in vera.look("/messages")
    refused = vera.look("/messages?view=refused")
    assert exchanging.numbers["PREDES"] in refused
    assert "A dispatch weighs other than its receptacles together." in refused
    assert exchanging.numbers["EMSEVT"] in vera.look("/messages?view=in&partner=NLA")
    assert "No message came." in vera.look("/messages?view=in&partner=USA")
    assert "awaits a receipt" in vera.look("/messages?view=out")
    assert "What is stuck" in vera.look("/messages?view=nonsense&before=nonsense")


def test_one_message_is_shown_as_tree_raw_and_canonical_with_its_faults_at_their_segment(exchanging: Tower) -> None:
    html = exchanging.enter(CARL).look(f"/messages/{exchanging.numbers['PREDES']}")
    assert '<li id="line-' in html
    assert "marked" in html
    assert "dispatch_weight_differs" in html
    assert "<dt>receptacle id</dt>" in html
    assert "&#34;message&#34;: &#34;PREDES&#34;" in html
    assert "Replay it as it came" in html


def test_who_only_looks_sees_no_names_and_no_forms(exchanging: Tower) -> None:
    vera, carl = exchanging.enter(VERA), exchanging.enter(CARL)
    for message, word in (("EMSEVT", JOE), ("ITMATT", "350 Fictional Ave")):
        path = f"/messages/{exchanging.numbers[message]}"
        assert word in carl.look(path)
        hidden = vera.look(path)
        assert word not in hidden
        assert HIDDEN in hidden
    path = f"/messages/{exchanging.numbers['PREDES']}"
    assert "Replay it" not in vera.look(path)
    assert vera.send(path, do="replay").status_code == 403


def test_a_refused_message_is_corrected_and_replayed_by_a_clerk_alone(exchanging: Tower) -> None:
    carl, path = exchanging.enter(CARL), f"/messages/{exchanging.numbers['PREDES']}"
    assert carl.send(path, do="mend", mended="hello").status_code == 422
    assert carl.send(path, csrf="stolen", do="replay").status_code == 403
    answer = carl.send(path, do="replay")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "Replayed" in carl.look(path)
    sent = name_message("out", exchanging.store.exchange.list_with(SentMessage, "main", {})[0].entry)
    assert "Apply it once more" not in carl.look(f"/messages/{sent}")


def test_another_account_sees_none_of_them(exchanging: Tower) -> None:
    otto = exchanging.enter(OTHER, "other")
    assert "No partner yet" in otto.look("/messages")
    otto.look(f"/messages/{exchanging.numbers['PREDES']}", status=404)
    assert otto.send(f"/messages/{exchanging.numbers['PREDES']}", do="replay").status_code == 404
    otto.look("/messages/nonsense", status=404)


def test_what_is_open_between_operators_is_listed_with_whom_to_ask(exchanging: Tower) -> None:
    assert "Nothing is open" in exchanging.enter(OTHER, "other").look("/messages/open")
    told(exchanging.store, announced(7, closed_at=exchanging.store.clock.now() - timedelta(days=12)))
    html = exchanging.enter(VERA).look("/messages/open")
    assert "Dispatches that nobody answers" in html
    assert '<span class="code">DEFRAA</span>' in html
    assert f'<a href="/items/{LAMP_NO}" class="code">' in html
