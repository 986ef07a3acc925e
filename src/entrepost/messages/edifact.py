"""EDIFACT (ISO 9735): the syntax in which operators exchange messages.

`read` takes the bytes of an interchange and `write` makes them; what stands in the segments is the
matter of the modules of each message.
"""

from __future__ import annotations

from entrepost.messages.syntax.answer import answer
from entrepost.messages.syntax.faults import Fault
from entrepost.messages.syntax.interchange import Envelope, Interchange, Message
from entrepost.messages.syntax.reader import Reader, read, read_stream
from entrepost.messages.syntax.segment import Segment, components, get, repeat, repetitions, segment
from entrepost.messages.syntax.separators import Separators
from entrepost.messages.syntax.writer import write, write_stream

__all__ = [
    "Envelope",
    "Fault",
    "Interchange",
    "Message",
    "Reader",
    "Segment",
    "Separators",
    "answer",
    "components",
    "get",
    "read",
    "read_stream",
    "repeat",
    "repetitions",
    "segment",
    "write",
    "write_stream",
]
