"""Descriptions that tell customs nothing."""

from __future__ import annotations

from entrepost.reference.vague_description import list_vague


def test_what_the_customs_organization_names_is_among_them_in_small_letters() -> None:
    assert {"gift", "parts", "clothes"} <= set(list_vague())
    assert all(text == text.lower() for text in list_vague())
