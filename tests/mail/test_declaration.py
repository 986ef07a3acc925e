"""A declaration adds up what it holds."""

from __future__ import annotations

from entrepost.mail.declaration import Content, Declaration


def test_values_and_weights_of_all_contents_are_added_up() -> None:
    contents = (Content("cotton T-shirt for men", 1, 200, 1500, "610910", "CN"), Content("silk scarf", 2, 60, 4200))
    declaration = Declaration("sale", "EUR", contents)
    assert (declaration.value_minor, declaration.net_weight_g) == (5700, 260)
