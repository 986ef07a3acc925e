"""The law of one day made ready: terms as numbers, duties by article, exchange rates; each looked up once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from entrepost.base.errors import MissingRowError
from entrepost.base.findings import finding_code
from entrepost.base.money import divide_half_up, to_minor
from entrepost.customs.assess import (
    AT_DELIVERY,
    BY_CARRIER,
    BY_ORIGIN,
    DUTY_PAID,
    FLAT,
    METHODS,
    NOT_KNOWN,
    TARIFF,
    UNKNOWN,
    TermFigures,
)
from entrepost.customs.params import LandedCostParams
from entrepost.reference.currency import get_exponent, is_currency
from entrepost.reference.destination_term import (
    NONE,
    UNKNOWN_ORIGIN,
    DestinationTerms,
    Share,
    find_article_duty,
    find_origin_rate,
    find_tax,
    find_terms,
    list_fees,
    lowest,
    territory,
)
from entrepost.reference.duty_text import MICRO_MOST, Duty, Parts, UnreadableDutyError, parse_duty
from entrepost.reference.fx import MOST_DAYS, Rates, known_rates
from entrepost.reference.table import Row
from entrepost.reference.tariff import Tariff, known_tariff

CODE_MISSING = finding_code("duty_code_missing", "A line has no Harmonized System code, and the duty hangs on it.")
RATE_MISSING = finding_code("duty_rate_missing", "No duty is known for an article where it goes: add the tariff.")
RATE_DOUBTFUL = finding_code("duty_rate_doubtful", "A code is too short: articles below it have different duties.")
RATE_UNREADABLE = finding_code("duty_rate_unreadable", "The duty of an article cannot be worked out from a line.")
ORIGIN_RATE_MISSING = finding_code("origin_rate_missing", "No rate is known for goods of an origin.")
OTHERS = {"flat": FLAT, "tariff": TARIFF, "unknown": NOT_KNOWN}
COLLECTORS = {"at_delivery": AT_DELIVERY, "by_carrier": BY_CARRIER}
BY_ARTICLE = (TARIFF, FLAT)


class LineRate(NamedTuple):
    """The duty on an article: the fields of `LineFigures` from `known` on, how sure it is, and what is wrong."""

    figures: tuple[int, ...]
    confidence: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class HeldTerms:
    """The terms of a destination as numbers, and what is told of them.

    `law` is whose tariff holds: that of the union, or of the country itself.
    """

    destination: str
    law: str
    figures: TermFigures
    currency: str
    scheme: str
    rule: str
    as_of: str
    confidence: str


NO_RATE = (0, 0, 0, 0, -1, 0, 0, -1, 0, 0, -1)


class TermsBook:
    """What holds on a day under some parameters; everything is looked up once and kept."""

    def __init__(self, day: date, params: LandedCostParams) -> None:
        self.day = day
        self.params = params
        self._rates: Rates = known_rates()
        self._terms: dict[tuple[str, str, tuple[str, ...]], HeldTerms | None] = {}
        self._lines: dict[tuple[str, str, str, str], LineRate] = {}
        self._ratios: dict[tuple[str, str], tuple[int, int] | None] = {}
        self._special: dict[tuple[str, str], bool] = {}
        self._tariffs: dict[str, Tariff | None] = {}
        self._chapters: dict[tuple[str, str], Row | None] = {}

    def find_terms(self, destination: str, region: str, origins: Iterable[str] = ()) -> HeldTerms | None:
        """The terms for a destination; those for goods of an origin go before where any of the lines is of it."""
        named = {origin or UNKNOWN_ORIGIN for origin in origins}
        special = tuple(sorted(origin for origin in named if self.is_special(destination, origin)))
        key = (destination, region, special)
        if key not in self._terms:
            found = find_terms(destination, special, self.day)
            self._terms[key] = _held(self, found, destination, region) if found else None
        return self._terms[key]

    def is_special(self, destination: str, origin: str) -> bool:
        """Whether a destination has terms of their own for goods of an origin (empty: one that is not known)."""
        key = (destination, origin)
        if key not in self._special:
            found = find_terms(destination, (origin or UNKNOWN_ORIGIN,), self.day)
            self._special[key] = found is not None and ":" in found.terms
        return self._special[key]

    def line_rate(self, terms: HeldTerms, hs_code: str, origin: str) -> LineRate:
        """The duty on an article of an origin; of the two only what the duty hangs on is looked at."""
        method = terms.figures.duty_method
        key = (terms.law, terms.rule, hs_code if method in BY_ARTICLE else "", origin if method == BY_ORIGIN else "")
        if key not in self._lines:
            self._lines[key] = self._line_rate(terms, key[2], key[3])
        return self._lines[key]

    def ratio(self, given: str, wanted: str) -> tuple[int, int] | None:
        """What minor units of one currency are in another, as a fraction; None where a rate is missing."""
        key = (given, wanted)
        if key not in self._ratios:
            self._ratios[key] = self._find_ratio(given, wanted)
        return self._ratios[key]

    def say_last(self, given: str, wanted: str) -> str:
        """Of which day the last rate is that is too old, for the end of a sentence; empty where there is none."""
        found = [self._rates.find_last(each, self.day, MOST_DAYS) for each in (given, wanted) if is_currency(each)]
        days = [each.day for each in found if each]
        return f"; the last is of {min(days)}, too old for customs" if len(days) == 2 else ""

    def convert(self, amount_minor: int, given: str, wanted: str) -> int:
        """An amount in another currency, rounded half up once; -1 where a rate is missing."""
        ratio = self.ratio(given, wanted)
        return UNKNOWN if ratio is None else divide_half_up(amount_minor * ratio[0], ratio[1])

    def _find_ratio(self, given: str, wanted: str) -> tuple[int, int] | None:
        if given == wanted:
            return 1, 1
        try:
            bought, paid = self._rates.get(wanted, self.day), self._rates.get(given, self.day)
            value = bought / paid * 10 ** get_exponent(wanted) / 10 ** get_exponent(given)
        except MissingRowError:
            return None
        return value.numerator, value.denominator

    def _line_rate(self, terms: HeldTerms, hs_code: str, origin: str) -> LineRate:
        if terms.figures.duty_method == BY_ORIGIN:
            share = find_origin_rate(terms.destination, origin, terms.currency, self.day)
            return _origin_rate(share)
        if terms.figures.duty_method not in BY_ARTICLE:
            return LineRate(NO_RATE, "high")
        if not hs_code:
            return LineRate(NO_RATE, "high", CODE_MISSING)
        tariff = self._tariff(terms.law)
        found = tariff.find_duties(hs_code, self.day) if tariff else []
        if not found:
            row = self._chapter(terms.destination, hs_code[:2])
            if row is None:
                return LineRate(NO_RATE, "high", RATE_MISSING)
            return self._of_duty(parse_duty(row["duty"], terms.currency), terms, row["confidence"])
        if len(found) > 1:
            return LineRate(NO_RATE, "high", RATE_DOUBTFUL)
        if isinstance(found[0], UnreadableDutyError):
            return LineRate(NO_RATE, "high", RATE_UNREADABLE)
        return self._of_duty(found[0], terms, "high")

    def _tariff(self, country: str) -> Tariff | None:
        if country not in self._tariffs:
            self._tariffs[country] = known_tariff(country)
        return self._tariffs[country]

    def _chapter(self, country: str, chapter: str) -> Row | None:
        key = (country, chapter)
        if key not in self._chapters:
            self._chapters[key] = find_article_duty(country, chapter, self.day)
        return self._chapters[key]

    def _of_duty(self, duty: Duty, terms: HeldTerms, confidence: str) -> LineRate:
        ratio = self.ratio(duty.currency, terms.currency)
        if not duty.is_computable or ratio is None:
            return LineRate(NO_RATE, "high", RATE_UNREADABLE)
        parts = (duty.base, duty.least, duty.most)
        figures = [figure for place, each in enumerate(parts) for figure in _parts(each, ratio, place > 0)]
        if max(figures) > MICRO_MOST:
            return LineRate(NO_RATE, "high", RATE_UNREADABLE)
        return LineRate((1, *figures, NONE), confidence)


def _parts(parts: Parts | None, ratio: tuple[int, int], is_bound: bool) -> tuple[int, int, int]:
    if parts is None:
        return (NONE if is_bound else 0), 0, 0
    amounts = (divide_half_up(each * ratio[0], ratio[1]) for each in (parts.per_kg_micro, parts.per_piece_micro))
    return parts.rate, *amounts  # type: ignore[return-value]


def _origin_rate(share: Share | None) -> LineRate:
    if share is None:
        return LineRate(NO_RATE, "high", ORIGIN_RATE_MISSING)
    return LineRate((1, share.rate, 0, 0, NONE, 0, 0, NONE, 0, 0, share.each_minor), share.confidence)


def _held(book: TermsBook, terms: DestinationTerms, destination: str, region: str) -> HeldTerms:
    tax = find_tax(destination, region, book.day) if terms["tax_method"] != "none" else Share(0, NONE, "high")
    fees, confidences = _fees(book, destination, terms.currency)
    collected = COLLECTORS[terms["collected"]]
    amounts, words, params = terms.amounts, terms.words, book.params
    figures = TermFigures(
        duty_free=amounts["duty_free"],
        tax_free=amounts["tax_free"],
        duty_method=METHODS.index(words["duty_method"]),
        others_method=OTHERS[params.without_ioss],
        duty_on_cif=int(words["duty_base"] == "cif"),
        duty_limit=amounts["duty_limit"],
        duty_each=amounts["duty_each"],
        rate_low=terms.rates["duty_percent_low"],
        rate_high=terms.rates["duty_percent"],
        deduction=amounts["duty_deduction"],
        ceiling=amounts["duty_ceiling"],
        tax_rate=tax.rate if tax else UNKNOWN,
        tax_inside=int(words["tax_method"] == "inside"),
        forgiven=amounts["forgiven"],
        has_scheme=int(bool(words["scheme"])),
        scheme_limit=amounts["scheme_limit"],
        scheme_by_piece=int(words["scheme_compared"] == "piece"),
        scheme_no_duty=int(words["scheme_duty"] == "no"),
        gift_free=amounts["gift_free"],
        collected=DUTY_PAID if params.duty_paid and collected == AT_DELIVERY else collected,
        by_item=int(params.us_method == "specific"),
        **fees,
    )
    confidence = lowest([terms.confidence, *([tax.confidence] if tax else []), *confidences])
    return HeldTerms(
        destination,
        territory(destination),
        figures,
        terms.currency,
        words["scheme"],
        words["rule"],
        words["checked"],
        confidence,
    )


def _fees(book: TermsBook, destination: str, currency: str) -> tuple[dict[str, int], list[str]]:
    """The fees of a destination in a currency, and how sure those are that every item pays."""
    fees = {"fee_low": 0, "fee_each": 0, "fee_limit": NONE, "fee_collected": 0}
    names = {"below": "fee_low", "below_each": "fee_each", "collected": "fee_collected"}
    confidences = []
    for row in list_fees(destination, book.day):
        amount_minor = to_minor(row["amount"], get_exponent(row["currency"]))
        fees[names[row["due"]]] = book.convert(amount_minor, row["currency"], currency)
        if row["due"] != "collected":
            limit_minor = to_minor(row["limit"], get_exponent(row["limit_currency"]))
            fees["fee_limit"] = book.convert(limit_minor, row["limit_currency"], currency)
            confidences.append(row["confidence"])
    return fees, confidences
