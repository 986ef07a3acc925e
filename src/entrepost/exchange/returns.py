"""Read what came back into a mailbox: delivery status notifications, and letters of who wants no more of them.

A mailbox is a file (mbox) or a folder (Maildir), read and left as it is. Everything in it was written by others:
what makes no sense is passed over.

References
----------
RFC 3464: An Extensible Message Format for Delivery Status Notifications. RFC 3462: multipart/report.
"""

from __future__ import annotations

import email
import mailbox
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.notices_stop import Return

NOTICE = re.compile(r"<([0-9a-f]{32})@[^>\s]+>")
"""Our Message-IDs begin with the name of a notice."""
STOP = re.compile(r"^\s*unsubscribe\s+([A-Za-z0-9_.-]{20,400})\s*$", re.IGNORECASE)
STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")
LETTER_MOST = 2_000_000
"""Longer letters are none of ours (assumed)."""


def read_returns(place: Path) -> Iterator[Return]:
    """Whatever in a mailbox tells that a notice was not delivered, or that somebody wants no more.

    Raises
    ------
    UnreadableInputError
        When there is no mailbox at that place.
    """
    for content in _read_letters(place):
        message = email.message_from_bytes(content)
        yield from read_bounce(message)
        stop = STOP.match(_header(message, "Subject"))
        if stop:
            yield Return("stop", token=stop.group(1))


def read_bounce(message: Message) -> Iterator[Return]:
    """The permanent failures that a delivery status notification tells of one of our letters."""
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return
    parts = [part for part in message.walk() if part is not message]
    notice = next((found for part in parts if (found := _find_notice(part))), "")
    if not notice:
        return
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status" and part.is_multipart()]
    for block in [each for report in reports for each in report.get_payload() if isinstance(each, Message)]:
        status = STATUS.search(_header(block, "Status"))
        addresses = tuple(filter(None, (_address(block, name) for name in ("Final", "Original"))))
        if status and addresses and _header(block, "Action").lower() == "failed":
            yield Return("bounce", notice, addresses, status.group())


def _read_letters(place: Path) -> Iterator[bytes]:
    if (place / "new").is_dir() or (place / "cur").is_dir():
        box: mailbox.Mailbox[mailbox.Message] = mailbox.Maildir(place, create=False)
    elif place.is_file():
        box = mailbox.mbox(place, create=False)
    else:
        raise UnreadableInputError(f"{place} is no mailbox; give an mbox file or a Maildir folder")
    try:
        for name in sorted(box.keys()):
            content = box.get_bytes(name)
            if len(content) <= LETTER_MOST:
                yield content
    finally:
        box.close()


def _find_notice(part: Message) -> str:
    """The notice whose letter, or its headers, a part gives back."""
    if part.get_content_type() == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        part = email.message_from_bytes(content if isinstance(content, bytes) else b"")
    found = NOTICE.search(_header(part, "Message-ID"))
    return found.group(1) if found else ""


def _address(block: Message, which: str) -> str:
    """Who a block is about: ``rfc822; name@example.org``."""
    kind, _, address = _header(block, f"{which}-Recipient").partition(";")
    return address.strip().strip("<>") if kind.strip().lower() == "rfc822" else ""


def _header(message: Message, name: str) -> str:
    return str(message.get(name, ""))
