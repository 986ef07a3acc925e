"""What operators tell of the same mail is laid side by side: what is missing or disagrees is open, with whom to ask."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.findings import CODES
from entrepost.messages.reconciliation import ReconcileParams, reconcile
from entrepost.messages.reconciling.open import to_findings
from entrepost.messages.reconciling.told import gather
from tests.messages.mail_between import (
    BAGS,
    CONSIGNMENT,
    DISPATCH,
    ITEMS,
    after,
    cardit,
    emsevt,
    itmatt,
    many_dispatches,
    predes,
    resdes,
    resdit,
    whole,
    without,
)

NEXT = "NLHAGIUSJFKAAUN60018"
SURFACE = DISPATCH.replace("AUN", "CUN")


def opened(messages: list[Any], days: float = 20, **params: float) -> list[tuple[str, str, str]]:
    """Code, subject and whom to ask of all that is open so many days after the dispatch was closed."""
    found = reconcile(gather(messages), after(days), ReconcileParams(**params))  # type: ignore[arg-type]
    return found.select("code", "subject", "ask").rows()


def test_nothing_is_open_where_everything_was_told() -> None:
    assert opened(whole()) == []


def test_a_dispatch_that_nobody_answers_is_open_after_the_standard_time() -> None:
    silent = without("Resdes")
    assert opened(silent, days=9.9) == []
    assert opened(silent, days=10.1) == [("dispatch_unanswered", DISPATCH, "USJFKA")]


def test_surface_mail_has_more_time() -> None:
    silent = [*map(itmatt, ITEMS), predes(SURFACE)]
    assert opened(silent, days=44) == []
    assert opened(silent, days=46) == [("dispatch_unanswered", SURFACE, "USJFKA")]


def test_a_receptacle_that_did_not_come_with_the_others_is_open_later_or_at_once_if_that_is_said() -> None:
    quiet = [*without("Resdes"), resdes(BAGS[0])]
    assert opened(quiet, days=9) == []
    assert opened(quiet) == [("receptacle_absent", BAGS[1], "USJFKA")]
    said = [*quiet, resdes(BAGS[1], status="not_found")]
    assert opened(said, days=3) == [("receptacle_absent", BAGS[1], "USJFKA")]


def test_a_receptacle_that_nobody_announced_is_open_at_once() -> None:
    strange, third = f"{NEXT}001000125", f"{DISPATCH}003100301"
    found = reconcile(gather([*whole(), resdes(strange), resdes(third)]), after(3))
    assert found.select("subject", "ask").rows() == [(third, "NLHAGI"), (strange, "NLHAGI")]
    assert found.get_column("message").to_list() == [
        "received at USJFKA; its dispatch was announced without it",
        "received at USJFKA; its dispatch was not announced",
    ]


def test_a_consignment_is_taken_over_within_a_day() -> None:
    silent = without("Resdit")
    assert opened(silent, days=1.1) == []
    assert opened(silent, days=1.3) == [("consignment_not_taken", CONSIGNMENT, "KL")]


def test_what_a_carrier_took_it_delivers() -> None:
    taken = [*without("Resdit"), resdit("received"), resdit("delivered", BAGS[0], days=1)]
    assert opened(taken, days=5) == []
    assert opened(taken, days=6) == [("receptacle_not_delivered", BAGS[1], "KL")]
    assert opened([*taken, resdit("returned", BAGS[1], days=2)], days=6) == []


def test_weights_may_be_off_by_a_hundred_grams_for_each_receptacle() -> None:
    assert opened([*without("Cardit"), cardit(22_500)]) == []
    found = reconcile(gather([*without("Cardit"), cardit(22_501)]), after(3))
    assert found.select("code", "ask", "message").rows() == [
        ("consignment_weight_other", "AMS", "22501 g to the carrier, 22300 g in the dispatches of its 2 receptacles")
    ]


def test_an_item_that_travels_without_data_is_told() -> None:
    assert opened([*without("Itmatt"), itmatt(ITEMS[0])], days=3) == [
        *(("item_without_advance_data", item, "NLHAGI") for item in ITEMS[1:])
    ]


def test_an_item_that_left_is_said_to_arrive() -> None:
    gone = [*without("Emsevt"), emsevt("EMC"), emsevt("EMD", *ITEMS[:2], days=2)]
    assert opened(gone, days=9.9) == []
    assert opened(gone) == [("item_not_arrived", ITEMS[2], "USJFKA")]
    again = [*whole(), emsevt("EMC", ITEMS[0], days=3)]
    assert opened(again, days=20) == [("item_not_arrived", ITEMS[0], "USJFKA")]


def test_serials_between_announced_dispatches_are_missing() -> None:
    late = "NLHAGIUSJFKAAUN60021"
    messages = [*whole(), predes(NEXT), predes(late), resdes(f"{NEXT}001000125", f"{NEXT}002110098")]
    found = reconcile(gather(messages), after(3))
    assert found.select("code", "subject", "message").rows() == [
        ("dispatch_serial_missing", "NLHAGIUSJFKAAUN 2026", "0019 to 0020 missing before 0021")
    ]


def test_a_dispatch_that_was_cancelled_or_told_anew_counts_as_it_was_said_last() -> None:
    assert opened([*map(itmatt, ITEMS), predes(), predes(function="cancel")]) == []
    heavier = [
        *without("Resdes", "Cardit"),
        cardit(23_000),
        predes(function="replace", weights=(13_200, 9_800)),
        resdes(),
    ]
    assert opened(heavier) == []


def test_what_is_open_can_be_told_as_findings() -> None:
    (finding,) = to_findings(reconcile(gather(without("Resdes")), after(20)))
    assert str(finding) == (
        f"{DISPATCH} warning dispatch_unanswered: 2 receptacles, 22300 g; "
        "ask whether it came, and trace it with the carrier where it did not (ask USJFKA)"
    )
    assert finding.code in CODES


def test_what_is_open_is_found_among_a_hundred_thousand_items() -> None:
    told = many_dispatches(1_000, 100)
    found = reconcile(told, after(20)).group_by("code").agg(pl.len()).sort("code").rows()
    assert found == [
        *(("consignment_not_taken", 200), ("consignment_weight_other", 200), ("dispatch_unanswered", 100)),
        *(("item_not_arrived", 1_000), ("item_without_advance_data", 1_000), ("receptacle_not_delivered", 160)),
    ]


def test_nothing_is_open_before_it_was_told() -> None:
    with pytest.raises(MisuseError, match="0 or more"):
        ReconcileParams(air_days=-1)
