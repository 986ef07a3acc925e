"""A real mail server on this machine, which takes, puts off, refuses and breaks off as its test says."""

from __future__ import annotations

import email
import subprocess
import threading
import time
from collections import Counter
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "swordfish"


class Mailbox:
    """What the server got, in the order of coming; `answers` are given to the next recipients or letters."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.recipients: list[str] = []
        self.to_recipients: list[str] = []
        self.to_letters: list[str] = []
        self.pause_seconds = 0.0
        self.logins: list[bool] = []
        self.connections = 0
        self.came = threading.Event()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.to_recipients.pop(0) if self.to_recipients else "250 2.1.5 ok"
        if answer == "break":
            return _break_off(server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.to_letters.pop(0) if self.to_letters else "250 2.0.0 kept"
        if answer == "break":
            return _break_off(server)
        if answer.startswith("250") or answer == "keep and break":
            assert isinstance(envelope.content, bytes)
            self.letters.append(envelope.content)
            self.recipients.extend(envelope.rcpt_tos)
            self.came.set()
        time.sleep(self.pause_seconds)
        return _break_off(server) if answer == "keep and break" else answer

    def read(self) -> list[EmailMessage]:
        """What came, as a reader of mail sees it."""
        return [email.message_from_bytes(each, policy=default) for each in self.letters]  # type: ignore[misc]

    def twice(self) -> dict[str, int]:
        """Message-IDs that came more than once."""
        counted = Counter(str(each["Message-ID"]) for each in self.read())
        return {name: count for name, count in counted.items() if count > 1}

    def log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, who: Any) -> AuthResult:
        """Whether user and password are right."""
        assert isinstance(who, LoginPassword)
        self.logins.append(who.password.decode() == PASSWORD)
        return AuthResult(success=self.logins[-1], handled=False)


def _break_off(server: SMTP) -> str:
    assert server.transport is not None
    server.transport.abort()
    return "421 gone"


class Server(Controller):
    """A server in a thread of its own, at a free port that its handler need not know."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def serve(mailbox: Mailbox, **settings: Any) -> Server:
    """Start a server on this machine."""
    server = Server(mailbox, hostname="127.0.0.1", port=0, **settings)
    server.start()
    return server


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody else trusts, and its key."""
    certificate, key = folder / "localhost.pem", folder / "localhost.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key
