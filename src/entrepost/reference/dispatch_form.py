"""Which form of the UPU a paper of receptacles, dispatches and consignments is, by class and category of mail."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.reference.table import read_dated

LABEL, BILL, DELIVERY, REGISTERED, INSURED = "label", "bill", "delivery", "registered", "insured"
"""The papers: on a receptacle, with a dispatch, to the carrier, and the lists of items of value within a dispatch."""


@dataclass(frozen=True, slots=True)
class DispatchForm:
    """A form: its number (`CN 31`), and its title in English and French."""

    form: str
    title: str
    title_fr: str
    source: str


def get_dispatch_form(paper: str, mail_class: str, mail_category: str) -> DispatchForm:
    """The form that a paper is; raises `MissingRowError` where such mail has none."""
    row = read_dated("dispatch_forms", "paper").at(f"{paper}/{mail_class}/{mail_category}")
    return DispatchForm(row["form"], row["title"], row["title_fr"], row["source"])
