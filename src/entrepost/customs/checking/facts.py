"""From one declared item to the whole numbers that the rules take."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache

from entrepost.codes import hs
from entrepost.codes.country import is_country
from entrepost.codes.signs import is_digits, squeeze
from entrepost.customs.checking import rules
from entrepost.customs.checking.params import CheckParams
from entrepost.customs.checking.words import list_likeness
from entrepost.customs.declared import CLASSES, FORMS, Declared
from entrepost.mail.declaration import Content
from entrepost.mail.party import Party
from entrepost.reference.advance_data import FIELDS, to_mask
from entrepost.reference.country import list_countries
from entrepost.reference.currency import get_exponent, is_currency

Facts = dict[str, object]
ISSUED = re.compile(r"^[A-Z]{2}[0-9]{9}([A-Z]{2})$")
"""The form of an identifier (S10), with its issuer."""


def facts_of_item(declared: Declared, params: CheckParams) -> Facts:
    """What the rules that are asked of an item take."""
    declaration = declared.declaration
    currency, destination = declaration.currency, declared.destination
    known = is_currency(currency)
    posted = declared.posted_at.date() if declared.posted_at else params.day
    return {
        "item_id": declared.item_id,
        "currency": currency,
        "lines": len(declaration.contents),
        "currency_known": int(known),
        "net_weight_g": declaration.net_weight_g,
        "weight_g": declared.weight_g,
        "mail_class": CLASSES.index(declared.mail_class),
        "form": FORMS.index(declared.form),
        "value_minor": declaration.value_minor,
        "cn22_most_minor": params.cn22_most_minor(currency) if known and declared.form else rules.UNKNOWN,
        "gift_most_minor": params.gift_most_minor(destination, currency) if known else rules.UNKNOWN,
        "is_documents": int(declaration.nature == "documents"),
        "is_gift": int(declaration.nature == "gift"),
        "is_registered": int(bool(declared.seller_scheme_number)),
        "sender_country": country_number(declared.sender.country if declared.sender else ""),
        "issuer_country": country_number(issuer_of(declared.item_id)),
        "months_since_used": months_between(params.used.get(declared.item_id), posted),
        "reuse_months": params.reuse_months,
        "minutes_early": minutes_between(declared.lodged_at, declared.due_at),
        "is_timed": int(declared.lodged_at is not None and declared.due_at is not None),
        "required": params.required(destination, declaration.nature),
        "given": to_mask(_given(declared)),
    }


def facts_of_content(content: Content, declared: Declared, params: CheckParams) -> Facts:
    """What the rules that are asked of a line take."""
    code = squeeze(content.hs_code).replace(".", "")
    currency = declared.declaration.currency
    return {
        "currency": currency,
        "hs_code": content.hs_code,
        "origin": content.origin_country,
        "description": content.description,
        "quantity": content.quantity,
        "value_minor": content.value_minor,
        "minor_units": minor_units(currency),
        "is_documents": int(declared.declaration.nature == "documents"),
        "hs_digits": hs_digits(code),
        "hs_known": params.hs_known(code),
        "origin_known": int(is_country(content.origin_country)) if content.origin_country else rules.UNKNOWN,
        "description_given": int(bool(content.description.strip())),
        "likeness": list_likeness([content.description])[0],
        "likeness_least": params.likeness_least,
    }


def hs_digits(code: str) -> int:
    """How many digits a code has: 0 for none given, -1 where it holds something else or more than ten."""
    if not code:
        return 0
    return len(code) if is_digits(code, len(code)) and len(code) <= hs.DIGITS_MOST else rules.UNKNOWN


def minor_units(currency: str) -> int:
    """Minor units of one unit of a currency; 100 where the currency is not known."""
    return int(10 ** get_exponent(currency)) if is_currency(currency) else 100


def issuer_of(item_id: str) -> str:
    """The country that issued an identifier by its form, whatever its check digit; empty where it is not of S10."""
    found = ISSUED.match(squeeze(item_id))
    return found[1] if found else ""


def country_number(country: str) -> int:
    """A country as a number from 1; 0 where it is none."""
    return _countries().get(country, 0)


def months_between(used: date | None, posted: date) -> int:
    """Whole months since an identifier was used; -1 where it never was, or will be used only later."""
    if used is None or used > posted:
        return rules.UNKNOWN
    return (posted.year - used.year) * 12 + posted.month - used.month - (posted.day < used.day)


def minutes_between(lodged: datetime | None, due: datetime | None) -> int:
    """By how many minutes data came before they were due; 0 where one of the two is not known."""
    if lodged is None or due is None:
        return 0
    return int((due.astimezone(UTC) - lodged.astimezone(UTC)).total_seconds() // 60)


@cache
def _countries() -> dict[str, int]:
    return {code: number for number, code in enumerate(list_countries(), start=1)}


def _given(declared: Declared) -> tuple[str, ...]:
    contents = declared.declaration.contents
    told = {
        "description": bool(contents) and all(content.description.strip() for content in contents),
        "quantity": bool(contents) and all(content.quantity for content in contents),
        "unit_value": bool(contents),
        "hs_code": bool(contents) and all(content.hs_code.strip() for content in contents),
        "weight_g": declared.weight_g > 0,
        "nature": bool(declared.declaration.nature),
        "posted_at": declared.posted_at is not None,
        **_given_of("sender", declared.sender),
        **_given_of("recipient", declared.recipient),
    }
    return tuple(name for name, given in told.items() if given)


def _given_of(who: str, party: Party | None) -> dict[str, bool]:
    if party is None:
        return {}
    found = {
        f"{who}_name": bool(party.name.strip()),
        f"{who}_address": any(line.strip() for line in party.lines),
        f"{who}_country": bool(party.country),
        f"{who}_postcode": bool(party.postcode.strip()),
        f"{who}_tax_id": bool(party.tax_id.strip()),
    }
    return {name: given for name, given in found.items() if name in FIELDS}
