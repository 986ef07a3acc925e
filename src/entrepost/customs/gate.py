"""The gate: whether an item may enter a receptacle, and whether a receptacle may be closed and handed over.

For a regime that demands it, an item is put into a receptacle only with its assessment complete, or without an
answer so long after its data were lodged that the operator, who may set that time, takes silence for no objection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from entrepost.base.findings import Finding, finding_code
from entrepost.base.rule import rule
from entrepost.customs.referral import Assessment, Referral
from entrepost.mail.receptacle import Receptacle
from entrepost.reference.advance_data import find_due, regime_of
from entrepost.reference.declaration_term import declaration_term

NOT_LODGED = finding_code("gate_data_not_lodged", "An item must not be loaded before its data were lodged.")
NOT_ASSESSED = finding_code("gate_not_assessed", "An item waits for the assessment of its data before it is loaded.")
INFO_WANTED = finding_code("gate_info_wanted", "The authorities want more information before an item is loaded.")
SCREENING = finding_code("gate_screening_wanted", "The authorities want an item screened before it is loaded.")
DO_NOT_LOAD = finding_code("gate_do_not_load", "The authorities forbid that an item is loaded.")
UNKNOWN_ITEM = finding_code("gate_item_unknown", "Nothing is known of the assessment of an item in a receptacle.")

MINUTES_MOST = 10**7


class Gate(IntEnum):
    """Whether an item may enter a receptacle; all but the first keep it out."""

    OPEN = 0
    NOT_LODGED = 1
    NOT_ASSESSED = 2
    INFO_WANTED = 3
    SCREENING_WANTED = 4
    DO_NOT_LOAD = 5


SAID = {
    Gate.NOT_LODGED: (NOT_LODGED, "its data were not lodged", "send them in, or correct what was rejected"),
    Gate.NOT_ASSESSED: (NOT_ASSESSED, "its assessment is not complete", "wait for the answer, or for the time set"),
    Gate.INFO_WANTED: (INFO_WANTED, "more information is wanted", "answer the request"),
    Gate.SCREENING_WANTED: (SCREENING, "it is to be screened", "screen it and report"),
    Gate.DO_NOT_LOAD: (DO_NOT_LOAD, "it must not be loaded", "take it out and follow the security protocol"),
}


@rule(
    gated=(0, 1),
    referral=(0, len(Referral) - 1),
    minutes_lodged=(0, MINUTES_MOST),
    timeout_minutes=(0, MINUTES_MOST),
)
def gate(gated: int, referral: int, minutes_lodged: int, timeout_minutes: int) -> int:
    """Whether an item may enter a receptacle, as a number of `Gate`.

    An order not to load holds under every regime. Where the regime has a gate, an answer that does not come within
    `timeout_minutes` of lodging counts as none objecting; a request that is open never runs out.
    """
    if referral == Referral.DO_NOT_LOAD:
        return 5
    if referral == Referral.SCREENING_WANTED:
        return 4
    if referral == Referral.INFO_WANTED:
        return 3
    if not gated or referral == Referral.ASSESSED:
        return 0
    if referral in (Referral.NOT_LODGED, Referral.REJECTED):
        return 1
    if minutes_lodged >= timeout_minutes:
        return 0
    return 2


@dataclass(frozen=True, slots=True)
class Loading:
    """Where mail is to go, by which mode, and now; `timeout_minutes` None: what the reference table assumes."""

    country: str
    mode: str
    now: datetime
    timeout_minutes: int | None = None

    @property
    def day(self) -> date:
        """The day of loading."""
        return self.now.date()

    @property
    def gated(self) -> bool:
        """Whether the regime of the country keeps out what was not assessed."""
        due = find_due(regime_of(self.country, self.day), self.mode, self.day)
        return bool(due and due.gate)

    @property
    def timeout(self) -> int:
        """After how many minutes without an answer an item may be loaded."""
        if self.timeout_minutes is not None:
            return self.timeout_minutes
        return declaration_term("assessment_timeout", self.day)


def may_enter(assessment: Assessment, loading: Loading) -> Gate:
    """Whether an item with that assessment may enter a receptacle."""
    lodged = assessment.lodged_at
    minutes = int((loading.now - lodged).total_seconds() // 60) if lodged else 0
    waited = min(max(minutes, 0), MINUTES_MOST)
    return Gate(gate(loading.gated, assessment.referral, waited, loading.timeout))


def check_entry(item_id: str, assessment: Assessment, loading: Loading) -> list[Finding]:
    """Why an item may not enter a receptacle; none where it may."""
    answer = may_enter(assessment, loading)
    if answer == Gate.OPEN:
        return []
    code, message, fix = SAID[answer]
    return [Finding(code, "item_id", message, item_id, fix=fix)]


def check_closing(receptacle: Receptacle, assessments: Mapping[str, Assessment], loading: Loading) -> list[Finding]:
    """Why a receptacle may not be closed: each item in it that may not be loaded, one that must not above all.

    Once it is closed the same findings block handing it to the carrier (event 74 of RESDIT): see `is_blocked`.
    An item whose assessment is not known is told; under a regime with a gate it blocks.
    """
    findings = []
    for item_id in receptacle.item_ids:
        known = assessments.get(item_id)
        if known is None:
            fix = "lodge its data, or take it out"
            level = "error" if loading.gated else "warning"
            message = "nothing is known of its assessment"
            findings.append(Finding(UNKNOWN_ITEM, "item_ids", message, item_id, fix=fix, level=level))  # type: ignore[arg-type]
            continue
        findings += check_entry(item_id, known, loading)
    return sorted(findings, key=lambda finding: finding.code != DO_NOT_LOAD)


def is_blocked(receptacle: Receptacle, assessments: Mapping[str, Assessment]) -> bool:
    """Whether a receptacle, closed or not, must not be handed over: it holds an item that must not be loaded."""
    held = (assessments.get(item_id) for item_id in receptacle.item_ids)
    return any(known is not None and known.referral == Referral.DO_NOT_LOAD for known in held)
