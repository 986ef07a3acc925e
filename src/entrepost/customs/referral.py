"""The security assessment of an item: one table says what each message makes of where it stands.

Before an item is loaded the authorities of its destination may ask for information (RFI) or for screening (RFS),
forbid loading (DNL), or have no objection (AC). The table follows our working rules for the pre-loading assessment:
an open request for screening is not closed by AC before a screening is reported, *do not load* is final for this
movement, and data that are sent in anew after AC are assessed anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from entrepost.base.rule import rule
from entrepost.reference.referral_message import get_referral_message, list_referral_messages


class Referral(IntEnum):
    """Where the assessment of an item stands."""

    NOT_LODGED = 0
    LODGED = 1
    REGISTERED = 2
    REJECTED = 3
    INFO_WANTED = 4
    INFO_SENT = 5
    SCREENING_WANTED = 6
    SCREENED = 7
    ASSESSED = 8
    DO_NOT_LOAD = 9


class ReferralAnomaly(IntEnum):
    """Why a message does not fit where the assessment stands."""

    NONE = 0
    UNASKED = 1
    UNANSWERED = 2
    AFTER_DO_NOT_LOAD = 3


@dataclass(frozen=True, slots=True)
class ReferralStep:
    """What a message makes of an assessment, and whether something is odd about it."""

    referral: Referral
    anomaly: ReferralAnomaly = ReferralAnomaly.NONE


@dataclass(frozen=True, slots=True)
class ReferralMessageSeen:
    """A message about one item, and when it came."""

    message: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an item's messages add up to; `lodged_at` is when its data were last sent in."""

    referral: Referral = Referral.NOT_LODGED
    since: datetime | None = None
    lodged_at: datetime | None = None
    anomalies: int = 0


WAITING = (Referral.LODGED, Referral.REGISTERED, Referral.INFO_SENT, Referral.SCREENED)
"""States in which the next word is the authority's."""


def _step(referral: Referral, message: str) -> ReferralStep:
    """One cell of the table, in the order in which the exceptions go before the ordinary."""
    if referral == Referral.DO_NOT_LOAD:
        again = message == "DNL"
        return ReferralStep(referral, ReferralAnomaly.NONE if again else ReferralAnomaly.AFTER_DO_NOT_LOAD)
    if message in ("RFI", "RFS", "DNL", "AC", "REG", "ERR"):
        return _told(referral, message)
    if message == "LODGE":
        return ReferralStep(_lodged(referral))
    wanted = Referral.INFO_WANTED if message == "ANSWER" else Referral.SCREENING_WANTED
    if referral != wanted:
        return ReferralStep(referral, ReferralAnomaly.UNASKED)
    return ReferralStep(Referral.INFO_SENT if message == "ANSWER" else Referral.SCREENED)


def _lodged(referral: Referral) -> Referral:
    """Data sent in anew are assessed anew, but they close no open request for screening."""
    if referral == Referral.SCREENING_WANTED:
        return referral
    return Referral.INFO_SENT if referral == Referral.INFO_WANTED else Referral.LODGED


def _told(referral: Referral, message: str) -> ReferralStep:
    """What the authority says; of data that it never got it is odd, and still holds."""
    odd = ReferralAnomaly.UNASKED if referral == Referral.NOT_LODGED else ReferralAnomaly.NONE
    if message == "DNL":
        return ReferralStep(Referral.DO_NOT_LOAD, odd)
    if message == "RFS":
        return ReferralStep(Referral.SCREENING_WANTED, odd)
    if referral == Referral.SCREENING_WANTED:
        return ReferralStep(referral, ReferralAnomaly.UNANSWERED if message == "AC" else odd)
    if message == "RFI":
        return ReferralStep(Referral.INFO_WANTED, odd)
    if message == "AC":
        unanswered = referral == Referral.INFO_WANTED
        return ReferralStep(Referral.ASSESSED, ReferralAnomaly.UNANSWERED if unanswered else odd)
    if message == "REG":
        fresh = referral in (Referral.NOT_LODGED, Referral.LODGED, Referral.REJECTED)
        return ReferralStep(Referral.REGISTERED if fresh else referral, odd)
    return ReferralStep(_refused(referral), odd)


def _refused(referral: Referral) -> Referral:
    """What was sent last does not count."""
    if referral in (Referral.LODGED, Referral.REGISTERED):
        return Referral.REJECTED
    return {Referral.INFO_SENT: Referral.INFO_WANTED, Referral.SCREENED: Referral.SCREENING_WANTED}.get(
        referral, referral
    )


TRANSITIONS: dict[tuple[Referral, str], ReferralStep] = {
    (referral, each.message): _step(referral, each.message)
    for referral in Referral
    for each in list_referral_messages()
}
"""What every message makes of every state: there is no pair without an answer."""

MESSAGES = len(list_referral_messages())
REFERRAL_TABLE = bytes(step.referral for step in TRANSITIONS.values())
ANOMALY_TABLE = bytes(step.anomaly for step in TRANSITIONS.values())


@rule(referral=(0, len(Referral) - 1), message=(0, MESSAGES - 1))
def referral_step(referral: int, message: int) -> int:
    """Where an assessment stands after a message (by its index)."""
    return REFERRAL_TABLE[referral * MESSAGES + message]


def assess(messages: Iterable[ReferralMessageSeen]) -> Assessment:
    """What the messages about one item add up to, in the order of their times; of two at once the first given."""
    found = Assessment()
    for seen in sorted(messages, key=lambda each: each.time):
        get_referral_message(seen.message)
        step = TRANSITIONS[found.referral, seen.message]
        moved = step.referral != found.referral
        found = Assessment(
            referral=step.referral,
            since=seen.time if moved or found.since is None else found.since,
            lodged_at=seen.time if seen.message == "LODGE" else found.lodged_at,
            anomalies=found.anomalies + (step.anomaly > 0),
        )
    return found
