"""What is told of an item before it comes: who sends what to whom, how, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from entrepost.base.errors import MisuseError
from entrepost.codes import s10
from entrepost.mail.declaration import Declaration
from entrepost.mail.party import Party


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: minor units of a currency."""

    value_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class TaxId:
    """A number that customs know somebody by, and what number it is (EORI, IOSS, CPF)."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that goes with an item: its kind (INVOICE, LICENCE, CERTIFICATE) and its number."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class AdvanceData:
    """Everything that the operator of origin tells of one item before it comes.

    `sender_ids` and `recipient_ids` are all numbers that customs know them by; `Party.tax_id` has the first one.
    """

    item_id: str
    origin_operator: str
    destination_operator: str
    mail_class: str
    posted_at: datetime
    weight_g: int
    sender: Party
    recipient: Party
    declaration: Declaration
    mail_category: str = ""
    handling_class: str = ""
    postage: Amount | None = None
    insured: Amount | None = None
    sender_ids: tuple[TaxId, ...] = ()
    recipient_ids: tuple[TaxId, ...] = ()
    papers: tuple[Paper, ...] = ()
    marketplace: str = ""

    def __post_init__(self) -> None:
        if s10.format(s10.parse(self.item_id)) != self.item_id:
            raise MisuseError(f"item {self.item_id!r}: write the identifier in 13 characters without blanks")
        if self.posted_at.tzinfo is None:
            raise MisuseError(f"item {self.item_id}: the instant of posting needs a zone, such as +08:00")
        if self.weight_g < 0:
            raise MisuseError(f"item {self.item_id}: it cannot weigh {self.weight_g} g")
