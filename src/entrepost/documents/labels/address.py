"""An address as it is printed: name, lines, postcode and city in the order of the country, country."""

from __future__ import annotations

from entrepost.documents.labels.typeset import Text
from entrepost.mail.party import Party
from entrepost.reference.country import get_country_name

POSTCODE_LAST = frozenset(("AU", "BR", "CA", "GB", "HK", "ID", "IE", "IN", "KR", "MY", "NZ", "SG", "TW", "US", "ZA"))
"""Countries that write city, region, postcode; the others postcode, city, region (assumed, by common practice)."""


def list_lines(party: Party, with_contact: bool = False) -> list[Text]:
    """The lines of an address, the name and the country in bold; with phone and e-mail where asked for."""
    lines = [Text(party.name, True, party.country)]
    lines += [Text(line, False, party.country) for line in party.lines if line.strip()]
    lines.append(Text(_town(party), False, party.country))
    lines.append(Text(get_country_name(party.country).upper(), True))
    contact = "  ".join(each for each in (party.phone, party.email) if each.strip())
    return [*lines, Text(contact)] if with_contact and contact else lines


def _town(party: Party) -> str:
    last = party.country in POSTCODE_LAST
    parts = (party.city, party.region, party.postcode) if last else (party.postcode, party.city, party.region)
    return " ".join(part for part in parts if part.strip())
