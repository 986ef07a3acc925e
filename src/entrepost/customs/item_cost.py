"""Landed cost of one item: what its recipient, or whoever pays for him, owes at the border beside the price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepost.base.findings import finding_code
from entrepost.customs.assess import COLLECTED, DOCUMENTS, GIFT, SALE, UNKNOWN, ItemFigures, LineFigures, assess
from entrepost.customs.duty_rules import MONEY
from entrepost.customs.params import LandedCostParams
from entrepost.customs.terms_book import HeldTerms, LineRate, TermsBook
from entrepost.mail.dutiable import DutiableItem, DutiableLine
from entrepost.reference.destination_term import CONFIDENCES
from entrepost.reference.scheme_number import is_scheme_number

TERMS_MISSING = finding_code("destination_terms_missing", "Nothing is known of what a destination asks on a day.")
VALUE_BEYOND = finding_code("item_value_beyond", "An item is worth more than amounts are worked out for.")
NATURES = {"gift": GIFT, "documents": DOCUMENTS}
CODE_DIGITS = 6
"""Digits of a tariff classification: items under the same six are one, as in the reduced declaration (H7)."""


@dataclass(frozen=True, slots=True)
class ItemCost:
    """What is due on an item in minor units of `currency`; None where it is not known."""

    item_id: str
    currency: str | None = None
    duty_minor: int | None = None
    tax_minor: int | None = None
    fees_minor: int | None = None
    total_minor: int | None = None
    collected: str | None = None
    rule: str | None = None
    as_of: str | None = None
    confidence: str | None = None


class LandedCostDesk:
    """Works out what is due on one item after another, by the law of one day.

    Examples
    --------
    >>> desk = LandedCostDesk(date(2026, 7, 2))
    >>> shirts = DutiableLine(quantity=5, unit_value_minor=1000, hs_code="610910", origin="CN")
    >>> item = DutiableItem("i1", "DE", "EUR", (shirts,), seller_scheme_number="IM1234567890")
    >>> cost = desk.of(item)
    >>> cost.duty_minor, cost.tax_minor, cost.collected
    (300, 1007, 'at_sale')
    """

    def __init__(self, day: date, params: LandedCostParams | None = None) -> None:
        self.params = params or LandedCostParams()
        self.book = TermsBook(day, self.params)

    def of(self, item: DutiableItem) -> ItemCost:
        """What is due on an item."""
        terms = self.book.find_terms(item.destination, item.region, [line.origin for line in item.lines])
        if terms is None:
            return ItemCost(item.item_id)
        ratio = self.book.ratio(item.currency, terms.currency)
        if ratio is None:
            return _known(item.item_id, self.params.currency or terms.currency, terms)
        rates = [self._rate(terms, line) for line in item.lines]
        lines = self._lines(item, rates, ratio)
        figures = self._item(item, terms, lines, ratio)
        if figures.value + figures.extra > MONEY[1]:
            return _known(item.item_id, self.params.currency or terms.currency, terms)
        duty, tax, fees, collected = assess(terms.figures, figures, lines, [[0, 0] for _ in lines])
        confidence = terms.confidence
        if duty > 0:
            confidence = CONFIDENCES[
                min(CONFIDENCES.index(each) for each in (confidence, *(r.confidence for r in rates)))
            ]
        told_duty, told_tax, told_fees = (self._told(amount, terms.currency) for amount in (duty, tax, fees))
        known = told_duty is not None and told_tax is not None and told_fees is not None
        return ItemCost(
            item.item_id,
            self.params.currency or terms.currency,
            told_duty,
            told_tax,
            told_fees,
            (told_duty or 0) + (told_tax or 0) + (told_fees or 0) if known else None,
            COLLECTED[collected],
            terms.rule,
            terms.as_of,
            confidence,
        )

    def _rate(self, terms: HeldTerms, line: DutiableLine) -> LineRate:
        return self.book.line_rate(terms, line.hs_code, line.origin)

    def _lines(self, item: DutiableItem, rates: list[LineRate], ratio: tuple[int, int]) -> list[LineFigures]:
        seen: set[str] = set()
        lines = []
        for line, rate in zip(item.lines, rates, strict=True):
            code = line.hs_code[:CODE_DIGITS]
            first = UNKNOWN if not code else int(code not in seen)
            seen.add(code)
            weight_g = UNKNOWN if line.net_weight_g is None else line.net_weight_g
            value = converted(line.unit_value_minor * line.quantity, ratio)
            lines.append(LineFigures(value, weight_g, line.quantity, first, *rate.figures))
        return lines

    def _item(
        self, item: DutiableItem, terms: HeldTerms, lines: list[LineFigures], ratio: tuple[int, int]
    ) -> ItemFigures:
        number = item.seller_scheme_number
        return ItemFigures(
            value=sum(line.value for line in lines),
            extra=converted(item.carriage_minor + item.insurance_minor, ratio),
            weight_g=sum(max(line.weight_g, 0) for line in lines),
            piece_most=converted(max((line.unit_value_minor for line in item.lines), default=0), ratio),
            nature=NATURES.get(item.nature, SALE),
            registered=int(bool(number and terms.scheme) and is_scheme_number(terms.scheme, number)),
            terms=0,
            start=0,
            stop=len(lines),
        )

    def _told(self, amount: int, currency: str) -> int | None:
        if amount >= 0 and self.params.currency:
            amount = self.book.convert(amount, currency, self.params.currency)
        return amount if amount >= 0 else None


def converted(amount_minor: int, ratio: tuple[int, int]) -> int:
    """An amount of none or more times a fraction, rounded half up once."""
    top, bottom = ratio
    return amount_minor if top == bottom else (2 * amount_minor * top + bottom) // (2 * bottom)


def _known(item_id: str, currency: str, terms: HeldTerms) -> ItemCost:
    """What is known of an item whose amounts are not."""
    return ItemCost(item_id, currency, rule=terms.rule, as_of=terms.as_of, confidence=terms.confidence)
