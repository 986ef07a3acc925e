"""A receptacle: a bag, tray, cage or pallet of items, one of its dispatch."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import dispatch, receptacle, s10

HEAVY = finding_code("receptacle_heavy", "A bag weighs more than the 30 kg that people may lift.")
WEIGHT_DIFFERS = finding_code("receptacle_weight_differs", "A receptacle weighs other than its identifier says.")
FLAG_DIFFERS = finding_code("receptacle_flag_differs", "A receptacle said to hold no registered or insured items does.")

KINDS = {"BG": "bag", "PU": "tray", "CW": "roll cage", "PX": "pallet", "BX": "box"}
"""Kinds of receptacle by their package code (UN/ECE Recommendation 21)."""
FORMATS = ("P", "G", "E", "")
"""Letters: small to 100 g, large to 500 g, bulky to 2 kg; empty where items are not told apart."""
BAG_MOST_G = 30_000
REGISTERED_OR_INSURED = ("R", "V")
"""First letters of S10 numbers of registered and insured letters; CV is an insured parcel."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many items of a format (P, G, E, or empty for any) a receptacle holds; settlement counts them."""

    format: str
    items: int

    def __post_init__(self) -> None:
        if self.format not in FORMATS or self.items < 0:
            raise MisuseError(f"count {self.format!r}, {self.items}: give P, G, E or nothing, and 0 or more items")


@dataclass(frozen=True, slots=True)
class Receptacle:
    """One receptacle: S9 identifier, gross weight as weighed (0: it was not), kind, and what is inside.

    `item_ids` names the items that are recorded one by one, `counts` counts all of them by format (none:
    not counted). `exempt` is mail for which no terminal dues are paid.
    """

    receptacle_id: str
    weight_g: int
    kind: str = "BG"
    handling_class: str = ""
    counts: tuple[Count, ...] = ()
    item_ids: tuple[str, ...] = ()
    exempt: bool = False
    tenant: str = "main"

    def __post_init__(self) -> None:
        if receptacle.format(receptacle.parse(self.receptacle_id)) != self.receptacle_id:
            raise MisuseError(f"receptacle {self.receptacle_id!r}: write the identifier in 29 capitals without blanks")
        if self.kind not in KINDS:
            raise MisuseError(f"receptacle {self.receptacle_id}: kind {self.kind!r} is not one of {', '.join(KINDS)}")
        if self.weight_g < 0:
            raise MisuseError(f"receptacle {self.receptacle_id}: it cannot weigh {self.weight_g} g")

    @property
    def code(self) -> receptacle.S9:
        """What its identifier says."""
        return receptacle.parse(self.receptacle_id)

    @property
    def dispatch_id(self) -> str:
        """The S8 identifier of its dispatch."""
        return self.receptacle_id[: dispatch.LENGTH]

    @property
    def serial(self) -> int:
        """Its number within the dispatch, from 1."""
        return self.code.serial

    @property
    def last(self) -> bool | None:
        """Whether it has the highest number of its dispatch; None where that is not known."""
        return self.code.last

    @property
    def items(self) -> int | None:
        """How many items it holds, None where they were not counted."""
        return sum(count.items for count in self.counts) if self.counts else None


def check_receptacle(given: Receptacle) -> list[Finding]:
    """What does not fit together in a receptacle: weight, flag, the items that it names."""
    code, subject = given.code, given.receptacle_id
    findings = receptacle.check(subject)
    for item_id in given.item_ids:
        findings += s10.check(item_id, subject, code.dispatch.mail_class)
    if given.kind == "BG" and given.weight_g > BAG_MOST_G:
        message = f"a bag of {given.weight_g} g"
        findings.append(_warning(HEAVY, "weight_g", message, subject, "divide it, or say what kind it is"))
    if given.weight_g and code.weight_g and abs(given.weight_g - code.weight_g) > receptacle.WEIGHT_UNIT_G:
        message = f"it weighs {given.weight_g} g, its identifier says {code.weight_g} g"
        findings.append(_warning(WEIGHT_DIFFERS, "weight_g", message, subject, "weigh it again, or label it anew"))
    named = [item_id for item_id in given.item_ids if is_registered_or_insured(item_id)]
    if named and code.registered_or_insured is False:
        message = f"its identifier says that none is registered or insured, but {named[0]} is"
        findings.append(_warning(FLAG_DIFFERS, "receptacle_id", message, subject, "take it out, or label it anew"))
    return findings


def is_registered_or_insured(item_id: str) -> bool:
    """Whether an item is registered or insured, by its number."""
    return item_id[:1] in REGISTERED_OR_INSURED or item_id[:2] == "CV"


def _warning(code: str, field: str, message: str, subject: str, fix: str) -> Finding:
    return Finding(code, field, message, subject, fix=fix, level="warning")
