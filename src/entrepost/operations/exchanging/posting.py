"""Post messages to partners: each goes by the channel that holds today, together with others for the same address.

To be called in the transaction of what caused them, so that neither is ever without the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from entrepost.base.clock import zone
from entrepost.base.findings import Finding, finding_code
from entrepost.mail.partner import Address, Channel, Partners
from entrepost.messages import any_message, plain, plain_lines
from entrepost.messages.profiling.layout import Profile
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.exchange_records import Sent
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.outbox import Entry, Route, queue

UNROUTED = finding_code("exchange_unrouted", "A message is for somebody with whom no channel is agreed for it today.")
MESSAGES_MOST = 200
"""So many messages stand in one interchange at most (assumed); documents of XML stand alone."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The interchanges that were queued, and messages that have no way to go."""

    sent: tuple[Sent, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """By which way messages go together."""

    channel: Channel
    own: Address
    partner: Address
    profile: Profile | None


def post(
    books: Books, tenant: str, partners: Partners, tellings: Sequence[Telling], profiles: Sequence[Profile] = ()
) -> Posted:
    """Queue messages, each for the operator of an office or for a carrier.

    Parameters
    ----------
    books : Books
        The store; the caller holds the transaction of what caused the messages.
    tenant : str
        The account.
    partners : Partners
        Its table.
    tellings : sequence of Telling
        The messages (nouns of `messages`) and to whom they go.
    profiles : sequence of Profile
        Those that channels name.
    """
    today = books.clock.now().date()
    findings: list[Finding] = []
    groups: dict[tuple[str, str, str, str], tuple[_Way, list[Any]]] = {}
    for each in tellings:
        way = _find_way(partners, each, today, profiles)
        if way is None:
            what, whom = type(each.message).__name__.upper(), each.office or each.carrier
            fix = "add a channel to the folder of partners, and post it again"
            findings.append(Finding(UNROUTED, "channel", f"{what} for {whom} has no channel on {today}", whom, fix=fix))
            continue
        key = (way.partner.address, way.channel.transport, way.channel.syntax, way.channel.stage)
        groups.setdefault(key, (way, []))[1].append((each.message, way.profile))
    sent: list[Sent] = []
    with books.transaction():
        for way, messages in groups.values():
            most = 1 if way.channel.syntax == "xml" else MESSAGES_MOST
            for start in range(0, len(messages), most):
                sent.append(_queue(books, tenant, partners, way, messages[start : start + most]))
    return Posted(tuple(sent), tuple(findings))


def _find_way(partners: Partners, telling: Telling, today: date, profiles: Sequence[Profile]) -> _Way | None:
    operator = _find_operator(partners, telling, today)
    if not operator:
        return None
    channel = partners.find_channel(operator, "out", type(telling.message).__name__.upper(), today)
    partner = partners.find_address(operator, today, channel.address) if channel else None
    own = partners.find_address(partners.own.operator, today)
    if channel is None or partner is None or own is None:
        return None
    profile = next((each for each in profiles if channel.profile and each.file == channel.profile), None)
    return _Way(channel, own, partner, profile)


def _find_operator(partners: Partners, telling: Telling, today: date) -> str:
    """Whose the office is, or the carrier itself; an office that is on no list is its country's operator's."""
    if not telling.office:
        known = [each.operator for each in partners.operators if each.operator == telling.carrier]
        return known[0] if known else ""
    others = [each.operator for each in partners.operators if not each.own]
    listed = {each.office: each.operator for each in partners.offices}
    if telling.office in listed:
        return listed[telling.office] if listed[telling.office] in others else ""
    return next((each for each in others if partners.has_office(each, telling.office, today)), "")


def _queue(books: Books, tenant: str, partners: Partners, way: _Way, messages: Sequence[tuple[Any, Any]]) -> Sent:
    channel = way.channel
    route = Route(way.own.address, way.partner.address, channel.operator, channel.transport, channel.syntax)
    nouns = [message for message, _ in messages]
    profiles = [profile for _, profile in messages if profile is not None]

    def write(reference: str, now: datetime) -> bytes:
        local = now.astimezone(zone(partners.own.time_zone or "UTC"))
        if channel.syntax == "json":
            head = plain_lines.Head(route.own, route.partner, reference, local, len(nouns), channel.stage == "test")
            return plain_lines.write(head, map(plain.to_plain, nouns))
        if channel.syntax == "xml":
            return any_message.write(nouns, None, partners.zones(now.date()), profiles)
        names = (route.own, route.partner)
        envelope = any_message.address(nouns, names, reference, local, profiles)
        envelope = replace(
            envelope,
            test=channel.stage == "test",
            sender_qualifier=way.own.qualifier,
            recipient_qualifier=way.partner.qualifier,
        )
        return any_message.write(nouns, envelope, partners.zones(now.date()), profiles)

    return queue(books, tenant, route, [_enter(message) for message in nouns], write)


def _enter(message: Any) -> Entry:
    data = getattr(message, "data", None)
    document = getattr(message, "document", "") or getattr(data, "item_id", "")
    name = type(message).__name__.upper()
    return Entry(name, document, getattr(message, "function", "") or ("original" if document else "replace"))
