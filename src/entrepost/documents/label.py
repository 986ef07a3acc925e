"""Labels and customs forms of items, one or many, as PDF, PNG or ZPL.

What cannot be printed whole is not printed: it comes back as findings, and the others are printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code, list_errors
from entrepost.customs.check import check_declaration
from entrepost.documents.labels.cn22 import draw_cn22
from entrepost.documents.labels.cn23 import draw_cn23
from entrepost.documents.labels.cp72 import draw_cp72
from entrepost.documents.labels.drawing import LONG
from entrepost.documents.labels.front import draw_front
from entrepost.documents.labels.pdf import write_pdf
from entrepost.documents.labels.raster import draw_pictures, write_png
from entrepost.documents.labels.sheet import Sheet
from entrepost.documents.labels.zpl import write_zpl
from entrepost.mail.customs_form import check_form, choose_form
from entrepost.mail.papers import Papers, check_papers

FORMS: dict[str, Callable[[Papers], tuple[list[Sheet], list[Finding]]]] = {
    "label": draw_front,
    "cn22": draw_cn22,
    "cn23": draw_cn23,
    "cp72": draw_cp72,
}
CUSTOMS = "customs"
"""Stands for the customs form that each item must carry: CN 22, CN 23 or CP 72."""
INCOMPLETE = finding_code(
    "customs_form_incomplete", "A customs form lacks the description or net weight of an article."
)
FORMATS = ("pdf", "png", "zpl")
LONGEST = 500
"""Characters of one text beyond which nobody tries to set it."""
TEXTS = ("operator", "office", "service", "licence", "certificate", "invoice", "comments")
PARTY_TEXTS = ("name", "city", "postcode", "region", "phone", "email", "tax_id")


@dataclass(frozen=True, slots=True)
class Printed:
    """The sheets of one item, none where a finding is an error."""

    item_id: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]


def draw_label(papers: Papers, form: str = "label", format: str = "pdf") -> bytes:
    """The label or form of one item.

    Parameters
    ----------
    papers : Papers
        The item with its sender, recipient and declaration.
    form : str
        label, cn22, cn23, cp72, or customs: the form that the item must carry.
    format : str
        pdf, zpl, or png: the first sheet only.

    Raises
    ------
    MisuseError
        Where something cannot be printed whole; the message says what.
    """
    printed = draw_sheets(papers, form)
    errors = list_errors(printed.findings)
    if errors:
        raise MisuseError("; ".join(str(finding) for finding in errors))
    return write_sheets(printed.sheets, format)


def draw_labels(many: Iterable[Papers], form: str = "label") -> Iterator[Printed]:
    """The sheets of many items, one after the other, with what was found at each."""
    for papers in many:
        yield draw_sheets(papers, form)


def draw_sheets(papers: Papers, form: str = "label") -> Printed:
    """The sheets of one item, and what is wrong with it."""
    if form not in (*FORMS, CUSTOMS):
        raise MisuseError(f"there is no form {form!r}; use {', '.join((*FORMS, CUSTOMS))}")
    declared, code = papers.declaration, papers.item.item_id
    findings = check_declaration(declared, papers.item.weight_g, code, papers.posted_on)
    findings += check_papers(papers) + check_lengths(papers)
    if form != "label" and not list_errors(findings):
        worth = (code, declared.value_minor, declared.currency, papers.posted_on)
        form = choose_form(*worth) if form == CUSTOMS else form
        findings += check_form(form, *worth) + _check_contents(papers)
    if list_errors(findings):
        return Printed(code, (), tuple(findings))
    sheets, found = FORMS[form](papers)
    findings += found
    return Printed(code, () if list_errors(found) else tuple(sheets), tuple(findings))


def check_lengths(papers: Papers) -> list[Finding]:
    """Texts so long that no form has a place for them, whatever it is."""
    texts = [("order_id", papers.item.order_id), *((name, getattr(papers, name)) for name in TEXTS)]
    for role, party in (("sender", papers.sender), ("recipient", papers.recipient)):
        texts += [(f"{role}_{name}", getattr(party, name)) for name in PARTY_TEXTS]
        texts += [(f"{role}_line{place}", line) for place, line in enumerate(party.lines, start=1)]
    texts += [("description", content.description) for content in papers.declaration.contents]
    fix = f"write at most {LONGEST} characters"
    return [
        Finding(LONG, field, f"{len(text):,} characters do not fit any form", papers.item.item_id, fix=fix)
        for field, text in texts
        if len(text) > LONGEST
    ]


def _check_contents(papers: Papers) -> list[Finding]:
    """Forms say what each article is and what it weighs."""
    findings = []
    for content in papers.declaration.contents:
        for field, value in (("description", content.description.strip()), ("net_weight_g", content.net_weight_g)):
            if not value:
                message = f"the form has to say the {field} of each article"
                findings.append(Finding(INCOMPLETE, field, message, papers.item.item_id, fix="write it"))
    return findings


def write_sheets(sheets: Iterable[Sheet], format: str = "pdf") -> bytes:
    """Sheets as one file: a PDF, a ZPL file, or the first of them as PNG."""
    whole = tuple(sheets)
    if not whole:
        raise MisuseError("there is no sheet to write; see the findings")
    if format == "pdf":
        return write_pdf(whole)
    if format == "zpl":
        return write_zpl(whole)
    if format == "png":
        return write_png(next(draw_pictures(whole[:1])))
    raise MisuseError(f"there is no format {format!r}; use {', '.join(FORMATS)}")
