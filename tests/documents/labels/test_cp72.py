"""The set CP 72: receipts, address label, and the customs declaration."""

from __future__ import annotations

from entrepost.documents.labels.cp72 import PARTS, draw_cp72
from entrepost.documents.labels.pdf import write_pdf
from tests.documents.labels.made_up import parcel, read_text


def test_the_set_has_its_parts_in_order() -> None:
    sheets, findings = draw_cp72(parcel(undelivered="abandon"))
    assert findings == []
    said = read_text(write_pdf(sheets))
    assert [titles[0] in page for (titles, page) in zip(PARTS, said, strict=False)] == [True] * 3
    assert "CUSTOMS DECLARATION" in said[3]
    assert all("Anna Müller" in page and "CP 123 456 785 CN" in page for page in said)


def test_without_postage_or_insurance_their_cells_stay_empty() -> None:
    said = read_text(write_pdf(draw_cp72(parcel(postage_minor=None, insured_sdr_minor=None))[0]))[0]
    assert "12.50" not in said
    assert "100.00" not in said
