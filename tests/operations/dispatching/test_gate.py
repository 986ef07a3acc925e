"""What was told of items adds up to whether they may be loaded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from entrepost.customs.gate import Gate, Loading
from entrepost.customs.referral import Referral
from entrepost.operations.dispatch_records import KeptReferral
from entrepost.operations.dispatching.gate import (
    add_referrals,
    assess_items,
    find_forbidden,
    find_kept_out,
    say_kept_out,
)
from tests.operations.dispatching.station import NOON, assess, station
from tests.operations.shop import LAMP_NO, MUG_NO

FLOWN, SHIPPED = Loading("DE", "air", NOON), Loading("DE", "sea", NOON)


def test_a_message_counts_once_and_the_last_word_holds(tmp_path: Path) -> None:
    store = station(tmp_path, assessed=False)
    note = (LAMP_NO, "LODGE", NOON)
    add_referrals(store, "main", [note, note])
    add_referrals(store, "main", [note, (LAMP_NO, "RFI", NOON + timedelta(minutes=1))])
    assert len(store.records.list_of(KeptReferral, "main")) == 2
    assert {name: each.referral for name, each in assess_items(store, "main", [LAMP_NO, MUG_NO]).items()} == {
        LAMP_NO: Referral.INFO_WANTED
    }


def test_by_air_silence_keeps_out_and_by_sea_only_an_objection_does(tmp_path: Path) -> None:
    store = station(tmp_path, assessed=False)
    assess(store, LAMP_NO, answer="DNL")
    both = [LAMP_NO, MUG_NO]
    assert find_kept_out(store, "main", both, FLOWN) == {LAMP_NO: Gate.DO_NOT_LOAD, MUG_NO: Gate.NOT_LODGED}
    assert find_kept_out(store, "main", both, SHIPPED) == {LAMP_NO: Gate.DO_NOT_LOAD}
    assert find_forbidden(store, "main", both) == [LAMP_NO]
    assert say_kept_out(LAMP_NO, Gate.DO_NOT_LOAD).code == "gate_do_not_load"


def test_another_account_knows_nothing_of_it(tmp_path: Path) -> None:
    assert assess_items(station(tmp_path), "other", [LAMP_NO]) == {}
