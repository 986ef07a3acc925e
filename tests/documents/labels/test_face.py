"""Faces: which font has a character, in which weight."""

from __future__ import annotations

import pytest

from entrepost.documents.labels.face import BOLD, HAN, REGULAR, SCRIPTS, find_face, get_face


@pytest.mark.parametrize(
    ("sign", "name"),
    [("A", "NotoSans-400"), ("Я", "NotoSans-400"), ("ع", "NotoSansArabic-400"), ("ש", "NotoSansHebrew-400")],
)
def test_a_character_has_the_face_of_its_script(sign: str, name: str) -> None:
    face = find_face(sign, REGULAR, "")
    assert face is not None
    assert face.name == name


@pytest.mark.parametrize("country", ["CN", *HAN])
def test_every_national_form_of_chinese_characters_is_there(country: str) -> None:
    face = find_face("国", BOLD, country)
    assert face is not None
    assert face.is_compact
    assert ord("가") in face.covered


def test_every_script_has_its_font() -> None:
    assert all(get_face(script, REGULAR).covered for script in SCRIPTS)


def test_no_face_has_a_private_character() -> None:
    assert find_face("\ue000", REGULAR, "") is None
