"""From bytes to an interchange."""

from __future__ import annotations

import re

from entrepost.base.errors import IncomingMessageError
from entrepost.messages.syntax import faults
from entrepost.messages.syntax.faults import Fault
from entrepost.messages.syntax.interchange import Interchange, Message
from entrepost.messages.syntax.segment import Composite, Segment
from entrepost.messages.syntax.separators import DEFAULT, DEFAULT_4, Separators


def read(data: bytes) -> Interchange:
    """Read one interchange; a faulty message becomes findings and the sound ones are kept.

    Raises
    ------
    IncomingMessageError
        Where the bytes are no interchange at all; nothing else is ever raised.
    """
    text = data.decode("utf-8", "replace").lstrip("\ufeff\r\n ")
    separators, text = _separators(text)
    segments = _split(text, separators)
    if not segments or segments[0].tag != "UNB":
        raise IncomingMessageError("an interchange begins with UNA or UNB", 1, 0)
    messages: list[Message] = []
    found: list[Fault] = []
    start = 0
    group: Segment | None = None
    for number, each in enumerate(segments, 1):
        if each.tag == "UNG":
            group = each
        elif each.tag == "UNE":
            group = None
        elif each.tag == "UNH":
            start = number
        elif each.tag == "UNT":
            header, body = segments[start - 1], tuple(segments[start : number - 1])
            if each.get(1) == str(len(body) + 2) and each.get(2) == header.get(1):
                messages.append(Message(header, body, group, start))
            else:
                found.append(Fault(faults.COUNT, "UNT", "the trailer does not fit", segments[0].get(5), number))
    return Interchange(segments[0], tuple(messages), separators, tuple(found))


def _separators(text: str) -> tuple[Separators, str]:
    newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text else ""
    if text.startswith("UNA") and len(text) >= 9:
        component, element, decimal, release, repetition, end = tuple(text[3:9])
        announced = Separators(component, element, decimal, release.strip(), repetition.strip(), end, newline, True)
        return announced, text[9:].lstrip("\r\n")
    found = DEFAULT_4 if re.match(r"UNB\+UNO.:4", text) else DEFAULT
    return Separators(repetition=found.repetition, newline=newline), text


def _split(text: str, separators: Separators) -> list[Segment]:
    release = re.escape(separators.release) or r"(?!)"
    pieces = re.findall(rf"((?:[^{release}']|{release}.)*)'", text, re.DOTALL)
    return [_segment(piece.lstrip("\r\n"), separators) for piece in pieces]


def _segment(text: str, separators: Separators) -> Segment:
    elements: list[Composite] = []
    for element in re.split(r"(?<!\?)\+", text):
        parts = tuple(re.sub(r"\?(.)", r"\1", part) for part in re.split(r"(?<!\?):", element))
        elements.append(parts if len(parts) > 1 else parts[0])
    return Segment(elements)
