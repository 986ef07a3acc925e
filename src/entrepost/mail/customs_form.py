"""Which customs form an item carries: CN 22, CN 23, or the CP 72 set of which CN 23 is a part.

References
----------
UPU Convention Manual, articles on customs declarations, as the trade states them: letter post with goods up to 300 SDR
carries CN 22, above it CN 23; parcels the set CP 72, express mail CN 23.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from entrepost.base.findings import Finding, Level, finding_code
from entrepost.base.money import divide_half_up
from entrepost.base.rule import rule
from entrepost.codes import s10
from entrepost.reference.added import list_added
from entrepost.reference.currency import XDR, get_exponent, is_currency
from entrepost.reference.fx import KIND, MISSING, OLDEST_DAYS, Rates, known_rates
from entrepost.reference.table import read_dated

TOO_SMALL = finding_code("customs_form_too_small", "An item is worth more than its customs form may declare.")
WRONG = finding_code("customs_form_wrong", "A customs form does not belong to the item's mail class.")

FORMS = ("cn22", "cn23", "cp72")
"""Customs forms in the order of their numbers in `form_number`."""
NAMES = {"cn22": "CN 22", "cn23": "CN 23", "cp72": "CP 72"}
STEPS_BACK = 104
MOST_MINOR = 10**15
"""A value beyond any limit: said of what has no known rate."""


@rule(is_letter_post=(0, 1), is_parcel=(0, 1), value_sdr_minor=(0, MOST_MINOR), limit_sdr_minor=(0, MOST_MINOR))
def form_number(is_letter_post: int, is_parcel: int, value_sdr_minor: int, limit_sdr_minor: int) -> int:
    """The form (0 CN 22, 1 CN 23, 2 CP 72) of an item whose contents are worth so much; the limit itself is CN 22's."""
    if is_parcel:
        return 2
    if is_letter_post and value_sdr_minor <= limit_sdr_minor:
        return 0
    return 1


def choose_form(item_id: str, value_minor: int, currency: str, day: date, rates: Rates | None = None) -> str:
    """The form of an item on a day; one whose value cannot be told in SDR gets the form that says more."""
    mail_class = s10.mail_class_of(item_id[:2])
    value, _ = find_value_sdr(value_minor, currency, day, rates)
    limit = cn22_limit_sdr(day)
    worth = MOST_MINOR if value is None else min(value, MOST_MINOR)
    return FORMS[form_number(int(mail_class == "U"), int(mail_class == "C"), worth, limit)]


def cn22_limit_sdr(day: date) -> int:
    """The greatest value of letter post on a CN 22, itself included, in hundredths of an SDR."""
    return int(read_dated("form_limits", "form").at("cn22", day)["value_sdr_minor"])


def check_form(
    form: str, item_id: str, value_minor: int, currency: str, day: date, rates: Rates | None = None
) -> list[Finding]:
    """What is wrong with giving an item that form: CN 22 for what is no letter post, or above its limit."""
    if form == "cn22" and s10.mail_class_of(item_id[:2]) != "U":
        message = f"{item_id} is no letter post and cannot carry CN 22"
        return [Finding(WRONG, "form", message, item_id, fix="print the form customs")]
    if s10.mail_class_of(item_id[:2]) != "U":
        return []
    value, rated_on = find_value_sdr(value_minor, currency, day, rates)
    if value is None:
        message = f"no rate for {currency}, so its value in SDR is not known; CN 23 declares any"
        level: Level = "error" if form == "cn22" else "warning"
        return [Finding(MISSING, "currency", message, item_id, fix="entrepost reference add fx FILE", level=level)]
    findings = []
    if rated_on is not None and (day - rated_on).days > OLDEST_DAYS:
        message = (
            f"no rate for {currency} on {day}; the last one, of the week to {rated_on}, chose between CN 22 and CN 23"
        )
        fix = "entrepost reference add fx FILE"
        findings.append(Finding(MISSING, "currency", message, item_id, fix=fix, level="warning"))
    if form == "cn22" and choose_form(item_id, value_minor, currency, day, rates) != "cn22":
        message = f"the contents are worth {value / 100:.2f} SDR on {day}, more than CN 22 may declare"
        findings.append(Finding(TOO_SMALL, "form", message, item_id, fix="print CN 23"))
    return findings


def find_value_sdr(
    value_minor: int, currency: str, day: date, rates: Rates | None = None
) -> tuple[int | None, date | None]:
    """A value in SDR at the rates of a day, or of the last day before that has them; and that day."""
    if not is_currency(currency):
        return None, None
    found = _find_rate(rates, currency, day) if rates else _find_known_rate(tuple(list_added(KIND)), currency, day)
    if found is None:
        return None, None
    value = value_minor * found[0]
    return divide_half_up(value.numerator, value.denominator), found[1]


@lru_cache(maxsize=4096)
def _find_known_rate(_: tuple[Path, ...], currency: str, day: date) -> tuple[Fraction, date] | None:
    """The same at the rates that are known, once for as long as no file is added."""
    return _find_rate(known_rates(), currency, day)


def _find_rate(rates: Rates, currency: str, day: date) -> tuple[Fraction, date] | None:
    """Hundredths of an SDR for a minor unit, on the last day that has both rates, a week's steps back for two years."""
    for number in range(STEPS_BACK):
        step = day - timedelta(days=OLDEST_DAYS * number)
        own, sdr = rates.find(currency, step), rates.find(XDR, step)
        if own and sdr:
            return sdr / own * Fraction(10) ** (get_exponent(XDR) - get_exponent(currency)), step
    return None
