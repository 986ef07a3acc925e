"""The receiver's answer to an interchange: which of its messages are taken, which are refused, and why.

To EDIFACT it is a CONTRL, with the reasons of a refusal as texts (FTX) behind the message that it refuses: who does not
know them passes them over. To everything else, and to bytes that are no interchange, it is JSON.

References
----------
ISO 9735 version 3, message type CONTRL D.3, code list 0083.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from entrepost.base.errors import IncomingMessageError, OutgoingMessageError
from entrepost.messages import edifact
from entrepost.messages.edifact import Segment, get, segment

State = Literal["accepted", "refused", "kept"]
ACCEPTED: State = "accepted"
REFUSED: State = "refused"
KEPT: State = "kept"
"""Read and kept, but not applied yet: nothing knows how, or what it changes has not come."""

ACTIONS: dict[str, State] = {"7": ACCEPTED, "8": KEPT, "4": REFUSED}
CODES = {state: code for code, state in ACTIONS.items()}
WHY_MOST, WHY_CHARS = 10, 300
KIND = ("CONTRL", "D", "3", "UN")


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one message; `why` tells at most ten reasons."""

    reference: str
    message: str
    state: State
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """From the receiver of an interchange (`sender`) to who sent it (`recipient`).

    `interchange` is the control reference that is answered, `transmission` the name under which its bytes came. `state`
    is refused where all of it is, with the reasons in `why`.
    """

    sender: str
    recipient: str
    interchange: str
    transmission: str
    prepared_at: datetime
    state: State
    messages: tuple[Answered, ...] = ()
    why: tuple[str, ...] = ()


def write(receipt: Receipt, syntax: str = "edifact") -> bytes:
    """The bytes of a receipt, in the syntax of what it answers."""
    if syntax == "edifact" and receipt.interchange:
        with suppress(OutgoingMessageError):  # a reference that no character set can say is answered by JSON
            return _write_edifact(receipt)
    told = [
        {"reference": each.reference, "message": each.message, "state": each.state, "why": list(each.why[:WHY_MOST])}
        for each in receipt.messages
    ]
    names = ("sender", "recipient", "interchange", "transmission", "state")
    head = {name: getattr(receipt, name) for name in names}
    head |= {"prepared_at": receipt.prepared_at.isoformat(), "why": list(receipt.why[:WHY_MOST])}
    whole = json.dumps({"receipt": {**head, "messages": told}}, ensure_ascii=False, separators=(",", ":"))
    return whole.encode("utf-8", "replace")


def read(data: bytes) -> Receipt:
    """Read a receipt.

    Raises
    ------
    IncomingMessageError
        Where it is none.
    """
    if data.lstrip()[:1] == b"{":
        return _read_json(data)
    given = edifact.read(data)
    for message in given.messages:
        if message.type == KIND[0]:
            return _read_contrl(given, message.segments)
    raise IncomingMessageError("it holds no receipt (CONTRL)", 1, 0)


def _write_edifact(receipt: Receipt) -> bytes:
    parties = (receipt.recipient, receipt.sender)
    rows = [segment("UCI", receipt.interchange, *parties, CODES[receipt.state])]
    rows += [_text(reason) for reason in receipt.why[:WHY_MOST]]
    for each in receipt.messages:
        rows.append(segment("UCM", each.reference, each.message, CODES[each.state]))
        rows += [_text(reason) for reason in each.why[:WHY_MOST]]
    reference = receipt.interchange[-14:]
    envelope = edifact.Envelope(
        receipt.sender, receipt.recipient, receipt.prepared_at, reference, "CONTRL", syntax="UNOW"
    )
    message = edifact.Message.of(KIND, rows, reference="1")
    return edifact.write(edifact.Interchange.of(envelope, [message]))


def _text(reason: str) -> Segment:
    sayable = "".join(sign if sign.isprintable() else " " for sign in reason)
    return segment("FTX", "AAO", "", "", sayable[:WHY_CHARS])


def _read_contrl(given: edifact.Interchange, segments: Sequence[Segment]) -> Receipt:
    interchange, state = "", REFUSED
    whole: list[str] = []
    found: list[list[Any]] = []
    for each in segments:
        if each[0] == "UCI":
            interchange, state = get(each, 1), ACTIONS.get(get(each, 4), REFUSED)
        elif each[0] == "UCM":
            found.append([get(each, 1), get(each, 2), ACTIONS.get(get(each, 3), REFUSED), []])
        elif each[0] in ("FTX", "UCS"):
            said = get(each, 4) if each[0] == "FTX" else f"segment {get(each, 1)}: error {get(each, 2)}"
            (found[-1][3] if found else whole).append(said)
    messages = tuple(Answered(reference, kind, how, tuple(why)) for reference, kind, how, why in found)
    prepared = given.prepared_at or datetime.min  # noqa: DTZ901 - by the sender's clock, without a zone
    return Receipt(given.sender, given.recipient, interchange, "", prepared, state, messages, tuple(whole))


def _read_json(data: bytes) -> Receipt:
    try:
        told = json.loads(data)["receipt"]
        messages = tuple(
            Answered(str(each["reference"]), str(each["message"]), _state(each["state"]), _texts(each["why"]))
            for each in told["messages"]
        )
        return Receipt(
            sender=str(told["sender"]),
            recipient=str(told["recipient"]),
            interchange=str(told["interchange"]),
            transmission=str(told["transmission"]),
            prepared_at=datetime.fromisoformat(told["prepared_at"]),
            state=_state(told["state"]),
            messages=messages,
            why=_texts(told["why"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IncomingMessageError(f"it is no receipt: {str(error)[:200]}", 0, 0) from None


def _state(text: object) -> State:
    for state in (ACCEPTED, REFUSED, KEPT):
        if text == state:
            return state
    raise ValueError(f"{text!r} is no state of a receipt")


def _texts(given: object) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise TypeError("reasons are no list")
    return tuple(str(each)[:WHY_CHARS] for each in given[:WHY_MOST])
