"""From an interchange to its bytes: service characters are released, references and counts filled in."""

from __future__ import annotations

from collections.abc import Iterator

from entrepost.messages.syntax.interchange import Interchange, Message
from entrepost.messages.syntax.segment import Composite, Element, Repeated, Segment, segment
from entrepost.messages.syntax.separators import Separators


def write(interchange: Interchange) -> bytes:
    """The bytes of an interchange; trailers are counted, and messages without a reference are numbered."""
    separators = interchange.separators
    end = separators.segment + separators.newline
    text = end.join([_text(each, separators) for each in list_segments(interchange)]) + end
    return ((separators.una + separators.newline if separators.announced else "") + text).encode("utf-8")


def list_segments(interchange: Interchange) -> Iterator[Segment]:
    """Every segment of an interchange from UNB to UNZ, with trailers."""
    yield interchange.header
    group: Segment | None = None
    groups = in_group = 0
    for number, message in enumerate(interchange.messages, 1):
        if message.group != group:
            if group is not None:
                yield segment("UNE", str(in_group), group.get(5))
            group, in_group = message.group, 0
            if group is not None:
                yield group
                groups += 1
        in_group += 1
        yield from _message(message, number)
    if group is not None:
        yield segment("UNE", str(in_group), group.get(5))
    yield segment("UNZ", str(groups or len(interchange.messages)), interchange.reference)


def _message(message: Message, number: int) -> Iterator[Segment]:
    header = message.header
    if not message.reference:
        header = Segment((header[0], str(number), *header[2:]))
    yield header
    yield from message.segments
    yield segment("UNT", str(len(message.segments) + 2), header.get(1))


def _text(each: Segment, separators: Separators) -> str:
    return separators.element.join([_element(element, separators) for element in each])


def _element(element: Element, separators: Separators) -> str:
    if isinstance(element, Repeated):
        return separators.repetition.join([_composite(occurrence, separators) for occurrence in element])
    return _composite(element, separators)


def _composite(composite: Composite, separators: Separators) -> str:
    if isinstance(composite, str):
        return _released(composite, separators)
    return separators.component.join([_released(text, separators) for text in composite])


def _released(text: str, separators: Separators) -> str:
    release = separators.release
    if release:
        for sign in (release, separators.component, separators.element, separators.segment, separators.repetition):
            if sign and sign in text:
                text = text.replace(sign, release + sign)
    return text
