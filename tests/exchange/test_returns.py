"""What comes back by mail is read from either kind of mailbox, and what makes no sense is passed over."""

from __future__ import annotations

import email
import mailbox
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import UnreadableInputError
from entrepost.exchange.returns import read_bounce, read_returns
from entrepost.exchange.smtp import SmtpPost, SmtpSettings
from entrepost.operations.notices import plan_notices
from entrepost.operations.notices_post import SendParams, send_notices
from entrepost.operations.notices_stop import Return, Taken, take_returns
from tests.exchange.mailbox import Mailbox, Server, serve
from tests.operations.post import ANNA, BO, after, expected, with_contacts
from tests.operations.shop import MUG_NO, two_items

NOTICE = "0123456789abcdef0123456789abcdef"
SECRET = "a river runs through it"


def failure(original: str, address: str = ANNA, action: str = "failed", status: str = "5.1.1", form: str = "") -> bytes:
    """A delivery status notification as mail servers write it, about an original letter or its headers."""
    form = form or "message/rfc822"
    return f"""From: MAILER-DAEMON@mx.example.org
To: news@post.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b="

--=b=
Content-Type: text/plain

I could not deliver it.

--=b=
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--=b=
Content-Type: {form}

{original}
--=b=--
""".encode()


ORIGINAL = f"Message-ID: <{NOTICE}@post.example>\nSubject: Your parcel\nTo: {ANNA}\n\nHello\n"


def put(folder: Path, *letters: bytes) -> tuple[Path, Path]:
    """The letters in an mbox file and in a Maildir folder."""
    file, maildir = folder / "returns.mbox", folder / "Maildir"
    boxes = (mailbox.mbox(file), mailbox.Maildir(maildir))
    for box in boxes:
        for each in letters:
            box.add(each)
        box.close()
    return file, maildir


def test_both_kinds_of_mailbox_tell_the_same_and_are_left_as_they_are(tmp_path: Path) -> None:
    places = put(tmp_path, failure(ORIGINAL), b"Subject: Unsubscribe abcdefghijklmnopqrst.uvw\n\n", b"Subject: hi\n\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    told = [Return("bounce", NOTICE, (ANNA,), "5.1.1"), Return("stop", token="abcdefghijklmnopqrst.uvw")]
    for place in places:
        assert sorted(read_returns(place), key=lambda each: each.kind) == told
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_headers_alone_name_the_notice_too() -> None:
    letter = failure(ORIGINAL, form="text/rfc822-headers")
    assert [each.notice for each in read_bounce(email.message_from_bytes(letter))] == [NOTICE]


@pytest.mark.parametrize(
    "letter",
    [
        failure(ORIGINAL, action="delayed", status="4.4.1"),
        failure(ORIGINAL, action="failed", status="4.2.2"),
        failure(ORIGINAL, action="delivered", status="2.0.0"),
        failure("Message-ID: <somebody@else.example>\n\nHello\n"),
        failure(ORIGINAL, address=""),
        ORIGINAL.encode(),
        b"",
    ],
)
def test_what_is_no_lasting_failure_of_one_of_our_letters_is_passed_over(letter: bytes) -> None:
    assert list(read_bounce(email.message_from_bytes(letter))) == []


@given(st.integers(0, 700), st.integers(0, 700), st.binary(max_size=12))
def test_a_damaged_letter_never_breaks_the_reading(begin: int, end: int, put_in: bytes) -> None:
    whole = failure(ORIGINAL)
    damaged = whole[: min(begin, end)] + put_in + whole[max(begin, end) :]
    for each in read_bounce(email.message_from_bytes(damaged)):
        assert each.kind == "bounce"


def test_a_place_without_a_mailbox_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="is no mailbox"):
        list(read_returns(tmp_path / "nowhere"))


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(box: Mailbox) -> Iterator[Server]:
    started = serve(box)
    yield started
    started.stop()


def test_against_a_real_server_the_refused_and_the_unsubscribed_get_no_more(
    box: Mailbox, server: Server, tmp_path: Path
) -> None:
    """Anna's address is refused for ever; Bo writes back what his mail program finds in the letter."""
    store = with_contacts(two_items(tmp_path))
    params = SendParams(secret=SECRET)

    def send() -> tuple[int, int]:
        post = SmtpPost(SmtpSettings("127.0.0.1", "news@post.example", server.port, "none"))
        done = send_notices(store, post, params)
        post.close()
        return done.sent, done.dead

    plan_notices(store, pl.concat([expected(2, 5), expected(3, 6, item_id=MUG_NO)]))
    first = store.find_due_notices(after(0), 1).item(0, "order_id")
    box.to_recipients = ["550 5.1.1 no such user"]
    assert send() == (1, 1)
    refused, other = (ANNA, BO) if first == "o1" else (BO, ANNA)
    assert box.recipients == [other]
    store.clock.instant = after(2)  # type: ignore[attr-defined]
    plan_notices(store, pl.concat([expected(6, 9), expected(7, 10, item_id=MUG_NO)]))
    assert send() == (1, 0), f"{refused} is not written to again"

    way = box.read()[-1]["List-Unsubscribe"].strip("<>")
    assert way.startswith("mailto:news@post.example?subject=unsubscribe%20")
    subject = way.partition("subject=")[2].replace("%20", " ")
    file, _ = put(tmp_path, f"From: {other}\nSubject: {subject}\n\n".encode())
    assert take_returns(store, read_returns(file), SECRET) == Taken(read=1, unsubscribed=1)
    store.clock.instant = after(4)  # type: ignore[attr-defined]
    plan_notices(store, pl.concat([expected(12, 14), expected(13, 15, item_id=MUG_NO)]))
    assert send() == (0, 0)
    assert len(box.letters) == 2


def test_a_letter_that_came_back_later_silences_its_address(box: Mailbox, server: Server, tmp_path: Path) -> None:
    store = with_contacts(two_items(tmp_path))
    plan_notices(store, expected(2, 5))
    post = SmtpPost(SmtpSettings("127.0.0.1", "news@post.example", server.port, "none"))
    assert send_notices(store, post).sent == 1
    file, _ = put(tmp_path, failure(box.letters[0].decode().replace("\r\n", "\n")))
    assert take_returns(store, read_returns(file)) == Taken(read=1, bounced=1)
    store.clock.instant = after(2)  # type: ignore[attr-defined]
    plan_notices(store, expected(6, 9))
    assert send_notices(store, post).sent == 0
    post.close()
