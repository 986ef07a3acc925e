"""An item's advance data are what an item can be."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.customs.declared import Declared
from entrepost.mail.declaration import Content, Declaration

SHIRT = Declaration("sale", "EUR", (Content("cotton T-shirt for men", 1, 200, 1500),))


def test_what_is_not_known_of_an_item_is_left_empty() -> None:
    bare = Declared("LX000000014CN", "DE", SHIRT)
    assert (bare.weight_g, bare.mail_class, bare.form, bare.sender, bare.lodged_at) == (0, "", "", None, None)


def test_what_an_item_cannot_be_is_misuse() -> None:
    with pytest.raises(MisuseError, match="form 'CN99'"):
        Declared("LX000000014CN", "DE", SHIRT, form="CN99")
    with pytest.raises(MisuseError, match="mail class 'T'"):
        Declared("LX000000014CN", "DE", SHIRT, mail_class="T")
    with pytest.raises(MisuseError, match="cannot weigh -1 g"):
        Declared("LX000000014CN", "DE", SHIRT, weight_g=-1)
    with pytest.raises(MisuseError, match="nature 'theft'"):
        Declared("LX000000014CN", "DE", Declaration("theft", "EUR", ()))
