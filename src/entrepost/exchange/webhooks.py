"""Webhooks go out by HTTP/1.1: to an address that was looked up once, with a limit on everything that comes back.

The connection is made to the very address that was judged, so a name that points elsewhere a moment later changes
nothing. Redirects are answers, not followed; no proxy of the environment is asked; the body of an answer is not read.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from entrepost.base.errors import MisuseError
from entrepost.exchange.addresses import Address, Network, Resolver, check_host, find_addresses, read_networks, resolve
from entrepost.operations.webhooks_send import Reply

STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
RETRY_AFTER = re.compile(rb"(?im)^retry-after:[ \t]*([0-9]{1,9})[ \t]*\r?$")
HEADER_END = re.compile(rb"\r?\n\r?\n")
USUAL_PORTS = {"https": 443, "http": 80}
FREE_PORTS_FROM = 1024
"""Ports below belong to other services, but for the usual ones: nobody is made to talk to a mail server."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """What may be reached, and the limits. The defaults are *assumed*.

    Attributes
    ----------
    http : bool
        Whether a URL may be http; otherwise only https.
    networks : tuple
        Networks of the house that may be reached besides the public internet.
    timeout_seconds : float
        An attempt takes no longer from the first look-up to the answer's header.
    header_bytes : int
        No header is longer.
    context : SSLContext, optional
        Whom to trust; the system's authorities otherwise.
    """

    http: bool = False
    networks: tuple[Network, ...] = ()
    timeout_seconds: float = 15
    header_bytes: int = 16_384
    context: ssl.SSLContext | None = field(default=None, repr=False)


def read_webhook_settings(environment: Mapping[str, str]) -> WebhookSettings:
    """The settings from environment variables.

    Raises
    ------
    MisuseError
        When one makes no sense.
    """
    http = environment.get("ENTREPOST_WEBHOOK_HTTP") or "no"
    if http not in ("yes", "no"):
        raise MisuseError(f"ENTREPOST_WEBHOOK_HTTP is {http!r}; give yes or no")
    try:
        networks = read_networks(environment.get("ENTREPOST_WEBHOOK_NETWORKS") or "")
    except ValueError as error:
        raise MisuseError(f"ENTREPOST_WEBHOOK_NETWORKS: {error}; write networks as 10.1.0.0/16") from None
    return WebhookSettings(http=http == "yes", networks=networks)


class HttpSender:
    """A `Sender` over sockets; each message has a connection of its own.

    `resolver` tells the addresses of a name; the system's otherwise.
    """

    def __init__(self, settings: WebhookSettings | None = None, resolver: Resolver = resolve) -> None:
        self.settings = settings or WebhookSettings()
        self._resolver = resolver
        self._context = self.settings.context or ssl.create_default_context()

    def send(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Post a body; the answer's status, or in words why there is none."""
        deadline = time.monotonic() + self.settings.timeout_seconds
        try:
            request, secure, host, port = self._prepare(url, headers, body)
            addresses = find_addresses(host, port, self._resolver, self.settings.networks)
            with self._connect(addresses, port, host if secure else "", deadline) as connection:
                connection.settimeout(_left(deadline))
                with suppress(BrokenPipeError, ConnectionResetError):  # who has heard enough may have answered
                    connection.sendall(request)
                return self._hear(connection, deadline)
        except PermissionError as error:
            return Reply(None, str(error))
        except TimeoutError:
            return Reply(None, f"no answer within {self.settings.timeout_seconds:g} s")
        except ssl.SSLError as error:
            return Reply(None, f"TLS failed: {error.reason or type(error).__name__}")
        except socket.gaierror:
            return Reply(None, "the name has no address")
        except OSError as error:
            return Reply(None, error.strerror or str(error) or type(error).__name__)
        except ValueError:
            return Reply(None, "the URL cannot be read")

    def check(self, url: str) -> str:
        """Why a URL will not be sent to, as far as that can be told without a look-up; nothing where it may be."""
        try:
            _, host, _ = self._place(url)
            check_host(host, self.settings.networks)
        except PermissionError as error:
            return str(error)
        except ValueError:
            return "the URL cannot be read"
        return ""

    def _place(self, url: str) -> tuple[bool, str, int]:
        """Whether a URL is reached by TLS, its host and its port; raises PermissionError where it is not sent to."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        if "@" in parts.netloc:
            raise PermissionError("a URL with a user is not sent to")
        if not secure and not (parts.scheme == "http" and self.settings.http):
            raise PermissionError("only https is allowed")
        port = parts.port or USUAL_PORTS[parts.scheme]
        if port < FREE_PORTS_FROM and port not in USUAL_PORTS.values():
            raise PermissionError(f"port {port} belongs to another service")
        return secure, parts.hostname or "", port

    def _prepare(self, url: str, headers: dict[str, str], body: bytes) -> tuple[bytes, bool, str, int]:
        """The request as it goes over the wire, whether by TLS, the host, and its port."""
        parts = urlsplit(url)
        secure, host, port = self._place(url)
        named = f"[{host}]" if ":" in host else host
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        own = {
            "host": named if port == USUAL_PORTS[parts.scheme] else f"{named}:{port}",
            "user-agent": "entrepost-webhooks",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "connection": "close",
        }
        lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in (own | headers).items()), "", ""]
        if any(not line.isascii() or not line.isprintable() for line in lines):
            raise PermissionError("the URL has characters that no request can carry")
        return "\r\n".join(lines).encode("ascii") + body, secure, host, port

    def _connect(self, addresses: list[Address], port: int, name: str, deadline: float) -> socket.socket:
        """A connection to the first of these addresses that answers, in TLS for that name."""
        failed: OSError = OSError("the name has no address")
        for address in addresses:
            try:
                plain = socket.create_connection((str(address), port), timeout=_left(deadline))
            except OSError as error:
                failed = error
                continue
            if not name:
                return plain
            try:
                plain.settimeout(_left(deadline))
                return self._context.wrap_socket(plain, server_hostname=name)
            except BaseException:
                plain.close()
                raise
        raise failed

    def _hear(self, connection: socket.socket, deadline: float) -> Reply:
        """The answer's status, as soon as its header is there."""
        heard = b""
        while True:
            connection.settimeout(_left(deadline))
            part = connection.recv(4096)
            heard += part
            while (end := HEADER_END.search(heard)) is not None:
                status = STATUS.match(heard)
                if status is None:
                    return Reply(None, "the answer is no HTTP")
                if status[1][:1] != b"1":
                    return _reply(int(status[1]), heard[: end.end()])
                heard = heard[end.end() :]
            if not part:
                return Reply(None, "the receiver went away without an answer")
            if len(heard) > self.settings.header_bytes:
                return Reply(None, "the header of the answer is too long")


def _reply(code: int, header: bytes) -> Reply:
    asked = RETRY_AFTER.search(header)
    wait_seconds = int(asked[1]) if asked and code in (429, 503) else 0
    said = f"{code}, a redirect, which is not followed" if 300 <= code < 400 else str(code)
    return Reply(code, said, wait_seconds)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
