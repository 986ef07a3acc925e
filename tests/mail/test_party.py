"""Who sends and who receives has an address in a country."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.party import Party


def test_a_party_needs_no_more_than_an_address() -> None:
    ana = Party("Ana", ("Rua A 1",), "Rio", "BR")
    assert (ana.country, ana.postcode, ana.tax_id) == ("BR", "", "")


@pytest.mark.parametrize("country", ["Brazil", "br", ""])
def test_a_party_lives_in_a_country_of_two_capitals(country: str) -> None:
    with pytest.raises(MisuseError, match=f"party 'Ana': '{country}' is not a country"):
        Party("Ana", ("Rua A 1",), "Rio", country)
