"""The answer to an interchange: which of its messages were taken, and what was wrong with the others (CONTRL).

References
----------
ISO 9735 version 3, message type CONTRL D.3, and its code lists 0083 (action) and 0085 (syntax error).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from entrepost.base.findings import Finding
from entrepost.messages.syntax.charsets import LEVELS
from entrepost.messages.syntax.faults import Fault
from entrepost.messages.syntax.interchange import Interchange, Message
from entrepost.messages.syntax.segment import US, Segment, components, segment
from entrepost.messages.syntax.separators import DEFAULT, DEFAULT_4

TEXT_MOST = 350
_UNSAYABLE = re.compile("[^ -~\xa0-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff\x1f]")

REJECTED, TAKEN = "4", "7"
KINDS = {False: ("CONTRL", "D", "3", "UN"), True: ("CONTRL", "4", "1", "UN")}
"""The type of the answer in versions 1 to 3, and in version 4."""


def answer(
    received: Interchange, reference: str, prepared_at: datetime, findings: Iterable[Finding] = ()
) -> Interchange:
    """Tell the sender what became of an interchange.

    Parameters
    ----------
    received : Interchange
        What `read` made of it; its findings say what is refused.
    reference : str
        The control reference of the answer, which we use once.
    prepared_at : datetime
        When the answer is made, in our local time.
    findings : iterable of Finding
        What was found wrong beyond the syntax, with the number of a segment as `row`; the message in which that stands
        is refused where one of them is an error. Others are not about the interchange and are left out.

    Returns
    -------
    Interchange
        With one message CONTRL: the interchange is taken but for the messages that it names as refused, or rejected
        as a whole where its envelope is wrong.
    """
    found = (*received.findings, *_place(received, findings))
    errors = [fault for fault in found if fault.level == "error"]
    whole = [fault for fault in errors if not fault.place]
    rows = [_about_interchange(received, whole)]
    if not whole:
        rows += [row for refused in _list_refused(errors) for row in _about_message(refused)]
    late = received.version >= 4
    message = Message.of(KINDS[late], rows, reference="1")
    header = _turn(received, _choose_level(received.syntax, rows), reference, prepared_at)
    return Interchange(header, (message,), DEFAULT_4 if late else DEFAULT)


def _place(received: Interchange, findings: Iterable[Finding]) -> list[Fault]:
    """Findings as faults of the messages in which their segments stand."""
    begins = [message.number for message in received.messages]
    placed = []
    for each in findings:
        at = bisect_right(begins, each.row) - 1
        message = received.messages[at] if at >= 0 else None
        if message and (place := each.row - message.number + 1) <= len(message.segments) + 2:
            kind = US.join(components(message.header, 2))
            given = (each.code, each.field, each.message, each.subject, each.row, each.fix, each.level)
            placed.append(Fault(*given, reference=message.reference, kind=kind, place=place))
    return placed


def _list_refused(errors: list[Fault]) -> list[list[Fault]]:
    """The errors of each message by itself; two messages may have the same reference."""
    found: dict[tuple[str, int], list[Fault]] = {}
    for fault in errors:
        found.setdefault((fault.reference, fault.row - fault.place), []).append(fault)
    return list(found.values())


def _about_interchange(received: Interchange, whole: list[Fault]) -> Segment:
    why = (whole[0].answer, whole[0].field) if whole else ()
    parties = (_copy(received.header, 2), _copy(received.header, 3))
    return segment("UCI", _clean(received.reference), *parties, REJECTED if whole else TAKEN, *map(_clean, why))


def _about_message(faults: list[Fault]) -> list[Segment]:
    first = faults[0]
    rows = [segment("UCM", _clean(first.reference), _clean(first.kind), REJECTED, first.answer)]
    return rows + [segment("UCS", str(fault.place), fault.answer) for fault in faults]


def _turn(received: Interchange, level: str, reference: str, prepared_at: datetime) -> Segment:
    """The header of the answer: sender and recipient change places, and a test is answered as a test."""
    day = prepared_at.strftime("%Y%m%d" if received.version >= 4 else "%y%m%d")
    parties = (_copy(received.header, 3), _copy(received.header, 2))
    test = ("", "", "", "", "", "1") if received.test else ()
    when = (day, prepared_at.strftime("%H%M"))
    return segment("UNB", (level, str(received.version)), *parties, when, reference, *test)


def _copy(header: Segment, element: int) -> str:
    return US.join(map(_clean, components(header, element)))


def _clean(text: str) -> str:
    """A text of the sender as far as any character set can say it; longer ones than the syntax has are cut."""
    return _UNSAYABLE.sub("?", text)[:TEXT_MOST]


def _choose_level(level: str, rows: list[Segment]) -> str:
    """The sender's character set, or UTF-8 where the sender wrote what that one does not have."""
    signs = set("".join("".join(row) for row in rows)) - {US}
    return level if all(map(LEVELS[level].has, signs)) else "UNOW"
