"""Screening: parties against the lists of denied parties, contents against the rules of articles, and the hold.

A hit holds the item. Why is in the hold, which the operator sees; the event that puts the item on hold carries no
reason, because what an event carries may be shown to senders and recipients.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from entrepost.base.findings import Finding, finding_code
from entrepost.customs.articles import Article, check_articles
from entrepost.customs.denied import Denied, PartyAsked, index_lists, is_day
from entrepost.mail.event import Event
from entrepost.reference.sanctions import Sanctions

HOLDS = 91.0
"""The score from which on a name holds its item; chosen on planted names, see the guide on screening."""
HELD_CODE = "EXD"
"""Held at the outward office, before dispatch."""

DENIED = finding_code("party_denied", "A party is like somebody on a list of denied parties; only operators see this.")
NAMELESS = finding_code("party_nameless", "A party has no name that could be screened.")
BIRTH_MALFORMED = finding_code("party_birth_malformed", "A day of birth cannot be read; it counts as unknown.")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: about whom or what, how sure (100: a rule says so), and whether it holds the item."""

    item_id: str
    where: str
    what: str
    score: float
    holds: bool
    source: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Hold:
    """An item that must not go on, with every hit that holds it; for operators only."""

    item_id: str
    hits: tuple[Hit, ...]

    def to_event(self, now: datetime, facility: str = "", tenant: str = "main") -> Event:
        """The event that puts the item on hold: without a reason, since it may be shown outside."""
        return Event(self.item_id, HELD_CODE, now, now, facility, "", tenant)


def screen(
    parties: Sequence[PartyAsked],
    contents: Iterable[Article],
    lists: Sanctions | None,
    day: date | None = None,
    holds: float = HOLDS,
) -> list[Hit]:
    """Screen the parties and contents of items.

    Parameters
    ----------
    parties
        Senders, recipients and whoever else is named; any number of items.
    contents
        What the items hold, and where it goes.
    lists
        The lists of denied parties; without them parties are not screened.
    day
        The day whose rules of articles count; without one, those that are not over.
    holds
        The score, 0 to 100, from which on a name is a hit.

    Returns
    -------
    list of Hit
        Parties first; what does not hold is a condition or restriction to be met.
    """
    found = index_lists(lists).find(parties, holds) if lists is not None and parties else []
    return [*(_hit_of_party(each) for each in found), *_hits_of_articles(contents, day)]


def hold(hits: Iterable[Hit]) -> list[Hold]:
    """The items that must not go on, in the order of their first hit."""
    by_item: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.holds:
            by_item.setdefault(hit.item_id, []).append(hit)
    return [Hold(item_id, tuple(found)) for item_id, found in by_item.items()]


def check_parties(parties: Iterable[PartyAsked]) -> list[Finding]:
    """What of the parties cannot be screened."""
    findings = []
    for party in parties:
        subject = f"{party.item_id} {party.role}".strip()
        if not any(letter.isalnum() for letter in party.name):
            message = f"the name {party.name[:40]!r} has no letter"
            findings.append(Finding(NAMELESS, "name", message, subject, fix="ask for the name"))
        if party.birth_date and not is_day(party.birth_date):
            message = f"{party.birth_date[:40]!r} is not a day of birth"
            fix = "write it like 1971-03-05, or 1971"
            findings.append(Finding(BIRTH_MALFORMED, "birth_date", message, subject, fix=fix, level="warning"))
    return findings


def _hit_of_party(found: Denied) -> Hit:
    asked, listed = found.asked, found.listed
    message = f"{asked.name[:80]!r} is like {listed.names[0].name!r} ({listed.kind}, {listed.program}): "
    subject = f"{asked.item_id} {asked.role}".strip()
    fix = "compare with the entry of the list; release or keep the item, and note why"
    finding = Finding(DENIED, "name", message + "; ".join(found.reasons), subject, fix=fix)
    return Hit(
        asked.item_id, asked.role, listed.names[0].name, found.score, True, f"{listed.source} {listed.number}", finding
    )


def _hits_of_articles(contents: Iterable[Article], day: date | None) -> list[Hit]:
    hits = []
    for each in check_articles(contents, day):
        article, rule = each.article, each.rule
        source = f"article rule {rule.rule}: {rule.source}"
        hits.append(Hit(article.item_id, article.where, rule.meaning, 100.0, rule.forbids, source, each.to_finding()))
    return hits
