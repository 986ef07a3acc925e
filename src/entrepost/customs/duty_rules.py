"""What is due on an item, in rules of whole numbers: money in minor units, rates in hundred-thousandths.

Every amount is rounded half up once, where it becomes minor units; each part of a compound duty is such an amount.
"""

from __future__ import annotations

from entrepost.base.money import divide_half_up
from entrepost.base.rule import rule

MONEY = (0, 10**13)
LIMIT = (-1, 10**13)
RATE = (0, 300_000)
YES_NO = (0, 1)
WEIGHT_G = (0, 10**8)
WHOLE = 100_000
MICRO_KG = 1_000_000_000
"""Millionths of a minor unit a kilogram, of grams."""


@rule(base_minor=MONEY, rate=RATE)
def ad_valorem(base_minor: int, rate: int) -> int:
    """A share of a value: customs value of GATT article VII."""
    return divide_half_up(base_minor * rate, WHOLE)


@rule(weight_g=WEIGHT_G, per_kg_micro=(0, 10**9), pieces=(0, 10**7), per_piece_micro=(0, 10**11))
def specific(weight_g: int, per_kg_micro: int, pieces: int, per_piece_micro: int) -> int:
    """Amounts a kilogram and a piece, in millionths of a minor unit."""
    return divide_half_up(weight_g * per_kg_micro, MICRO_KG) + divide_half_up(pieces * per_piece_micro, 1_000_000)


@rule(duty_minor=MONEY, least_minor=LIMIT, most_minor=LIMIT)
def between(duty_minor: int, least_minor: int, most_minor: int) -> int:
    """A duty that is at least and at most something; -1 where there is no such bound. The upper bound wins."""
    raised = max(duty_minor, least_minor)
    return min(raised, most_minor) if most_minor >= 0 else raised


@rule(value_minor=MONEY, free_minor=LIMIT)
def is_relieved(value_minor: int, free_minor: int) -> int:
    """Whether a value is within a relief; the limit itself is, and -1 means that there is no relief."""
    return 1 if free_minor >= 0 and value_minor <= free_minor else 0


@rule(classifications=(0, 10_000), each_minor=(0, 10**9))
def flat_duty(classifications: int, each_minor: int) -> int:
    """The EU's duty on low-value items since 1 July 2026: an amount for each distinct tariff classification.

    References
    ----------
    Regulation (EU) 2026/382: five T-shirts are one classification, a T-shirt and a watch are two.
    """
    return classifications * each_minor


@rule(cif_minor=MONEY, limit_minor=MONEY, low_rate=RATE, high_rate=RATE, deduction_minor=(0, 10**9))
def programme_duty(cif_minor: int, limit_minor: int, low_rate: int, high_rate: int, deduction_minor: int) -> int:
    """Brazil's import tax in the programme Remessa Conforme: a low rate up to a limit, above it a rate less an amount.

    References
    ----------
    20 % up to USD 50; 60 % less USD 20 above, so that both meet at the limit. Lei 14.902/2024.
    """
    if cif_minor <= limit_minor:
        return divide_half_up(cif_minor * low_rate, WHOLE)
    return max(0, divide_half_up(cif_minor * high_rate, WHOLE) - deduction_minor)


@rule(value_minor=MONEY, limit_minor=MONEY, rate=RATE, weight_g=WEIGHT_G, per_kg_minor=(0, 10**6))
def excess_duty(value_minor: int, limit_minor: int, rate: int, weight_g: int, per_kg_minor: int) -> int:
    """The Eurasian Economic Union's duty on goods for personal use: on what is above a value or above 31 kg.

    References
    ----------
    Decision 107 of the Council of the Eurasian Economic Commission: the greater of both parts.
    """
    on_value = divide_half_up(max(0, value_minor - limit_minor) * rate, WHOLE)
    on_weight = divide_half_up(max(0, weight_g - FREE_WEIGHT_G) * per_kg_minor, 1000)
    return max(on_value, on_weight)


FREE_WEIGHT_G = 31_000
"""Weight of one item that goes free within the value; above it the Union asks for an amount a kilogram."""


@rule(base_minor=MONEY, rate=(0, 99_999), inside=YES_NO)
def consumption_tax(base_minor: int, rate: int, inside: int) -> int:
    """Tax added to its base, or a tax that lies inside its own base as Brazil's ICMS does: base / (1 - rate) * rate.

    References
    ----------
    Directive 2006/112/EC, articles 78 and 86: carriage, insurance and duty belong to the base.
    Lei Complementar 87/1996, article 13: the tax itself belongs to its base.
    """
    return divide_half_up(base_minor * rate, WHOLE - rate if inside else WHOLE)


@rule(amount_minor=MONEY, forgiven_minor=LIMIT)
def collected_amount(amount_minor: int, forgiven_minor: int) -> int:
    """An amount, or nothing where so little is not collected (-1: everything is)."""
    return 0 if forgiven_minor >= 0 and amount_minor <= forgiven_minor else amount_minor
