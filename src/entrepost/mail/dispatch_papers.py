"""What is printed with mail in receptacles: on labels, with a dispatch, and for the carrier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from entrepost.mail.consignment import Consignment
from entrepost.mail.dispatch import Dispatch


@dataclass(frozen=True, slots=True)
class DispatchPapers:
    """A dispatch, the name of its operator as printed, and those of offices by their codes.

    `carried_by` says of receptacles, by their numbers, with which consignment and trip they go, where that is known.
    """

    dispatch: Dispatch
    operator: str
    offices: Mapping[str, str] = field(default_factory=dict)
    carried_by: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, office: str) -> str:
        """The name of an office; empty where nobody told it."""
        return self.offices.get(office, "")


@dataclass(frozen=True, slots=True)
class ConsignmentPapers:
    """A consignment, the name of its operator as printed, and those of places by their codes."""

    consignment: Consignment
    operator: str
    offices: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, office: str) -> str:
        """The name of a place; empty where nobody told it."""
        return self.offices.get(office, "")
