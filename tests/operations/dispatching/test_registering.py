"""Each message about receptacles is registered by its kind, and no other is."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.referral import ReferralNote
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.refitm import Refitm
from tests.operations.dispatching.others import told
from tests.operations.dispatching.station import NOON, bag, put, station
from tests.operations.shop import LAMP_NO


def test_a_referral_closes_the_gate(tmp_path: Path) -> None:
    store = station(tmp_path)
    told(store, Refitm((ReferralNote(LAMP_NO, "RFS", NOON),)))
    bag(store)
    assert [each.code for each in put(store, LAMP_NO).findings] == ["gate_screening_wanted"]


def test_a_message_about_something_else_is_not_registered(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="PREDES"):
        told(station(tmp_path), Emsevt("e1", NOON, ()))
