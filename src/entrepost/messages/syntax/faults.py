"""What can be wrong with an interchange: findings that know segment, byte, message and the code of the answer."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.findings import Finding, finding_code

TAG = finding_code("edifact_tag", "A segment does not begin with a tag of three capital letters or digits.")
COUNT = finding_code("edifact_count", "A trailer counts other segments, messages or groups than were sent.")
REFERENCE = finding_code("edifact_reference", "A trailer names another reference than its header.")
REPEATED = finding_code("edifact_reference_repeated", "A reference stands twice in one interchange.")
HEADER = finding_code("edifact_header", "A header lacks what it must tell, such as the type of its message.")
UNCLOSED = finding_code("edifact_unclosed", "A header has no trailer: the end of a message or interchange is missing.")
STRAY = finding_code("edifact_stray", "A segment stands where only headers and trailers may stand.")
EMPTY = finding_code("edifact_empty", "An interchange, group or message holds nothing.")
LONG = finding_code("edifact_segment_long", "A segment has more than 10,000 characters.")
CHARACTER = finding_code("edifact_character", "A character is not in the character set that the interchange names.")
AFTER = finding_code("edifact_after_end", "Something stands behind the trailer of the interchange.")

ANSWERS = {
    TAG: "12",
    COUNT: "29",
    REFERENCE: "28",
    REPEATED: "26",
    HEADER: "13",
    UNCLOSED: "13",
    STRAY: "33",
    EMPTY: "32",
    LONG: "16",
    CHARACTER: "21",
    AFTER: "33",
}
"""The code of the syntax error (0085) that an answer gives for each finding."""


FIXES = {
    TAG: "write a tag such as LOC, and release separators within texts",
    COUNT: "count again: from header to trailer, both included, for segments",
    REFERENCE: "write the reference of the header into its trailer",
    REPEATED: "give each message its own reference",
    HEADER: "write what is missing",
    UNCLOSED: "send it again, whole",
    STRAY: "put it into a message",
    EMPTY: "send nothing where there is nothing to send",
    LONG: "divide the text over several segments",
    CHARACTER: "write it in the character set that UNB names, or name another one",
    AFTER: "send each interchange by itself",
}
"""How to mend each of them."""


@dataclass(frozen=True, slots=True)
class Fault(Finding):
    """A finding about an interchange; `row` is the segment's number in it, from 1.

    `offset` is the byte at which the segment begins, `reference` the message it stands in (empty where
    it is the envelope's), `kind` the type of that message as its header writes it, and `place` the number of
    the segment within the message, with the header as 1 (0 where the fault is the envelope's).
    """

    offset: int = -1
    reference: str = ""
    kind: str = ""
    place: int = 0

    @property
    def answer(self) -> str:
        """The code of the syntax error (0085) for the answer to the sender."""
        return ANSWERS.get(self.code, "18")
