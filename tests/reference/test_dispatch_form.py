"""Mail of every class and category has its papers, and each is a form."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.codes.dispatch import CATEGORIES
from entrepost.codes.mail_subclass import CLASSES
from entrepost.reference.dispatch_form import BILL, DELIVERY, LABEL, REGISTERED, get_dispatch_form


@pytest.mark.parametrize(
    ("paper", "mail", "form"),
    [
        *((LABEL, "UA", "CN 35"), (LABEL, "UB", "CN 36"), (LABEL, "UC", "CN 34"), (LABEL, "CA", "CP 84")),
        *((LABEL, "CB", "CP 85"), (LABEL, "CC", "CP 83"), (LABEL, "EA", "EMS"), (BILL, "UA", "CN 31")),
        *((BILL, "CA", "CP 87"), (DELIVERY, "UA", "CN 38"), (DELIVERY, "UC", "CN 37"), (DELIVERY, "CB", "CN 41")),
        *((DELIVERY, "TC", "CN 47"), (REGISTERED, "UA", "CN 33")),
    ],
)
def test_known_papers_are_known_forms(paper: str, mail: str, form: str) -> None:
    assert get_dispatch_form(paper, *mail).form == form


def test_all_mail_has_a_label_a_bill_and_a_delivery_bill() -> None:
    made = [get_dispatch_form(paper, *mail) for paper in (LABEL, BILL, DELIVERY) for mail in _kinds()]
    assert all(each.title and each.title_fr and each.source for each in made)


def _kinds() -> list[tuple[str, str]]:
    return [(name, how) for name in CLASSES for how in CATEGORIES]


def test_parcels_have_no_special_list_of_registered_letters() -> None:
    with pytest.raises(MissingRowError):
        get_dispatch_form(REGISTERED, "C", "A")
