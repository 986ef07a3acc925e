"""What an item is said to contain, for customs (forms CN 22 and CN 23)."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.findings import Finding, finding_code
from entrepost.codes import hs
from entrepost.codes.country import is_country
from entrepost.reference.currency import is_currency

NATURES = ("sale", "returned", "gift", "sample", "documents", "mixed", "other")
"""Nature of the transaction (UPU code list 136, in words)."""

VAGUE = frozenset(("gift", "gifts", "parts", "clothes", "goods", "merchandise", "samples", "accessories", "stuff"))
"""Descriptions that tell customs nothing: gift, parts, clothes after the World Customs Organization; others assumed."""

HEAVIER = finding_code("declaration_heavier_than_item", "The contents weigh more than the item.")
EMPTY = finding_code("declaration_empty", "A declaration has no contents, or a line without pieces.")
WORTHLESS = finding_code("declaration_value_missing", "Contents other than documents are declared without value.")
CURRENCY = finding_code("declaration_currency_unknown", "The currency of a declaration is not one of ISO 4217.")
ORIGIN = finding_code("declaration_origin_unknown", "The country where an article was made is not known.")
DESCRIPTION = finding_code("declaration_description_vague", "A description does not say what the article is.")


@dataclass(frozen=True, slots=True)
class Content:
    """One kind of article inside an item; weight and value are those of all its pieces together."""

    description: str
    quantity: int
    net_weight_g: int
    value_minor: int
    hs_code: str = ""
    origin_country: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The contents of one item, in one currency, and why they are sent."""

    nature: str
    currency: str
    contents: tuple[Content, ...]

    @property
    def value_minor(self) -> int:
        """What all contents are worth."""
        return sum(content.value_minor for content in self.contents)

    @property
    def net_weight_g(self) -> int:
        """What all contents weigh without packing."""
        return sum(content.net_weight_g for content in self.contents)


def check_declaration(declaration: Declaration, weight_g: int, subject: str) -> list[Finding]:
    """What is wrong with the declaration of an item that weighs `weight_g` with its packing."""
    findings = []
    if declaration.net_weight_g > weight_g:
        message = f"contents weigh {declaration.net_weight_g} g, the item {weight_g} g"
        findings.append(Finding(HEAVIER, "net_weight_g", message, subject, fix="weigh again"))
    if not is_currency(declaration.currency):
        message = f"{declaration.currency!r} is not a currency"
        findings.append(Finding(CURRENCY, "currency", message, subject, fix="a code of ISO 4217"))
    if not declaration.contents:
        findings.append(Finding(EMPTY, "contents", "nothing is declared", subject, fix="declare each kind of article"))
    for number, content in enumerate(declaration.contents):
        findings += _check_content(content, declaration.nature, f"{subject} contents[{number}]")
    return findings


def _check_content(content: Content, nature: str, subject: str) -> list[Finding]:
    findings = []
    if content.quantity < 1:
        findings.append(Finding(EMPTY, "quantity", "no pieces", subject, fix="at least 1"))
    if content.value_minor <= 0 and nature != "documents":
        findings.append(Finding(WORTHLESS, "value_minor", "no value", subject, fix="declare what was paid"))
    if content.hs_code:
        findings += hs.check(content.hs_code, subject)
    if content.origin_country and not is_country(content.origin_country):
        message = f"{content.origin_country!r} is not a country"
        findings.append(Finding(ORIGIN, "origin_country", message, subject, fix="two capitals such as CN"))
    if content.description.strip().lower() in VAGUE or not content.description.strip():
        message = f"{content.description!r} does not say what it is"
        fix = "such as: cotton T-shirt for men"
        findings.append(Finding(DESCRIPTION, "description", message, subject, fix=fix, level="warning"))
    return findings
