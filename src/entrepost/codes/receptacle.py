"""S9: the identifier of a receptacle, such as NLHAGIUSJFKAAUN60017001000125.

The dispatch's identifier (20), serial within the dispatch (3), whether it is the last, the one with the
highest number (1), whether it holds registered or insured items (1), gross weight in hundreds of grams (4).

References
----------
UPU standard S9, version 9 of 30 October 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import dispatch
from entrepost.codes.dispatch import S8
from entrepost.codes.signs import is_digits, squeeze

MALFORMED = finding_code("receptacle_id_malformed", "A receptacle identifier is not a valid S9 identifier.")
WEIGHT_MISSING = finding_code("receptacle_weight_missing", "A receptacle identifier says weight 0000: not weighed.")

LENGTH = 29
SERIAL_MOST = 999
WEIGHT_UNIT_G = 100
WEIGHT_MOST_G = 9999 * WEIGHT_UNIT_G
FLAGS = {"0": False, "1": True, "9": None}
"""How yes and no are written; 9 is not known."""
_SIGNS = {flag: sign for sign, flag in FLAGS.items()}


class MalformedReceptacleError(MalformedCodeError):
    """The text is not an S9 identifier: length, dispatch, serial, flags or weight."""


@dataclass(frozen=True, slots=True)
class S9:
    """A receptacle's identifier: its dispatch, serial (1 to 999), two flags (None: not known), gross weight."""

    dispatch: S8
    serial: int
    last: bool | None
    registered_or_insured: bool | None
    weight_g: int

    def __post_init__(self) -> None:
        if not 1 <= self.serial <= SERIAL_MOST:
            raise MalformedReceptacleError(f"receptacle serial {self.serial} is not between 1 and {SERIAL_MOST}")
        if self.last not in _SIGNS or self.registered_or_insured not in _SIGNS:
            raise MalformedReceptacleError("the flags of a receptacle are yes, no or None where it is not known")
        if not 0 <= self.weight_g <= WEIGHT_MOST_G or self.weight_g % WEIGHT_UNIT_G:
            raise MalformedReceptacleError(
                f"weight {self.weight_g} g is not in hundreds of grams between 0 and {WEIGHT_MOST_G}"
            )

    def __str__(self) -> str:
        return format(self)


def parse(text: str) -> S9:
    """Read an identifier; blanks are layout and small letters are raised.

    Raises
    ------
    MalformedReceptacleError
        Where length, dispatch, serial, a flag or the weight are wrong; the message says which.
    """
    code = squeeze(text)
    if len(code) != LENGTH:
        raise MalformedReceptacleError(
            f"{text!r} has {len(code)} characters; an S9 identifier has {LENGTH}, such as NLHAGIUSJFKAAUN60017001000125"
        )
    if not is_digits(code[20:], 9):
        raise MalformedReceptacleError(f"{text!r} does not end in nine digits: serial, two flags and weight")
    if code[23] not in FLAGS or code[24] not in FLAGS:
        raise MalformedReceptacleError(
            f"{text!r} has the flags {code[23]} (last) and {code[24]} (registered or insured); each is 0, 1 or 9"
        )
    try:
        made = dispatch.parse(code[: dispatch.LENGTH])
    except dispatch.MalformedDispatchError as error:
        raise MalformedReceptacleError(f"{text!r}: {error}") from None
    return S9(made, int(code[20:23]), FLAGS[code[23]], FLAGS[code[24]], int(code[25:]) * WEIGHT_UNIT_G)


def format(code: S9) -> str:
    """Twenty-nine characters."""
    flags = _SIGNS[code.last] + _SIGNS[code.registered_or_insured]
    return f"{dispatch.format(code.dispatch)}{code.serial:03d}{flags}{code.weight_g // WEIGHT_UNIT_G:04d}"


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with an identifier: an error of form, or warnings about dispatch and weight."""
    subject = subject or text
    try:
        code = parse(text)
    except MalformedReceptacleError as error:
        return [Finding(MALFORMED, "receptacle_id", str(error), subject, fix="scan or key the identifier again")]
    findings = dispatch.check(str(code.dispatch), subject)
    if code.weight_g == 0:
        message = "its weight is 0000: it was not recorded"
        fix = "weigh the receptacle"
        findings.append(Finding(WEIGHT_MISSING, "receptacle_id", message, subject, fix=fix, level="warning"))
    return findings
