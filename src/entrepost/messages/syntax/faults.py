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


@dataclass(frozen=True, slots=True)
class Fault(Finding):
    """A finding about an interchange; `row` is the segment's number in it, from 1.

    `offset` is the byte at which the segment begins, `reference` the message it stands in (empty where
    it is the envelope's) and `place` its number within that message, with the header as 1.
    """

    offset: int = -1
    reference: str = ""
    place: int = 0

    @property
    def answer(self) -> str:
        """The code of the syntax error (0085) for the answer to the sender."""
        return ANSWERS.get(self.code, "18")
