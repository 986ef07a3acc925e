"""Letters go to a real mail server; whatever it answers, and wherever it breaks off, the answer to us is honest."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from entrepost.base.errors import MisuseError
from entrepost.exchange.smtp import SmtpPost, SmtpSettings, read_settings
from entrepost.experience.notice import News
from entrepost.experience.notice_words import LANGUAGES, Letter, Notice, write_letter
from tests.exchange.mailbox import PASSWORD, Mailbox, Server, make_certificate, serve
from tests.operations.shop import NOW, FixedClock

ANNA, US = "anna@example.org", "news@post.example"
SHOP = "Shop\r\nBcc: all@example.org\n\n.\r\nQUIT"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serving(mailbox: Mailbox) -> Iterator[Callable[..., Server]]:
    """Call it to start a server for the mailbox; all are stopped at the end."""
    servers: list[Server] = []

    def start(**settings: Any) -> Server:
        servers.append(serve(mailbox, **settings))
        return servers[-1]

    yield start
    for each in servers:
        if each.loop.is_running():
            each.stop()


@pytest.fixture
def post(serving: Callable[..., Server]) -> Iterator[SmtpPost]:
    """A post to a server without encryption."""
    made = post_to(serving())
    yield made
    made.close()


def post_to(server: Server, **changed: Any) -> SmtpPost:
    settings = {"host": "127.0.0.1", "port": server.port, "sender": US, "security": "none", "timeout_seconds": 5}
    return SmtpPost(SmtpSettings(**(settings | changed)), FixedClock())


def letter(number: int = 1, language: str = "en", seller: str = "Lampenladen") -> Letter:
    days = {"from_day": date(2026, 3, 3), "to_day": date(2026, 3, 6), "probability": 0.9}
    told = Notice(f"n{number}", News.LATER, seller, "o-1", "LX123456785CN", **days)  # type: ignore[arg-type]
    return write_letter(told, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_arrives_as_it_was_written(post: SmtpPost, mailbox: Mailbox, language: str) -> None:
    written = letter(language=language)
    assert post.send(written, ANNA).taking == "accepted"
    (read,) = mailbox.read()
    text, html = read.iter_parts()
    assert read["Subject"] == written.subject
    assert text.get_content().replace("\r\n", "\n") == written.text  # type: ignore[attr-defined]
    assert html.get_content().replace("\r\n", "\n").strip() == written.html.strip()  # type: ignore[attr-defined]
    assert (read["From"], read["To"], read["Message-ID"]) == (US, ANNA, "<n1@post.example>")
    assert (read["Auto-Submitted"], read["Content-Language"]) == ("auto-generated", language)
    assert read["Date"].datetime == NOW
    assert mailbox.letters[0].isascii()
    assert max(map(len, mailbox.letters[0].splitlines())) <= 998


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_name_adds_no_header_no_recipient_and_no_end(post: SmtpPost, mailbox: Mailbox, language: str) -> None:
    assert post.send(letter(seller=SHOP, language=language), ANNA).taking == "accepted"
    assert post.send(letter(2), ANNA).taking == "accepted"
    first, _ = mailbox.read()
    assert set(first.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted"),
        *("MIME-Version", "Content-Type"),
    }
    assert "Shop Bcc: all@example.org . QUIT" in first["Subject"]
    assert mailbox.recipients == [ANNA, ANNA]


def test_lines_that_begin_with_a_dot_arrive(post: SmtpPost, mailbox: Mailbox) -> None:
    odd = Letter("n1", "en", "dots", ".\n..\n.x\n", "<p>.</p>\n.\n")
    assert post.send(odd, ANNA).taking == "accepted"
    text, _ = mailbox.read()[0].iter_parts()
    assert text.get_content().replace("\r\n", "\n") == ".\n..\n.x\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("recipient", "taken", "taking"),
    [
        ("450 4.2.0 anna@example.org is greylisted", None, "deferred"),
        ("550 5.1.1 anna@example.org is unknown", None, "refused"),
        (None, "451 4.3.0 later", "deferred"),
        (None, "554 5.7.1 no", "refused"),
    ],
)
def test_a_refusal_is_of_this_letter_alone_and_names_nobody(
    post: SmtpPost, mailbox: Mailbox, recipient: str | None, taken: str | None, taking: str
) -> None:
    mailbox.to_recipients += [recipient] if recipient else []
    mailbox.to_letters += [taken] if taken else []
    answer = post.send(letter(), ANNA)
    assert (answer.taking, answer.closed) == (taking, False)
    assert re.search(r": [45]\d\d [45]\.\d\.\d$", answer.said)
    assert post.send(letter(2), ANNA).taking == "accepted"
    assert len(mailbox.letters) == 1


def test_a_server_that_goes_away_before_the_letter_surely_has_not_got_it(post: SmtpPost, mailbox: Mailbox) -> None:
    mailbox.to_recipients.append("break")
    answer = post.send(letter(), ANNA)
    assert (answer.taking, answer.closed) == ("deferred", True)
    assert mailbox.letters == []
    assert post.send(letter(), ANNA).taking == "accepted"


@pytest.mark.parametrize(("how", "kept"), [("break", 0), ("keep and break", 1)])
def test_a_server_that_goes_away_after_the_letter_leaves_open_whether_it_has_it(
    post: SmtpPost, mailbox: Mailbox, how: str, kept: int
) -> None:
    mailbox.to_letters.append(how)
    answer = post.send(letter(), ANNA)
    assert (answer.taking, answer.closed, len(mailbox.letters)) == ("uncertain", True, kept)


def test_a_server_that_does_not_answer_in_time_leaves_it_open_too(
    serving: Callable[..., Server], mailbox: Mailbox
) -> None:
    mailbox.pause_seconds = 1
    assert post_to(serving(), timeout_seconds=0.3).send(letter(), ANNA).taking == "uncertain"


def test_a_connection_that_was_closed_between_two_letters_is_opened_again(
    serving: Callable[..., Server], mailbox: Mailbox
) -> None:
    server = serving()
    post = post_to(server)
    assert post.send(letter(), ANNA).taking == "accepted"
    server.stop()
    answer = post.send(letter(2), ANNA)
    assert (answer.taking, answer.closed) == ("deferred", True)
    assert "cannot be reached" in answer.said
    post = post_to(serving())
    assert post.send(letter(2), ANNA).taking == "accepted"
    post.close()
    post.close()
    assert mailbox.twice() == {}


def test_a_port_where_nobody_listens_is_put_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    post = SmtpPost(SmtpSettings("127.0.0.1", US, port, "none"))
    assert (post.send(letter(), ANNA).closed, post.send(letter(), ANNA).taking) == (True, "deferred")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_letters_go_encrypted_and_only_to_a_server_whose_certificate_is_trusted(
    security: str,
    serving: Callable[..., Server],
    mailbox: Mailbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    how = {"tls": {"ssl_context": context}, "starttls": {"tls_context": context, "require_starttls": True}}
    server = serving(**how[security])
    post = post_to(server, host="localhost", security=security)
    answer = post.send(letter(), ANNA)
    assert (answer.taking, answer.closed) == ("deferred", True)
    assert "TLS is not trusted" in answer.said
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert post.send(letter(), ANNA).taking == "accepted"
    post.close()


def test_a_server_without_encryption_is_not_talked_to_where_it_is_asked_for(serving: Callable[..., Server]) -> None:
    answer = post_to(serving(), security="starttls").send(letter(), ANNA)
    assert (answer.taking, answer.closed) == ("deferred", True)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_user_and_password_open_the_door_and_a_wrong_password_is_not_the_recipients_fault(
    serving: Callable[..., Server], mailbox: Mailbox
) -> None:
    server = serving(authenticator=mailbox.log_in, auth_required=True, auth_require_tls=False)
    wrong = post_to(server, user="post", password="guess").send(letter(), ANNA)
    assert (wrong.taking, wrong.closed) == ("deferred", True)
    assert "535" in wrong.said
    right = post_to(server, user="post", password=PASSWORD)
    assert right.send(letter(), ANNA).taking == "accepted"
    right.close()
    assert set(mailbox.logins) == {False, True}


def test_a_name_beside_the_senders_address_is_quoted(serving: Callable[..., Server], mailbox: Mailbox) -> None:
    post = post_to(serving(), name='The "Post", Zürich')
    post.send(letter(), ANNA)
    post.close()
    (sender,) = mailbox.read()[0]["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ('The "Post", Zürich', US)


def test_settings_come_from_the_environment_and_the_password_is_never_shown() -> None:
    given = {
        "ENTREPOST_SMTP_HOST": "mail.example",
        "ENTREPOST_SMTP_FROM": US,
        "ENTREPOST_SMTP_PORT": "2525",
        "ENTREPOST_SMTP_SECURITY": "tls",
        "ENTREPOST_SMTP_USER": "post",
        "ENTREPOST_SMTP_PASSWORD": PASSWORD,
        "ENTREPOST_SMTP_NAME": "Post",
    }
    settings = read_settings(given)
    assert settings == SmtpSettings("mail.example", US, 2525, "tls", "post", PASSWORD, "Post")
    assert PASSWORD not in repr(settings)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ENTREPOST_SMTP_HOST": ""}, "set ENTREPOST_SMTP_HOST"),
        ({"ENTREPOST_SMTP_FROM": "news"}, "ENTREPOST_SMTP_FROM"),
        ({"ENTREPOST_SMTP_PORT": "smtp"}, "ENTREPOST_SMTP_PORT"),
        ({"ENTREPOST_SMTP_SECURITY": "ssl"}, "ENTREPOST_SMTP_SECURITY"),
        ({"ENTREPOST_SMTP_NAME": "a\nb"}, "ENTREPOST_SMTP_NAME"),
        ({"ENTREPOST_SMTP_USER": "post", "ENTREPOST_SMTP_SECURITY": "none"}, "where all can read it"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changed: dict[str, str], message: str) -> None:
    given = {"ENTREPOST_SMTP_HOST": "mail.example", "ENTREPOST_SMTP_FROM": US}
    assert read_settings(given).security == "starttls"
    with pytest.raises(MisuseError, match=message):
        read_settings(given | changed)
