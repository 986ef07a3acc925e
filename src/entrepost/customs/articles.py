"""Articles that may not be sent to a country, or are dangerous in the mail: found by code and by words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from entrepost.base.findings import Finding, Level, finding_code
from entrepost.customs.names.fold import to_latin
from entrepost.reference.article_rule import ArticleRule, list_article_rules

PROHIBITED = finding_code("article_prohibited", "An article may not be sent, or not to that country.")
DANGEROUS = finding_code("article_dangerous", "An article is dangerous in the mail, and the post does not take it.")
RESTRICTED = finding_code("article_restricted", "An article needs a permit or certificate where it goes.")
CONDITIONAL = finding_code("article_conditional", "An article is dangerous, and is taken under conditions.")
CODES = {"prohibited": PROHIBITED, "dangerous": DANGEROUS, "restricted": RESTRICTED, "conditional": CONDITIONAL}
LONGEST = 2_000
"""Letters of a description that are looked at."""


@dataclass(frozen=True, slots=True)
class Article:
    """One kind of article inside an item, and where it goes; `where` is its place, such as contents[0]."""

    item_id: str
    destination: str
    description: str
    hs_code: str = ""
    where: str = "contents[0]"


@dataclass(frozen=True, slots=True)
class ArticleFound:
    """An article, the rule that it falls under, and what of it made the rule hold."""

    article: Article
    rule: ArticleRule
    matched: str

    def to_finding(self) -> Finding:
        """What, where, and how to fix it."""
        number = f" ({self.rule.un_number})" if self.rule.un_number else ""
        message = f"{self.matched!r}: {self.rule.meaning}{number}"
        field = "hs_code" if self.matched.startswith("HS ") else "description"
        subject = f"{self.article.item_id} {self.article.where}"
        level: Level = "error" if self.rule.forbids else "warning"
        return Finding(CODES[self.rule.kind], field, message, subject, fix=self.rule.fix, level=level)


def check_articles(articles: Iterable[Article], day: date | None = None) -> list[ArticleFound]:
    """The rules under which articles fall on a day (no day: rules that are not over), in the order of the articles.

    What is dangerous under conditions is not told of an article that may not be sent at all.
    """
    rules = list_article_rules(day)
    return [found for article in articles for found in _check(article, rules)]


def _check(article: Article, rules: tuple[ArticleRule, ...]) -> list[ArticleFound]:
    description = " ".join(to_latin(article.description[:LONGEST]).lower().split())
    code = "".join(sign for sign in article.hs_code if sign.isdigit())
    found = []
    for rule in rules:
        if rule.holds_for(article.destination) and (matched := rule.matches(code, description)):
            found.append(ArticleFound(article, rule, matched))
    forbidden = any(each.rule.forbids for each in found)
    return [each for each in found if each.rule.kind != "conditional" or not forbidden]
