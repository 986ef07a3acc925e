"""Letters go out by e-mail: one connection, SMTP with STARTTLS or TLS, and an honest answer for each letter.

A letter surely was not taken where the server said so, or the connection broke before its last byte was written.
Where it broke after that, nobody knows: the answer is *uncertain* (RFC 5321, 4.5.3.2.6 and RFC 1047).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from entrepost.base.clock import Clock, SystemClock
from entrepost.base.errors import MisuseError
from entrepost.experience.notice_words import Letter
from entrepost.operations.contacts import to_address
from entrepost.operations.notices_post import Answer

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the connection is kept from others' eyes, and the usual port of each."""
HERE = ("localhost", "127.0.0.1", "::1")
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
SEVEN_BITS = SMTP.clone(cte_type="7bit")
"""Every server takes what has seven bits."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where mail is handed over, and by whom; `name` stands beside the sender's address."""

    host: str
    sender: str
    port: int = 0
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    name: str = ""
    timeout_seconds: float = 60

    def __post_init__(self) -> None:
        if self.security not in PORTS:
            raise MisuseError(f"ENTREPOST_SMTP_SECURITY is {self.security!r}; give one of {', '.join(PORTS)}")
        if to_address(self.sender) != self.sender:
            raise MisuseError("ENTREPOST_SMTP_FROM is no e-mail address; write it as news@example.org")
        if any(ord(each) < 32 for each in self.name):
            raise MisuseError("ENTREPOST_SMTP_NAME has control characters; give one line of text")
        if self.user and self.security == "none" and self.host not in HERE:
            raise MisuseError(
                "a password is not sent where all can read it: set ENTREPOST_SMTP_SECURITY to starttls or tls"
            )


def read_settings(environment: Mapping[str, str]) -> SmtpSettings:
    """The settings from environment variables; those of the password never stand on a command line.

    Raises
    ------
    MisuseError
        When the host or the sender is missing, or a setting makes no sense.
    """
    absent = [name for name in ("ENTREPOST_SMTP_HOST", "ENTREPOST_SMTP_FROM") if not environment.get(name)]
    if absent:
        raise MisuseError(f"no mail can be sent: set {' and '.join(absent)}, or look only with --dry-run")
    port = environment.get("ENTREPOST_SMTP_PORT") or "0"
    if not port.isdecimal() or int(port) > 65_535:
        raise MisuseError(f"ENTREPOST_SMTP_PORT is {port!r}; give a port, such as 587")
    return SmtpSettings(
        host=environment["ENTREPOST_SMTP_HOST"],
        sender=environment["ENTREPOST_SMTP_FROM"],
        port=int(port),
        security=environment.get("ENTREPOST_SMTP_SECURITY") or "starttls",
        user=environment.get("ENTREPOST_SMTP_USER") or "",
        password=environment.get("ENTREPOST_SMTP_PASSWORD") or "",
        name=environment.get("ENTREPOST_SMTP_NAME") or "",
    )


class SmtpPost:
    """A `Post` through a mail server; the connection is opened for the first letter and kept."""

    def __init__(self, settings: SmtpSettings, clock: Clock | None = None) -> None:
        self.settings = settings
        self._clock = clock or SystemClock()
        self._open: smtplib.SMTP | None = None

    def send(self, letter: Letter, address: str) -> Answer:
        """Hand a letter over."""
        body = to_bytes(letter, address, self.settings, self._clock)
        try:
            server = self._ready()
        except smtplib.SMTPResponseException as error:
            return self._broken(f"the mail server refuses us: {_code(error.smtp_code, error.smtp_error)}")
        except ssl.SSLError as error:
            return self._broken(f"the mail server's TLS is not trusted: {error.reason or type(error).__name__}")
        except OSError as error:
            return self._broken(f"the mail server cannot be reached: {error.strerror or type(error).__name__}")
        try:
            refused = self._announce(server, address)
            if refused is not None:
                return refused
            server.send(body)
        except OSError as error:
            return self._broken(f"the mail server went away before the letter was written: {type(error).__name__}")
        return self._hear(server)

    def close(self) -> None:
        """Say good-bye to the server."""
        server, self._open = self._open, None
        if server is not None:
            try:
                server.quit()
            except OSError:
                server.close()

    def _ready(self) -> smtplib.SMTP:
        """The open connection, or a new one where there is none any more."""
        if self._open is not None:
            try:
                if self._open.rset()[0] == 250:
                    return self._open
            except OSError:
                pass
            self._drop()
        self._open = self._connect()
        return self._open

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        place = settings.host, settings.port or PORTS[settings.security]
        if settings.security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=settings.timeout_seconds, context=context)
        else:
            server = smtplib.SMTP(*place, timeout=settings.timeout_seconds)
        try:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if settings.user:
                server.login(settings.user, settings.password)
        except BaseException:
            server.close()
            raise
        return server

    def _announce(self, server: smtplib.SMTP, address: str) -> Answer | None:
        """Sender, recipient, and that the letter comes; an answer where the server does not want it."""
        code, said = server.mail(self.settings.sender)
        if code != 250:
            return self._broken(f"the mail server does not take the sender: {_code(code, said)}")
        code, said = server.rcpt(address)
        if code in (250, 251):
            code, said = server.docmd("DATA")
            if code == 354:
                return None
        return self._answer(code, said)

    def _hear(self, server: smtplib.SMTP) -> Answer:
        """What the server says when it has the letter; silence leaves open whether it has it."""
        try:
            code, said = server.getreply()
        except OSError as error:
            self._drop()
            return Answer("uncertain", f"the mail server went away without an answer: {type(error).__name__}", True)
        if code // 100 == 2:
            return Answer("accepted", _code(code, said))
        if code // 100 in (4, 5):
            return self._answer(code, said)
        self._drop()
        return Answer("uncertain", f"the mail server answered what is no answer: {code}", closed=True)

    def _answer(self, code: int, said: bytes) -> Answer:
        text = _code(code, said)
        if code == 421:
            return self._broken(f"the mail server closes: {text}")
        if code // 100 == 5:
            return Answer("refused", f"the mail server refused it: {text}")
        return Answer("deferred", f"the mail server does not take it now: {text}")

    def _broken(self, said: str) -> Answer:
        self._drop()
        return Answer("deferred", said, closed=True)

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def to_bytes(letter: Letter, address: str, settings: SmtpSettings, clock: Clock) -> bytes:
    """A letter as it goes over the wire, its last line the dot that ends it.

    The Message-ID comes from the notice, so that whoever gets it twice can see that it is one.
    """
    message = EmailMessage(policy=SEVEN_BITS)
    message["From"] = Address(settings.name, addr_spec=settings.sender)
    message["To"] = address
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter.notice}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = letter.language  # last: what is of the content would go down into its first part
    head = _subject(letter.subject) + _stop(letter.stop, settings.sender)
    lines = re.sub(rb"\r?\n|\r", b"\r\n", head + message.as_bytes())
    return re.sub(rb"(?m)^\.", b"..", lines.rstrip(b"\r\n") + b"\r\n") + b".\r\n"


def _subject(text: str) -> bytes:
    """The header of a subject; `EmailMessage` loses blanks where it folds long ones of other letters than ASCII."""
    line = " ".join(text.splitlines())
    header = Header(line, "us-ascii" if line.isascii() else "utf-8", 75, "Subject")
    return b"Subject: " + header.encode().encode("ascii") + b"\n"


def _stop(token: str, sender: str) -> bytes:
    """The header by which a reader's mail program stops the letters (RFC 2369): it writes back with the token."""
    return f"List-Unsubscribe: <mailto:{sender}?subject=unsubscribe%20{token}>\n".encode() if token else b""


def _code(code: int, said: bytes | str) -> str:
    """The codes of an answer; its words may name the recipient, so they are not kept."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    enhanced = ENHANCED.match(text.strip())
    return f"{code} {enhanced.group()}" if enhanced else str(code)
