"""Everything that is printed on an item's label and customs forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepost.base.findings import Finding, finding_code
from entrepost.mail.declaration import Declaration
from entrepost.mail.item import Item
from entrepost.mail.party import Party

INCOMPLETE = finding_code("address_incomplete", "An address lacks a name, a line or a city.")

UNDELIVERED = ("return", "abandon")
"""What a sender may want done with an item that cannot be delivered."""


@dataclass(frozen=True, slots=True)
class Papers:
    """One item with its sender, recipient and declaration, and what forms say besides.

    `operator` and `service` are names as printed, `office` is where the item is posted; `postage_minor` is in the
    declaration's currency, as are all amounts of a form, and `insured_sdr_minor` in SDR (None: there is none).
    """

    item: Item
    sender: Party
    recipient: Party
    declaration: Declaration
    operator: str
    posted_on: date
    office: str = ""
    service: str = ""
    postage_minor: int | None = None
    insured_sdr_minor: int | None = None
    licence: str = ""
    certificate: str = ""
    invoice: str = ""
    comments: str = ""
    undelivered: str = "return"


def check_papers(papers: Papers) -> list[Finding]:
    """What is wrong with the addresses of an item; `customs.check` judges its declaration."""
    subject = papers.item.item_id
    findings = []
    for role, party in (("sender", papers.sender), ("recipient", papers.recipient)):
        for name, value in (("name", party.name), ("line1", "".join(party.lines)), ("city", party.city)):
            if not value.strip():
                message = f"the address of the {role} has no {name}"
                findings.append(Finding(INCOMPLETE, f"{role}_{name}", message, subject, fix="write it"))
    return findings
