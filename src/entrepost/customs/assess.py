"""What is due on one item: the rules put together, once, for one item in Python and for columns compiled.

Everything is a whole number. An amount that is not known is -1; it makes unknown what rests on it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from entrepost.customs.duty_rules import (
    ad_valorem,
    between,
    collected_amount,
    consumption_tax,
    excess_duty,
    flat_duty,
    is_relieved,
    programme_duty,
    specific,
)

UNKNOWN = -1
NO_DUTY, TARIFF, FLAT, PROGRAMME, EXCESS, BY_ORIGIN, NOT_KNOWN = range(7)
METHODS = ("none", "tariff", "flat", "programme", "excess", "origin", "unknown")
"""Ways to work a duty out, in the order of their numbers."""
NOTHING, AT_SALE, AT_DELIVERY, BY_CARRIER, DUTY_PAID = range(5)
COLLECTED = ("nothing", "at_sale", "at_delivery", "by_carrier", "duty_paid")
"""Who pays and when, in the order of their numbers."""
SALE, GIFT, DOCUMENTS = range(3)
DUTY, TAX = 0, 1
SHARE_MOST = 3_000_000_000


class TermFigures(NamedTuple):
    """The terms of a destination on a day, as numbers; amounts in minor units, -1: no such limit, or not known."""

    duty_free: int
    tax_free: int
    duty_method: int
    others_method: int
    duty_on_cif: int
    duty_limit: int
    duty_each: int
    rate_low: int
    rate_high: int
    deduction: int
    ceiling: int
    tax_rate: int
    tax_inside: int
    forgiven: int
    has_scheme: int
    scheme_limit: int
    scheme_by_piece: int
    scheme_no_duty: int
    gift_free: int
    collected: int
    by_item: int
    fee_low: int
    fee_each: int
    fee_limit: int
    fee_collected: int


class ItemFigures(NamedTuple):
    """An item: value of its goods, carriage and insurance together, weight, dearest piece, why it is sent, seller.

    `registered` is 1 where the seller's number has the form of the destination's scheme. Its lines stand from
    `start` up to `stop`, its terms at `terms`.
    """

    value: int
    extra: int
    weight_g: int
    piece_most: int
    nature: int
    registered: int
    terms: int
    start: int
    stop: int


class LineFigures(NamedTuple):
    """A line, and the duty on its article: a rate and amounts, with bounds (-1: none).

    `known` is 0 where there is no duty that can be worked out. `first` is 1 on the first line of each tariff
    classification of an item, and -1 where the line has no code.
    """

    value: int
    weight_g: int
    quantity: int
    first: int
    known: int
    rate: int
    per_kg: int
    per_piece: int
    least_rate: int
    least_per_kg: int
    least_per_piece: int
    most_rate: int
    most_per_kg: int
    most_per_piece: int
    each: int


def assess_all(terms: Any, items: Any, lines: Any, parts: Any, results: Any) -> None:
    """Assess every item of records; `results` gets duty, tax, fees and who collects, a row for each."""
    for place in range(len(items)):
        item = items[place]
        duty, tax, fees, collected = assess(terms[item.terms], item, lines, parts)
        results[place, 0] = duty
        results[place, 1] = tax
        results[place, 2] = fees
        results[place, 3] = collected


def assess(terms: Any, item: Any, lines: Any, parts: Any) -> tuple[int, int, int, int]:
    """Duty, tax and fees of an item, and who collects them.

    Parameters
    ----------
    terms : TermFigures
    item : ItemFigures
    lines : sequence of LineFigures
        The compiled door passes records with the same fields for these three.
    parts : sequence
        For each line a pair, into which its share of duty and tax is written.
    """
    for k in range(item.start, item.stop):
        parts[k][DUTY] = 0
        parts[k][TAX] = 0
    if is_free(terms, item):
        return 0, 0, 0, NOTHING
    duty = collected_duty(terms, item, lines, parts)
    tax = tax_of(terms, item, duty)
    share_tax(item, lines, parts, duty, tax)
    collected = collector(terms, item, duty, tax)
    return duty, tax, fees_of(terms, item, lines, collected), collected


def is_free(terms: Any, item: Any) -> bool:
    """Whether nothing is due whatever the article: documents, and gifts within the destination's limit."""
    return bool(item.nature == DOCUMENTS or (item.nature == GIFT and is_relieved(item.value, terms.gift_free) == 1))


def is_in_scheme(terms: Any, item: Any) -> bool:
    """Whether the seller charges the tax at sale: registered, a sale, and within the limit of the scheme."""
    if item.registered == 0 or terms.has_scheme == 0 or item.nature != SALE:
        return False
    compared = item.piece_most if terms.scheme_by_piece == 1 else item.value
    return bool(terms.scheme_limit < 0 or compared <= terms.scheme_limit)


def collected_duty(terms: Any, item: Any, lines: Any, parts: Any) -> int:
    """The duty that is collected; what is too little to be collected is none, on no line."""
    duty = duty_of(terms, item, lines, parts)
    if duty <= 0 or collected_amount(duty, terms.forgiven) > 0:
        return duty
    for k in range(item.start, item.stop):
        parts[k][DUTY] = 0
    return 0


def duty_of(terms: Any, item: Any, lines: Any, parts: Any) -> int:
    """The duty of an item by the way that holds for it."""
    method = way_of(terms, item)
    if method == NO_DUTY:
        return 0
    if method == FLAT:
        return duty_by_classification(terms, item, lines, parts)
    dearest = dearest_origin(item, lines) if method == BY_ORIGIN and terms.by_item == 1 else UNKNOWN
    if method == TARIFF or (method == BY_ORIGIN and dearest < 0):
        return duty_by_line(terms, item, lines, parts)
    duty = dearest
    if method == PROGRAMME:
        duty = duty_in_programme(terms, item)
    elif method == EXCESS:
        duty = excess_duty(item.value, terms.duty_limit, terms.rate_high, item.weight_g, terms.duty_each)
    share_duty(item, lines, parts, duty)
    return duty


def way_of(terms: Any, item: Any) -> int:
    """How the duty of an item is worked out: by the terms, unless a relief, a scheme or a limit says otherwise."""
    scheme = is_in_scheme(terms, item)
    if terms.duty_method == NO_DUTY or is_relieved(item.value, terms.duty_free) == 1:
        return NO_DUTY
    if scheme and terms.scheme_no_duty == 1:
        return NO_DUTY
    if terms.ceiling > 0 and item.value > terms.ceiling:
        return NOT_KNOWN
    if terms.duty_method != FLAT:
        return int(terms.duty_method)
    if item.value > terms.duty_limit:
        return TARIFF
    return FLAT if scheme else int(terms.others_method)


def duty_by_classification(terms: Any, item: Any, lines: Any, parts: Any) -> int:
    """The flat duty, on the first line of each classification; unknown where a line has no code."""
    known = True
    for k in range(item.start, item.stop):
        if lines[k].first < 0:
            known = False
            parts[k][DUTY] = UNKNOWN
        elif lines[k].first == 1:
            parts[k][DUTY] = terms.duty_each
    return flat_duty(count_classifications(item, lines), terms.duty_each) if known else UNKNOWN


def count_classifications(item: Any, lines: Any) -> int:
    """Different tariff classifications in an item, of the lines that have a code."""
    count = 0
    for k in range(item.start, item.stop):
        if lines[k].first == 1:
            count += 1
    return count


def duty_by_line(terms: Any, item: Any, lines: Any, parts: Any) -> int:
    """The sum of the duties of the lines, carriage and insurance shared out by value where the law counts them."""
    total, known, value, before = 0, True, 0, 0
    for k in range(item.start, item.stop):
        value += lines[k].value
        upto = share_of(item.extra, value, item.value) if terms.duty_on_cif == 1 else 0
        duty = duty_of_line(lines[k], lines[k].value + upto - before)
        before = upto
        parts[k][DUTY] = duty
        known = known and duty >= 0
        total += duty
    return total if known else UNKNOWN


def duty_of_line(line: Any, base: int) -> int:
    """The duty of a line on its customs value; unknown without a rate, or without the weight that it asks for."""
    by_weight = line.per_kg + max(line.least_per_kg, 0) + max(line.most_per_kg, 0)
    if line.known == 0 or (line.weight_g < 0 and by_weight > 0):
        return UNKNOWN
    weight_g, least, most = max(line.weight_g, 0), UNKNOWN, UNKNOWN
    duty = ad_valorem(base, line.rate) + specific(weight_g, line.per_kg, line.quantity, line.per_piece)
    if line.least_rate >= 0:
        amount = specific(weight_g, line.least_per_kg, line.quantity, line.least_per_piece)
        least = ad_valorem(base, line.least_rate) + amount
    if line.most_rate >= 0:
        amount = specific(weight_g, line.most_per_kg, line.quantity, line.most_per_piece)
        most = ad_valorem(base, line.most_rate) + amount
    return int(between(duty, least, most))


def duty_in_programme(terms: Any, item: Any) -> int:
    """Brazil's import tax on value, carriage and insurance: in the programme or, at the high rate, outside."""
    cif = item.value + item.extra
    if not is_in_scheme(terms, item):
        return int(ad_valorem(cif, terms.rate_high))
    return int(programme_duty(cif, terms.duty_limit, terms.rate_low, terms.rate_high, terms.deduction))


def dearest_origin(item: Any, lines: Any) -> int:
    """The greatest amount for an item among the origins of its lines; -1 where one has none but a rate."""
    most = 0
    for k in range(item.start, item.stop):
        if lines[k].each < 0:
            return UNKNOWN
        most = max(most, lines[k].each)
    return most


def tax_of(terms: Any, item: Any, duty: int) -> int:
    """The tax on value, carriage, insurance and duty; unknown where the duty is, unless there is none anyway.

    What is too little for customs to collect is not collected; a seller in a scheme charges it all the same.
    """
    scheme = is_in_scheme(terms, item)
    if terms.tax_rate == 0 or (not scheme and is_relieved(item.value, terms.tax_free) == 1):
        return 0
    if duty < 0 or terms.tax_rate < 0:
        return UNKNOWN
    base = item.value + item.extra + duty
    tax = consumption_tax(base, terms.tax_rate, terms.tax_inside)
    return int(tax if scheme else collected_amount(tax, terms.forgiven))


def collector(terms: Any, item: Any, duty: int, tax: int) -> int:
    """Who collects what is due, and when."""
    if duty == 0 and tax == 0:
        return NOTHING
    return AT_SALE if is_in_scheme(terms, item) else int(terms.collected)


def fees_of(terms: Any, item: Any, lines: Any, collected: int) -> int:
    """National fees on low-value items, and what the post asks for collecting at delivery; -1 where not known."""
    fees = 0
    if item.value <= terms.fee_limit:
        if terms.fee_low < 0 or terms.fee_each < 0:
            return UNKNOWN
        fees = terms.fee_low + terms.fee_each * count_classifications(item, lines)
    if collected == AT_DELIVERY:
        return fees + terms.fee_collected if terms.fee_collected >= 0 else UNKNOWN
    return fees


def share_duty(item: Any, lines: Any, parts: Any, duty: int) -> None:
    """Share a duty that is of the whole item out to its lines by value."""
    value, before = 0, 0
    for k in range(item.start, item.stop):
        value += lines[k].value
        upto = share_of(duty, value, item.value)
        parts[k][DUTY] = upto - before if duty >= 0 else UNKNOWN
        before = upto


def share_tax(item: Any, lines: Any, parts: Any, duty: int, tax: int) -> None:
    """Share the tax out to the lines, each by its value, its carriage and its duty."""
    value, duties, before = 0, 0, 0
    for k in range(item.start, item.stop):
        value += lines[k].value
        duties += max(parts[k][DUTY], 0)
        base = value + share_of(item.extra, value, item.value) + duties
        upto = share_of(tax, base, item.value + item.extra + max(duty, 0))
        parts[k][TAX] = upto - before if tax >= 0 else UNKNOWN
        before = upto


def share_of(amount: int, part: int, whole: int) -> int:
    """What falls on a part of a whole, in steps that add up; large figures are halved to stay within 64 bits."""
    if whole <= 0:
        return amount
    while whole > SHARE_MOST:
        whole //= 2
        part //= 2
    return amount // whole * part + amount % whole * part // whole
