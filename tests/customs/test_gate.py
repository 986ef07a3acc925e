"""Nothing is loaded that the authorities of the destination have not passed, and what is forbidden stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from entrepost.customs.gate import Gate, Loading, check_closing, check_entry, is_blocked, may_enter
from entrepost.customs.referral import Assessment, Referral, ReferralMessageSeen, assess
from entrepost.mail.receptacle import Receptacle

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TO_FRANKFURT = Loading("DE", "air", NOON + timedelta(hours=2))
ASSESSED, OTHER = "LX000000015CN", "LX000000024CN"


def heard(*messages: str) -> Assessment:
    return assess(ReferralMessageSeen(message, NOON + timedelta(minutes=at)) for at, message in enumerate(messages))


def bag(*item_ids: str) -> Receptacle:
    return Receptacle("CNSHAADEFRAAAUN60001001100120", 12_000, item_ids=item_ids)


@pytest.mark.parametrize(
    ("messages", "answer"),
    [
        ((), Gate.NOT_LODGED),
        (("LODGE",), Gate.NOT_ASSESSED),
        (("LODGE", "REG"), Gate.NOT_ASSESSED),
        (("LODGE", "ERR"), Gate.NOT_LODGED),
        (("LODGE", "RFI"), Gate.INFO_WANTED),
        (("LODGE", "RFI", "ANSWER"), Gate.NOT_ASSESSED),
        (("LODGE", "RFS"), Gate.SCREENING_WANTED),
        (("LODGE", "AC"), Gate.OPEN),
        (("LODGE", "AC", "DNL"), Gate.DO_NOT_LOAD),
    ],
)
def test_an_item_by_air_to_the_european_union_enters_a_bag_only_when_assessed(
    messages: tuple[str, ...], answer: Gate
) -> None:
    assert may_enter(heard(*messages), TO_FRANKFURT) == answer


def test_silence_opens_the_gate_after_the_time_that_was_set_and_not_before() -> None:
    waiting = heard("LODGE")
    assert may_enter(waiting, Loading("DE", "air", NOON + timedelta(minutes=119), 120)) == Gate.NOT_ASSESSED
    assert may_enter(waiting, Loading("DE", "air", NOON + timedelta(minutes=120), 120)) == Gate.OPEN
    assert may_enter(heard("LODGE", "RFI"), Loading("DE", "air", NOON + timedelta(days=9), 120)) == Gate.INFO_WANTED


def test_where_no_regime_has_a_gate_only_what_was_asked_or_forbidden_keeps_an_item_out() -> None:
    by_sea = Loading("AU", "sea", NOON)
    assert may_enter(heard(), by_sea) == Gate.OPEN
    assert may_enter(heard("LODGE", "DNL"), by_sea) == Gate.DO_NOT_LOAD


def test_the_gate_of_a_regime_stands_from_its_day_on() -> None:
    assert may_enter(heard(), Loading("DE", "air", datetime(2021, 3, 14, tzinfo=UTC))) == Gate.OPEN
    assert may_enter(heard(), Loading("DE", "air", datetime(2021, 3, 15, tzinfo=UTC))) == Gate.NOT_LODGED


def test_what_keeps_an_item_out_is_a_finding_that_says_what_to_do() -> None:
    (finding,) = check_entry(OTHER, heard("LODGE", "RFI"), TO_FRANKFURT)
    assert (finding.code, finding.subject, finding.fix) == ("gate_info_wanted", OTHER, "answer the request")
    assert check_entry(OTHER, heard("LODGE", "AC"), TO_FRANKFURT) == []


def test_a_bag_with_an_item_that_must_not_be_loaded_is_not_closed_and_not_handed_over() -> None:
    known = {ASSESSED: heard("LODGE", "AC"), OTHER: heard("LODGE", "AC", "DNL")}
    findings = check_closing(bag(ASSESSED, OTHER), known, TO_FRANKFURT)
    assert [(finding.code, finding.subject) for finding in findings] == [("gate_do_not_load", OTHER)]
    assert is_blocked(bag(ASSESSED, OTHER), known)
    assert not is_blocked(bag(ASSESSED), known)
    assert check_closing(bag(ASSESSED), known, TO_FRANKFURT) == []


def test_the_forbidden_item_is_named_before_those_that_wait() -> None:
    known = {ASSESSED: heard("LODGE"), OTHER: Assessment(Referral.DO_NOT_LOAD)}
    codes = [finding.code for finding in check_closing(bag(ASSESSED, OTHER), known, TO_FRANKFURT)]
    assert codes == ["gate_do_not_load", "gate_not_assessed"]


def test_an_item_of_which_nothing_is_known_blocks_only_where_there_is_a_gate() -> None:
    (finding,) = check_closing(bag(OTHER), {}, TO_FRANKFURT)
    assert (finding.code, finding.level) == ("gate_item_unknown", "error")
    (finding,) = check_closing(bag(OTHER), {}, Loading("AU", "sea", NOON))
    assert finding.level == "warning"
