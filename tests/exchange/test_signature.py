"""A signature is that of Standard Webhooks: over name, second and bytes, by the key of one partner and direction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from entrepost.base.errors import UnknownCallerError
from entrepost.exchange.signature import check_time, sign, verify
from entrepost.operations.exchanging.transport import INTERCHANGE, RECEIPT, Transmission
from entrepost.operations.partner_key_store import PartnerKey
from entrepost.operations.partner_keys import signing_secret

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
KEY = PartnerKey("main", "0a", "in", "US101", "CN101", "epx.bWFpbg.0a", "s3cret" * 8, "anna", NOW)
SENT = Transmission("CN101_US101_00000001", "CN101", "US101", INTERCHANGE, b"UNB+UNOW:4")


def test_it_is_what_others_make_of_the_same_secret() -> None:
    headers = sign(KEY, SENT, NOW)
    assert headers["webhook-signature"] == Webhook(signing_secret(KEY)).sign(headers["webhook-id"], NOW, "UNB+UNOW:4")
    assert headers["entrepost-key"] == KEY.sent_name


@pytest.mark.parametrize("body", [b"", b"\x00\xff.\xfe", b"UNB" * 1000])
def test_what_was_signed_is_what_was_sent_and_the_key_says_who_sent_it(body: bytes) -> None:
    for kind in (INTERCHANGE, RECEIPT):
        sent = replace(SENT, kind=kind, body=body)
        assert verify(KEY, sign(KEY, sent, NOW), body) == sent


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "receipt:CN101_US101_00000001"},
        {"webhook-id": "interchange:CN101_US101_00000002"},
        {"webhook-id": "letter:1"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,not base64"},
        {"webhook-signature": "v2,AAAA"},
    ],
)
def test_nothing_of_it_can_be_changed(changed: dict[str, str]) -> None:
    with pytest.raises(UnknownCallerError):
        verify(KEY, sign(KEY, SENT, NOW) | changed, SENT.body)


def test_another_body_or_key_does_not_fit() -> None:
    headers = sign(KEY, SENT, NOW)
    for key, body in ((KEY, SENT.body + b" "), (replace(KEY, secret="another" * 7), SENT.body)):
        with pytest.raises(UnknownCallerError):
            verify(key, headers, body)


def test_one_of_several_signatures_is_enough() -> None:
    headers = sign(KEY, SENT, NOW)
    both = headers | {"webhook-signature": f"v1,AAAA {headers['webhook-signature']}"}
    assert verify(KEY, both, SENT.body) == SENT


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_what_was_signed_within_five_minutes_is_fresh(seconds: int) -> None:
    check_time(sign(KEY, SENT, NOW), NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_what_was_signed_at_another_time_is_a_replay(seconds: int) -> None:
    with pytest.raises(UnknownCallerError, match=r"signed 301 s"):
        check_time(sign(KEY, SENT, NOW), NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("told", ["", "soon", "-1", "9" * 13, "١٢"])
def test_what_is_no_second_is_none(told: str) -> None:
    with pytest.raises(UnknownCallerError):
        check_time(sign(KEY, SENT, NOW) | {"webhook-timestamp": told}, NOW)
