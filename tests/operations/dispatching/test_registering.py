"""Each message about receptacles is registered by its kind, and no other is."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.referral import ReferralNote
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.refitm import Refitm
from entrepost.messages.rescon import Rescon
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.operations.dispatching.registering import Claim, claim_of
from tests.operations.dispatching.others import SOON, announced, told
from tests.operations.dispatching.station import NOON, bag, put, station
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given
from tests.operations.shop import LAMP_NO


def test_a_referral_closes_the_gate(tmp_path: Path) -> None:
    store = station(tmp_path)
    told(store, Refitm((ReferralNote(LAMP_NO, "RFS", NOON),)))
    bag(store)
    assert [each.code for each in put(store, LAMP_NO).findings] == ["gate_screening_wanted"]


def test_a_message_about_something_else_is_not_registered(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="PREDES"):
        told(station(tmp_path), Emsevt("e1", NOON, ()))


def test_a_message_speaks_for_an_office_or_for_a_carrier(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    carrier = given(store).consignments[0].legs[0].carrier
    claims = [
        claim_of(store, "main", message)
        for message in (
            announced(),
            Resdes("r", SOON, "DEFRAA", DISPATCH, ()),
            Rescon("c", SOON, "CNA000000001", ()),
            Resdit("d", SOON, "CNA000000001", ()),
            Resdit("d", SOON, "CNA000000002", ()),
        )
    ]
    assert claims == [Claim("CNSHAA"), Claim("DEFRAA"), Claim("DEFRAA"), Claim(carriers=(carrier,)), Claim()]
