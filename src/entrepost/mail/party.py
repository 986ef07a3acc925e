"""Who sends and who receives."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MisuseError
from entrepost.codes.country import is_country


@dataclass(frozen=True, slots=True)
class Party:
    """A person or firm with an address; `tax_id` is the number that customs know it by (EORI, IOSS, CPF)."""

    name: str
    lines: tuple[str, ...]
    city: str
    country: str
    postcode: str = ""
    region: str = ""
    phone: str = ""
    email: str = ""
    tax_id: str = ""

    def __post_init__(self) -> None:
        if not is_country(self.country):
            raise MisuseError(f"party {self.name!r}: {self.country!r} is not a country; write two capitals")
