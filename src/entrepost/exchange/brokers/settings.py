"""Where the brokers are, by what we prove who we are, and how long is waited for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from entrepost.base.errors import MisuseError

NAMES = ("ENTREPOST_NATS_SERVERS", "ENTREPOST_NATS_AUTHORITY", "ENTREPOST_NATS_CERTIFICATE", "ENTREPOST_NATS_KEY")


@dataclass(frozen=True, slots=True)
class NatsSettings:
    """What reaches the brokers. The defaults of numbers are *assumed*.

    Attributes
    ----------
    servers : tuple of str
        ``tls://HOST:PORT`` of each broker.
    authority, certificate, key : Path
        Whom to trust, and by what we prove who we are: files in PEM.
    copies : int
        On how many brokers our inbox lies.
    inbox_bytes_most : int
        What may wait for us there.
    double_seconds : float
        For so long a broker leaves out what was sent before; the inbox of the store does for ever.
    again_seconds : float
        What was handed over and not acknowledged comes again after so long.
    patience_seconds : float
        So long is waited for an answer.
    pause_seconds, pause_seconds_most : float
        After a failure the brokers are left alone for so long, twice as long after each further one.
    bytes_abreast : int
        So much is on its way at once.
    """

    servers: tuple[str, ...]
    authority: Path
    certificate: Path
    key: Path
    copies: int = 3
    inbox_bytes_most: int = 4 << 30
    double_seconds: float = 120
    again_seconds: float = 60
    patience_seconds: float = 5
    pause_seconds: float = 0.25
    pause_seconds_most: float = 30
    bytes_abreast: int = 8 << 20

    def __post_init__(self) -> None:
        for server in self.servers:
            parts = urlsplit(server)
            if parts.scheme != "tls" or not parts.hostname or parts.path.strip("/"):
                raise MisuseError(f"{server!r} is no broker; write it as tls://nats-1.example.org:4222")
        if not self.servers:
            raise MisuseError("no broker is named; give at least one, as tls://nats-1.example.org:4222")
        if self.copies not in (1, 3, 5):
            raise MisuseError(f"{self.copies} copies of an inbox; give 1, 3 or 5")


def read_nats_settings(environment: Mapping[str, str]) -> NatsSettings:
    """The settings from environment variables.

    Raises
    ------
    MisuseError
        When one is missing or makes no sense.
    """
    for name in NAMES:
        if not environment.get(name):
            raise MisuseError(f"{name} is not set: the way over brokers needs {', '.join(NAMES)}")
    servers, *files = (environment[name] for name in NAMES)
    copies = environment.get("ENTREPOST_NATS_COPIES") or "3"
    if copies not in ("1", "3", "5"):
        raise MisuseError(f"ENTREPOST_NATS_COPIES is {copies!r}; give 1, 3 or 5")
    authority, certificate, key = (Path(file) for file in files)
    return NatsSettings(tuple(servers.replace(",", " ").split()), authority, certificate, key, int(copies))
