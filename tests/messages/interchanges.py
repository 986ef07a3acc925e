"""Interchanges for tests: a small one in bytes whose every byte can be counted, and any at all by Hypothesis."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from entrepost.messages.edifact import Envelope, Interchange, Message, Segment, Separators, repeat, segment
from entrepost.messages.syntax.charsets import LEVELS

EVENING = datetime.fromisoformat("2026-11-28T18:05")
KIND = ("EMSEVT", "3", "0", "UP")

SMALL = (
    b"UNB+UNOC:3+NL101+US101+261128:1805+NL7++EMSEVT'"  # 0 to 47
    b"UNH+1+EMSEVT:3:0:UP'STS+1+EMA::139'FTX+AAI+++What?'s new?? 1?+1?:2'UNT+4+1'"
    b"UNH+2+EMSEVT:3:0:UP'STS+1+EMC::139'UNT+3+2'"
    b"UNZ+2+NL7'"
)
"""Two sound messages, the first with every released sign."""


def envelope(syntax: str = "UNOC", version: int = 3) -> Envelope:
    return Envelope("NL101", "US101", EVENING, "NL7", "EMSEVT", syntax=syntax, version=version)


def interchange(*segments: Segment, syntax: str = "UNOC", version: int = 3) -> Interchange:
    """One message of these segments."""
    return Interchange.of(envelope(syntax, version), [Message.of(KIND, segments, reference="1")])


LETTERS = {
    "UNOA": "AZ09 .,-()/='+:?!\"%&*;<>",
    "UNOB": "azAZ09 .,-()/='+:?!\"%&*;<>",
    "UNOC": "aZ9 '+:?*#|~@{ÄÖüßÿ\u00a0",
    "UNOD": "aZ9 '+:?*ŁąŽ",
    "UNOE": "aZ9 '+:?*ДмЯё",
    "UNOF": "aZ9 '+:?*ΑΩώ",
    "UNOG": "aZ9 '+:?*ĦĉŬ",
    "UNOH": "aZ9 '+:?*ĀŋŪ",
    "UNOI": "aZ9 '+:?*صشي",
    "UNOJ": "aZ9 '+:?*אבת",
    "UNOK": "aZ9 '+:?*ĞİşÇ",
    "UNOW": "aZ9 '+:?*Äя中文字😀",
    "UNOX": "aZ9 '+:?*日本語",
    "UNOY": "aZ9 '+:?*Äя中文字",
}
"""Some letters of each level, with every sign that may separate."""

assert set(LETTERS) == set(LEVELS)

SEPARATORS = (
    Separators(),
    Separators(newline="\n"),
    Separators(newline="\r\n", announced=True),
    Separators(":", "+", ",", "?", "*", "'", announced=True),
    Separators("|", "~", ".", "#", "^", "!", announced=True),
    Separators("|", "~", ".", "#", "", "\n", announced=True),
)

TAGS = st.from_regex(r"[A-TV-Z][A-Z0-9]{2}", fullmatch=True)


@st.composite
def interchanges(draw: st.DrawFn) -> Interchange:
    """Any interchange that can be written: of every level, with separators of every kind, in groups or without."""
    level = draw(st.sampled_from(sorted(LETTERS)))
    separators = draw(st.sampled_from(SEPARATORS))
    texts = st.text(st.sampled_from(LETTERS[level]), max_size=8)
    composites = st.one_of(texts, st.lists(texts, min_size=2, max_size=4).map(tuple))
    elements = (
        st.one_of(composites, st.lists(composites, min_size=2, max_size=3).map(lambda many: repeat(*many)))
        if separators.repetition
        else composites
    )
    segments = st.builds(lambda tag, parts: segment(tag, *parts), TAGS, st.lists(elements, max_size=4))
    bodies = draw(st.lists(st.lists(segments, max_size=5), min_size=1, max_size=4))
    grouped = draw(st.booleans())
    messages = []
    for number, body in enumerate(bodies):
        group = segment("UNG", "EMSEVT", "NL101", "US101", ("261128", "1805"), f"G{number // 2}") if grouped else None
        messages.append(Message(segment("UNH", f"M{number}", KIND), tuple(body), group))
    made = Interchange.of(envelope(level, 4 if separators.repetition else 3), messages)
    return Interchange(made.header, made.messages, separators)
