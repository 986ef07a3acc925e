"""What customs answer about an item: their decision, what is due, what they changed in its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from entrepost.base.errors import MisuseError
from entrepost.mail.advance_data import Amount
from entrepost.reference.customs_decision import get_decision


@dataclass(frozen=True, slots=True)
class TaxDue:
    """One duty, tax or fee: the amount, and the rate in percent and the base where they are told."""

    kind: str
    amount: Amount
    rate: str = ""
    base: Amount | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What customs changed in a line of the declaration; what they left is empty."""

    number: int
    hs_code: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class CustomsResponse:
    """A decision of customs about an item, by its mnemonic, with what is due and what they changed."""

    item_id: str
    decision: str
    decided_at: datetime
    reason: str = ""
    text: str = ""
    cleared_on: date | None = None
    dutiable: bool | None = None
    fee: Amount | None = None
    taxes: tuple[TaxDue, ...] = ()
    revised: tuple[Revision, ...] = ()

    def __post_init__(self) -> None:
        get_decision(self.decision)
        if self.decided_at.tzinfo is None:
            raise MisuseError(f"decision on {self.item_id}: its instant needs a zone, such as +08:00")
