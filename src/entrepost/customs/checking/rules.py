"""What is wrong with declared figures: plain decisions on whole numbers, 0 where nothing is.

What each other answer means stands in `checking.said`. Texts are numbers by then (`checking.facts`).

References
----------
Forms CN 22, CN 23 and CP 72 of the Universal Postal Union, as guidance of posts describes them; the World Customs
Organization's magazine of 27 October 2025 on the quality of postal data (values of 0 and 1, vague descriptions,
incomplete addresses, goods declared as gifts). Where the rule is our own its docstring says so.
"""

from __future__ import annotations

from entrepost.base.rule import rule
from entrepost.mail.customs_form import form_number

MINOR_MOST = 10**15
"""No item is worth more minor units."""

UNKNOWN = -1
"""Stands for a figure that is not known: it is not judged here, but where it is missing or malformed."""

LIMIT = (UNKNOWN, MINOR_MOST)
LETTER, PARCEL = 1, 2
HS_UNKNOWN, HS_KNOWN, HS_OTHER_VINTAGE, HS_NOT_ASKED, HS_NO_CHAPTER = 0, 1, 2, 3, 4


@rule(quantity=(UNKNOWN, 10**6))
def pieces_flaw(quantity: int) -> int:
    """1 where a line has no pieces."""
    return 1 if quantity == 0 else 0


@rule(value_minor=LIMIT, minor_units=(1, 10**4), is_documents=(0, 1))
def value_flaw(value_minor: int, minor_units: int, is_documents: int) -> int:
    """1 where goods have no value, 2 where a line is worth exactly 1.00: a figure that stands for one left out.

    `minor_units` are those of one unit of the currency: 1 for JPY, 100 for EUR, 1,000 for KWD.
    """
    if value_minor == UNKNOWN or is_documents:
        return 0
    if value_minor == 0:
        return 1
    return 2 if value_minor == minor_units else 0


@rule(hs_digits=(UNKNOWN, 10), hs_known=(0, 4))
def hs_flaw(hs_digits: int, hs_known: int) -> int:
    """1 where a code is not 6 to 10 digits, 2 where there is no such chapter, 3 where the nomenclature that was loaded
    does not have it, 4 where only another vintage has it.
    """
    if hs_digits == 0:
        return 0
    if hs_digits < 6:
        return 1
    if hs_known == HS_NO_CHAPTER:
        return 2
    if hs_known == HS_UNKNOWN:
        return 3
    return 4 if hs_known == HS_OTHER_VINTAGE else 0


@rule(origin_known=(UNKNOWN, 1))
def origin_flaw(origin_known: int) -> int:
    """1 where the country in which an article was made is no country."""
    return 1 if origin_known == 0 else 0


@rule(description_given=(0, 1), likeness=(0, 100), likeness_least=(1, 100))
def description_flaw(description_given: int, likeness: int, likeness_least: int) -> int:
    """1 where there is no description, 2 where it is a vague one, 3 where it is nearly one.

    `likeness` is that to the most similar vague description, in percent; that a mistyped vague word counts as one is
    our own.
    """
    if not description_given:
        return 1
    if likeness == 100:
        return 2
    return 3 if likeness >= likeness_least else 0


@rule(lines=(0, 10**6))
def contents_flaw(lines: int) -> int:
    """1 where nothing is declared."""
    return 1 if lines == 0 else 0


@rule(currency_known=(UNKNOWN, 1))
def currency_flaw(currency_known: int) -> int:
    """1 where the currency is none."""
    return 1 if currency_known == 0 else 0


@rule(net_weight_g=(UNKNOWN, 10**9), weight_g=(0, 10**9))
def weight_flaw(net_weight_g: int, weight_g: int) -> int:
    """1 where the contents weigh more than the item with its packing; 0 g is a weight that is not known."""
    return 1 if weight_g and net_weight_g > weight_g else 0


@rule(form=(0, 3), mail_class=(0, 3), value_minor=LIMIT, cn22_most_minor=LIMIT, is_documents=(0, 1))
def form_flaw(form: int, mail_class: int, value_minor: int, cn22_most_minor: int, is_documents: int) -> int:
    """1 where the form says less than the one that the item takes; a fuller one than needed does no harm.

    Forms are 1 CN 22, 2 CN 23 and 3 the set CP 72, classes 1 letters, 2 parcels and 3 EMS; 0 is not known.
    """
    if not form or not mail_class or is_documents:
        return 0
    if mail_class == LETTER and min(value_minor, cn22_most_minor) == UNKNOWN:
        return 0
    worth, most = max(value_minor, 0), max(cn22_most_minor, 0)
    return 1 if form < 1 + form_number(int(mail_class == LETTER), int(mail_class == PARCEL), worth, most) else 0


@rule(is_gift=(0, 1), is_registered=(0, 1), value_minor=LIMIT, gift_most_minor=LIMIT)
def gift_flaw(is_gift: int, is_registered: int, value_minor: int, gift_most_minor: int) -> int:
    """1 where a gift is worth more than is free, 2 where a registered seller calls what he sold a gift."""
    if not is_gift:
        return 0
    if is_registered:
        return 2
    return 1 if gift_most_minor != UNKNOWN and value_minor > gift_most_minor else 0


@rule(sender_country=(0, 999), issuer_country=(0, 999))
def sender_flaw(sender_country: int, issuer_country: int) -> int:
    """1 where the sender lives elsewhere than where the identifier was issued; countries by number, 0 unknown."""
    return 1 if sender_country and issuer_country and sender_country != issuer_country else 0


@rule(months_since_used=(UNKNOWN, 12_000), reuse_months=(1, 120))
def reuse_flaw(months_since_used: int, reuse_months: int) -> int:
    """1 where an identifier comes again before it may: S10 numbers rest 12 months."""
    return 1 if months_since_used != UNKNOWN and months_since_used < reuse_months else 0


@rule(minutes_early=(-(10**7), 10**7), is_timed=(0, 1))
def late_flaw(minutes_early: int, is_timed: int) -> int:
    """1 where the data came after they were due."""
    return 1 if is_timed and minutes_early < 0 else 0


@rule(required=(0, 2**20), given=(0, 2**20))
def missing_data(required: int, given: int) -> int:
    """The fields that are required and not given, each a bit."""
    return required & ~given
