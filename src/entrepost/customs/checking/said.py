"""What the rules' answers mean: the finding, its words, and which part of the data's quality it takes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entrepost.base.findings import Finding, Level, finding_code
from entrepost.base.rule import Rule
from entrepost.codes import hs
from entrepost.customs.checking import rules

HEAVIER = finding_code("declaration_heavier_than_item", "The contents weigh more than the item.")
EMPTY = finding_code("declaration_empty", "A declaration has no contents, or a line without pieces.")
WORTHLESS = finding_code("declaration_value_missing", "Contents other than documents are declared without value.")
TOKEN = finding_code("declaration_value_token", "A line is worth exactly 1.00, which seldom is what was paid.")
CURRENCY = finding_code("declaration_currency_unknown", "The currency of a declaration is not one of ISO 4217.")
ORIGIN = finding_code("declaration_origin_unknown", "The country where an article was made is not known.")
DESCRIPTION = finding_code("declaration_description_vague", "A description does not say what the article is.")
NEARLY = finding_code("declaration_description_nearly_vague", "A description is a vague one but for a few letters.")
HS_NOT_FOUND = finding_code("declaration_hs_not_found", "The nomenclature that was loaded has no such code.")
HS_VINTAGE = finding_code("declaration_hs_other_vintage", "A code is of another vintage of the nomenclature.")
FORM = finding_code("declaration_form_short", "An item bears a CN 22 where it takes a CN 23.")
GIFT_LIMIT = finding_code("declaration_gift_above_limit", "A gift is worth more than is free where it goes.")
GIFT_SOLD = finding_code("declaration_gift_sold", "A registered seller declares a sale as a gift.")
SENDER = finding_code("declaration_sender_elsewhere", "The sender lives elsewhere than where the number was issued.")
REUSED = finding_code("declaration_identifier_reused", "An identifier comes again before it may.")
LATE = finding_code("declaration_late", "The data came after they were due.")
MISSING = finding_code("declaration_data_missing", "A field that the destination wants is not given.")

LINE, ITEM = "line", "item"
TIMELY, ACCURATE, COMPLETE, CONSISTENT = "timely", "accurate", "complete", "consistent"
DIMENSIONS = (TIMELY, ACCURATE, COMPLETE, CONSISTENT)
"""Parts of the quality of data, after the World Customs Organization."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one answer means; the message takes facts by name in braces."""

    code: str
    message: str
    fix: str
    level: Level = "error"

    def to_finding(self, field: str, facts: Mapping[str, object], subject: str) -> Finding:
        """The finding about one subject with those facts."""
        return Finding(self.code, field, self.message.format(**facts), subject, fix=self.fix, level=self.level)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that is asked of every line or of every item, and what its answers mean."""

    rule: Rule
    scope: str
    field: str
    dimension: str
    says: Mapping[int, Said]


ARTICLE = "such as: cotton T-shirt for men"
TARIFF = "look the article up in the tariff, such as 610910"
CHECKS = (
    Check(
        rules.pieces_flaw,
        LINE,
        "quantity",
        ACCURATE,
        {1: Said(EMPTY, "no pieces", "at least 1")},
    ),
    Check(
        rules.value_flaw,
        LINE,
        "unit_value",
        ACCURATE,
        {
            1: Said(WORTHLESS, "no value", "declare what was paid"),
            2: Said(TOKEN, "worth exactly 1 {currency}", "declare what was paid", "warning"),
        },
    ),
    Check(
        rules.hs_flaw,
        LINE,
        "hs_code",
        ACCURATE,
        {
            1: Said(hs.MALFORMED, "'{hs_code}' is not 6 to 10 digits", TARIFF),
            2: Said(hs.CHAPTER_UNKNOWN, "'{hs_code}': there is no such chapter", TARIFF, "warning"),
            3: Said(HS_NOT_FOUND, "'{hs_code}' is not in the nomenclature", TARIFF),
            4: Said(HS_VINTAGE, "'{hs_code}' is of another vintage", "use the code of the present one", "warning"),
        },
    ),
    Check(
        rules.origin_flaw,
        LINE,
        "origin",
        ACCURATE,
        {1: Said(ORIGIN, "'{origin}' is not a country", "two capitals such as CN")},
    ),
    Check(
        rules.description_flaw,
        LINE,
        "description",
        ACCURATE,
        {
            1: Said(DESCRIPTION, "'{description}' does not say what it is", ARTICLE, "warning"),
            2: Said(DESCRIPTION, "'{description}' does not say what it is", ARTICLE, "warning"),
            3: Said(NEARLY, "'{description}' is nearly a vague word", ARTICLE, "warning"),
        },
    ),
    Check(
        rules.contents_flaw,
        ITEM,
        "contents",
        COMPLETE,
        {1: Said(EMPTY, "nothing is declared", "declare each kind of article")},
    ),
    Check(
        rules.currency_flaw,
        ITEM,
        "currency",
        ACCURATE,
        {1: Said(CURRENCY, "'{currency}' is not a currency", "a code of ISO 4217")},
    ),
    Check(
        rules.weight_flaw,
        ITEM,
        "net_weight_g",
        CONSISTENT,
        {1: Said(HEAVIER, "contents weigh {net_weight_g} g, the item {weight_g} g", "weigh again")},
    ),
    Check(
        rules.form_flaw,
        ITEM,
        "form",
        CONSISTENT,
        {1: Said(FORM, "{value_minor} minor units of {currency} need a CN 23", "make out a CN 23")},
    ),
    Check(
        rules.gift_flaw,
        ITEM,
        "nature",
        CONSISTENT,
        {
            1: Said(
                GIFT_LIMIT, "a gift up to {gift_most_minor} is free, this is {value_minor}", "expect duty", "warning"
            ),
            2: Said(GIFT_SOLD, "a seller with a tax number sends a gift", "declare the sale", "warning"),
        },
    ),
    Check(
        rules.sender_flaw,
        ITEM,
        "sender_country",
        CONSISTENT,
        {1: Said(SENDER, "the sender lives in another country than {item_id} says", "check the sender", "warning")},
    ),
    Check(
        rules.reuse_flaw,
        ITEM,
        "item_id",
        CONSISTENT,
        {1: Said(REUSED, "{item_id} was used {months_since_used} months ago", "give the item another number")},
    ),
    Check(
        rules.late_flaw,
        ITEM,
        "lodged_at",
        TIMELY,
        {1: Said(LATE, "the data came after they were due", "send them as soon as the item is accepted", "warning")},
    ),
)
"""Every check, in the order in which findings are told."""
