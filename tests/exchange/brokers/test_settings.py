"""How brokers are reached is read from the environment, and what is missing there is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.exchange.brokers.settings import read_nats_settings

SOUND = {
    "ENTREPOST_NATS_SERVERS": "tls://nats-1.example.org:4222, tls://nats-2.example.org:4222",
    "ENTREPOST_NATS_AUTHORITY": "authority.pem",
    "ENTREPOST_NATS_CERTIFICATE": "cn101.pem",
    "ENTREPOST_NATS_KEY": "cn101.key",
}


def test_the_environment_names_brokers_and_certificates() -> None:
    read = read_nats_settings(SOUND)
    assert read.servers == ("tls://nats-1.example.org:4222", "tls://nats-2.example.org:4222")
    assert (read.authority, read.certificate, read.key) == (Path("authority.pem"), Path("cn101.pem"), Path("cn101.key"))
    assert (read.copies, read_nats_settings(SOUND | {"ENTREPOST_NATS_COPIES": "1"}).copies) == (3, 1)


@pytest.mark.parametrize("name", list(SOUND))
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(MisuseError, match=f"{name} is not set"):
        read_nats_settings(SOUND | {name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENTREPOST_NATS_SERVERS", "nats://nats-1.example.org"),
        ("ENTREPOST_NATS_SERVERS", " "),
        ("ENTREPOST_NATS_COPIES", "2"),
    ],
)
def test_what_makes_no_sense_is_said(name: str, value: str) -> None:
    with pytest.raises(MisuseError, match=r"no broker|copies|COPIES"):
        read_nats_settings(SOUND | {name: value})
