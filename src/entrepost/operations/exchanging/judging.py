"""Judge what arrived before anything is looked up: who sent it, to whom, whether it is whole, and what is in it.

A transport proves who sent something; whatever its envelope claims besides is refused, and named by its transmission so
that nobody can take up the references of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from entrepost.base.clock import zone
from entrepost.base.errors import EntrepostError
from entrepost.base.findings import Finding, finding_code
from entrepost.mail.partner import Channel, Operator, Partners
from entrepost.messages.pieces import Cut, Piece, cut, to_digest, to_name
from entrepost.messages.profiling.layout import Profile
from entrepost.operations.exchange_records import Came, CameMessage
from entrepost.operations.exchanging.receipts import DUE, LINES, REFUSED
from entrepost.operations.exchanging.transport import BYTES_MOST, Arrival

STRANGER = finding_code("exchange_sender_unknown", "Something came from an address that no partner has.")
FORGED = finding_code("exchange_sender_other", "An envelope names another sender than who sent it.")
MISSENT = finding_code("exchange_recipient_other", "An envelope names a recipient that is not us.")
OVERSIZED = finding_code("exchange_oversized", "An interchange has more than 50 MB.")
UNREADABLE = finding_code("exchange_unreadable", "What came is no interchange.")
REPLAYED = finding_code("exchange_reference_reused", "A control reference was used before for something else.")
UNAGREED = finding_code("exchange_message_unagreed", "A message came that no channel with its sender has on that day.")
VERSION = finding_code("exchange_version_other", "A message came in another version than was agreed.")
TAKEN = "taken"
NAMELESS = "?"
WHY_MOST, WHY_CHARS = 10, 300


@dataclass(frozen=True, slots=True)
class Opened:
    """Something that arrived: its row, its messages as far as they can be taken, and those that are refused already."""

    arrival: Arrival
    came: Came
    operator: Operator | None
    pieces: tuple[tuple[CameMessage, Piece, Channel | None], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """By what is judged: the account, its partners, the present instant, and profiles in the place of ours."""

    tenant: str
    partners: Partners
    now: datetime
    profiles: tuple[Profile, ...] = ()


def open_arrival(arrival: Arrival, transport: str, desk: Desk) -> Opened:
    """Open what arrived; whatever is wrong with it stands in its row."""
    given, today = arrival.transmission, desk.now.date()
    operator = desk.partners.find_sender(arrival.proved_sender, today) if arrival.proved_sender else None
    came = _row(arrival, transport, desk, operator)
    if operator is None or operator.own:
        what = f"{arrival.proved_sender or 'nobody'} is the address of no partner on {today}"
        return _refuse(arrival, came, operator, [_fault(STRANGER, what, came)])
    if len(given.body) > BYTES_MOST:
        what = f"it has {len(given.body):,} bytes, {BYTES_MOST:,} are allowed"
        return _refuse(arrival, came, operator, [_fault(OVERSIZED, what, came)])
    try:
        found = cut(given.body, desk.profiles)
    except EntrepostError as error:
        return _refuse(arrival, came, operator, [_fault(UNREADABLE, str(error), came)])
    came = _address(came, found, operator)
    wrong = _check_parties(arrival, found, desk, came)
    if wrong:
        return _refuse(arrival, replace(came, reference="", came=_nameless(came)), operator, [wrong])
    if found.refused or not found.pieces:
        return _refuse(arrival, came, operator, found.findings or [_fault(UNREADABLE, "it holds no message", came)])
    pieces = tuple(judge_piece(piece, came, operator, desk) for piece in found.pieces)
    return Opened(arrival, replace(came, messages=len(pieces)), operator, pieces)


def to_why(findings: Sequence[Finding | str]) -> str:
    """Findings as they are kept and told: at most ten, each shortened."""
    told = ["".join(sign if sign.isprintable() else " " for sign in str(each))[:WHY_CHARS] for each in findings]
    more = [f"and {len(told) - WHY_MOST + 1:,} more"] if len(told) > WHY_MOST else []
    return LINES.join([*told[: WHY_MOST - len(more)], *more])


def _row(arrival: Arrival, transport: str, desk: Desk, operator: Operator | None) -> Came:
    given = arrival.transmission
    row = Came(
        tenant=desk.tenant,
        came="",
        sender=arrival.proved_sender,
        own=given.recipient,
        operator=operator.operator if operator else "",
        reference="",
        transmission=to_name(given.transmission_id),
        transport=transport,
        syntax="json",
        digest=to_digest(given.body),
        state=TAKEN,
        why="",
        stage="live",
        receipt=DUE if operator else "",
        messages=0,
        accepted=0,
        refused=0,
        times=1,
        created_at=desk.now,
    )
    return replace(row, came=_nameless(row))


def _nameless(came: Came) -> str:
    return f"{came.sender} {NAMELESS}{came.transmission}"


def _address(came: Came, found: Cut, operator: Operator) -> Came:
    """With what the envelope tells; a document has no envelope, and is known by its transmission."""
    reference = found.sender.reference
    prepared = found.prepared_at
    if prepared is not None and prepared.tzinfo is None:
        prepared = prepared.replace(tzinfo=zone(operator.time_zone or "UTC"))
    stage = "test" if found.sender.test else came.stage
    name = f"{came.sender} {reference}" if reference else came.came
    return replace(
        came,
        came=name,
        reference=reference,
        syntax=found.syntax,
        stage=stage,
        prepared_at=prepared.astimezone(UTC) if prepared else None,
    )


def _check_parties(arrival: Arrival, found: Cut, desk: Desk, came: Came) -> Finding | None:
    given, told = arrival.transmission, found.sender
    for claimed in (given.sender, told.sender):
        if claimed and claimed != arrival.proved_sender:
            what = f"it says {claimed}, and came from {arrival.proved_sender}"
            return _fault(FORGED, what, came)
    own = desk.partners.own.operator
    for named in (given.recipient, told.recipient):
        if named and desk.partners.find_address(own, desk.now.date(), named) is None:
            return _fault(MISSENT, f"it is addressed to {named}, which is none of our addresses", came)
    return None


def judge_again(
    row: CameMessage, piece: Piece, came: Came, desk: Desk
) -> tuple[CameMessage, Piece, Operator, Channel | None]:
    """A message that was kept or refused, by what holds now; it stays in its place."""
    operator = desk.partners.get_operator(row.operator)
    judged, _, channel = judge_piece(replace(piece, reference=row.reference), came, operator, desk)
    return replace(judged, told_at=row.told_at, created_at=row.created_at), piece, operator, channel


def judge_piece(piece: Piece, came: Came, operator: Operator, desk: Desk) -> tuple[CameMessage, Piece, Channel | None]:
    """The row of a message, refused where it was not agreed on, and the channel by which it came."""
    channel = desk.partners.find_channel(operator.operator, "in", piece.message, desk.now.date())
    findings = list(piece.findings)
    if not findings and channel is None:
        what = f"{piece.message or 'a message without a type'} is not agreed with {operator.operator} now"
        findings = [_fault(UNAGREED, what, came, "agree on it, and add a channel")]
    elif not findings and channel and channel.version and piece.version not in ("", channel.version):
        what = f"{piece.message} is version {piece.version}; {channel.version} is agreed"
        findings = [_fault(VERSION, what, came, "send the version that is agreed")]
    if channel and came.stage == "test":
        channel = replace(channel, stage=came.stage)
    row = CameMessage(
        tenant=came.tenant,
        entry=f"{came.came} {piece.reference}",
        came=came.came,
        operator=operator.operator,
        sender=came.sender,
        reference=piece.reference,
        message=piece.message,
        document=piece.document,
        function=piece.function,
        identity=f"{came.sender} {piece.message} {piece.document}" if piece.document else "",
        digest=piece.digest,
        state=REFUSED if findings else "",
        why=to_why(findings),
        told_at=came.prepared_at or came.created_at,
        created_at=came.created_at,
    )
    return row, piece, channel


def _refuse(arrival: Arrival, came: Came, operator: Operator | None, findings: Sequence[Finding]) -> Opened:
    return Opened(arrival, replace(came, state=REFUSED, why=to_why(findings)), operator)


def _fault(code: str, what: str, came: Came, fix: str = "send it as it was agreed") -> Finding:
    return Finding(code, "", what, came.transmission, fix=fix)
