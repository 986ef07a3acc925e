"""Labels of receptacles, all of a dispatch or some, as PDF, PNG or ZPL."""

from __future__ import annotations

from collections.abc import Collection

from entrepost.base.errors import MisuseError
from entrepost.base.findings import list_errors
from entrepost.documents.label import write_sheets
from entrepost.documents.labels.receptacle import draw_receptacle
from entrepost.documents.labels.sheet import Sheet
from entrepost.mail.dispatch_papers import DispatchPapers


def draw_receptacle_labels(papers: DispatchPapers, format: str = "pdf", only: Collection[str] = frozenset()) -> bytes:
    """The labels of a dispatch's receptacles in the order of their serials, or of those whose numbers are named.

    Raises
    ------
    MisuseError
        Where nothing is to be printed, or a text does not fit its place.
    """
    sheets: list[Sheet] = []
    wrong = []
    for bag in sorted(papers.dispatch.receptacles, key=lambda each: each.serial):
        if not only or bag.receptacle_id in only:
            sheet, findings = draw_receptacle(papers, bag)
            sheets.append(sheet)
            wrong += list_errors(findings)
    if wrong:
        raise MisuseError("; ".join(dict.fromkeys(str(each) for each in wrong)))
    return write_sheets(sheets, format)
