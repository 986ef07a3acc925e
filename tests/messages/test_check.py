"""What a message says is checked where it can be known to be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from entrepost.mail.customs_response import CustomsResponse
from entrepost.mail.referral import ReferralNote
from entrepost.mail.report import CarriageReport, ItemReport
from entrepost.messages.cardit import Cardit
from entrepost.messages.check import CHECKS, check
from entrepost.messages.cusrsp import Cusrsp
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.predes import Predes
from entrepost.messages.profiling.form import list_messages
from entrepost.messages.refitm import Refitm
from entrepost.messages.resdes import Resdes
from tests.mail.bags import CLOSED, PACKET, two_bags, two_flights
from tests.messages.letters import SMALL

LATER = CLOSED + timedelta(hours=2)
WRONG = "LX000000006NL"
ARRIVED = ItemReport(PACKET, "EMD", CLOSED, "USJFKA")
SEEN = CarriageReport("received", CLOSED, "USJFKA", ("NLHAGIUSJFKAAUN60017001000125",))


def events(*reports: ItemReport) -> Emsevt:
    return Emsevt("D1", LATER, reports, office="USJFKA")


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        (events(ARRIVED), []),
        (events(replace(ARRIVED, item_id=WRONG)), ["s10_malformed"]),
        (events(replace(ARRIVED, code="EME")), ["report_reason_missing"]),
        (events(replace(ARRIVED, code="EDB")), []),
        (events(replace(ARRIVED, code="EMH", reason="ABSENT")), ["report_measure_missing"]),
        (events(replace(ARRIVED, time=LATER + timedelta(minutes=1))), ["report_ahead"]),
        (events(replace(ARRIVED, time=LATER - timedelta(hours=25))), ["report_late"]),
        (Predes("D1", two_bags()), []),
        (Predes("D1", replace(two_bags(), weight_g=1)), ["dispatch_weight_differs"]),
        (Cardit("D1", two_flights(), "NLHAGI", "USJFKA"), []),
        (Cardit("D1", replace(two_flights(), legs=()), "NLHAGI", "USJFKA"), ["consignment_legless"]),
        (Resdes("D1", LATER, "USJFKA", "NLHAGIUSJFKAAUN60017", (SEEN,)), []),
        (Resdes("D1", CLOSED - timedelta(hours=1), "USJFKA", "NLHAGIUSJFKAAUN60017", (SEEN,)), ["report_ahead"]),
        (SMALL, []),
        (replace(SMALL, data=replace(SMALL.data, mail_class="C")), ["s10_class_differs"]),
        (Cusrsp((CustomsResponse(WRONG, "ACK", CLOSED),)), ["s10_malformed"]),
        (Refitm((ReferralNote(WRONG, "RFI", CLOSED),)), ["s10_malformed"]),
    ],
)
def test_what_is_said_is_checked(message: Any, codes: list[str]) -> None:
    assert [finding.code for finding in check(message)] == codes


def test_every_message_has_its_check() -> None:
    assert {name.upper() for name in CHECKS} == set(list_messages())
