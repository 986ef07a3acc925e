"""There are four classes of mail."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.reference.mail_class import get_mail_class_name, is_mail_class, list_mail_classes


def test_mail_classes_have_names() -> None:
    assert list_mail_classes() == ["U", "C", "E", "T"]
    assert get_mail_class_name("E") == "EMS"


def test_another_letter_is_no_class_of_mail() -> None:
    assert is_mail_class("U")
    assert not is_mail_class("u")
    with pytest.raises(MissingRowError, match="'X'"):
        get_mail_class_name("X")
