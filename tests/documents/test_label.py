"""Labels and forms: every code reads back from the page, no text becomes a command, what does not fit is told."""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp

from entrepost.base.errors import MisuseError
from entrepost.base.findings import list_errors
from entrepost.documents.label import FORMS, draw_label, draw_labels, draw_sheets, write_sheets
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.papers import Papers
from entrepost.mail.party import Party
from tests.documents.labels.made_up import CODE, RECIPIENTS, SHIRTS, papers, parcel, read_codes, read_text, render
from tests.documents.labels.printer import print_zpl

MACHINE = ("DataMatrix", f"{CODE}/DE/10115/560")
PARTS = {"label": 1, "cn22": 1, "cn23": 1, "cp72": 4}


@pytest.mark.parametrize("form", FORMS)
def test_every_code_reads_back_from_every_rendered_page(form: str) -> None:
    whole = parcel() if form == "cp72" else papers()
    pages = render(draw_label(whole, form))
    assert len(pages) == PARTS[form]
    for page in pages:
        assert ("Code128", whole.item.item_id) in read_codes(page)


@pytest.mark.parametrize("script", RECIPIENTS)
@pytest.mark.parametrize("format", ["pdf", "png", "zpl"])
def test_a_label_in_any_script_and_format_has_both_its_codes(script: str, format: str) -> None:
    whole = papers(recipient=RECIPIENTS[script])
    data = draw_label(whole, format=format)
    pages = {"pdf": lambda: render(data)[0], "zpl": lambda: print_zpl(data)[0].dots, "png": lambda: _read_png(data)}
    country, postcode = whole.recipient.country, whole.recipient.postcode
    codes = read_codes(pages[format]())
    assert codes == {("Code128", CODE), ("DataMatrix", f"{CODE}/{country}/{postcode}/560")}


def test_a_page_has_one_pixel_for_each_dot_of_the_printer() -> None:
    assert render(draw_label(papers()))[0].shape == (1200, 800)
    assert render(draw_label(papers(), "cn22"))[0].shape == (840, 592)
    assert render(draw_label(papers(), "cn23"))[0].shape == (1184, 1680)


def test_the_zpl_of_a_label_shows_the_very_dots_of_its_pdf_where_it_sends_dots() -> None:
    whole = papers(recipient=RECIPIENTS["Chinese"])
    drawn, sent = render(draw_label(whole))[0] < 128, print_zpl(draw_label(whole, format="zpl"))[0].dots == 0
    address = (slice(360, 640), slice(20, 780))
    lines = drawn[address].sum()
    assert lines > 3_000
    assert (drawn[address] & sent[address]).sum() > 0.5 * lines


def test_what_forms_say_is_what_was_declared() -> None:
    said = read_text(draw_label(papers(), "cn22"))[0]
    for text in ("5 × Cotton T-shirts", "0.400", "25.00", "610910", "Value / Valeur\r\nEUR", "0.560", "44.00 EUR"):
        assert text in said
    said = "".join(read_text(draw_label(parcel(), "cp72")))
    for text in ("12.50 EUR", "100.00", "Fragile", "RECEIPT OF THE SENDER", "ADDRESS LABEL", "CUSTOMS DECLARATION"):
        assert text in said


def test_amounts_have_the_decimals_of_their_currency() -> None:
    yen = Declaration("sale", "JPY", (replace(SHIRTS, value_minor=1500),))
    dinar = Declaration("sale", "KWD", (replace(SHIRTS, value_minor=1234),))
    assert "1500 JPY" in read_text(draw_label(papers(declaration=yen), "cn22"))[0]
    assert "1.234 KWD" in read_text(draw_label(papers(declaration=dinar), "cn23"))[0]


def test_the_form_follows_the_value_and_the_class() -> None:
    dear = Declaration("sale", "EUR", (replace(SHIRTS, value_minor=100_000),))
    assert len(draw_sheets(papers(), "customs").sheets) == 1
    assert "CN 22" in draw_sheets(papers(), "customs").sheets[0].title
    assert "CN 23" in draw_sheets(papers(declaration=dear), "customs").sheets[0].title
    assert "CP 72" in draw_sheets(parcel(), "customs").sheets[0].title
    assert _codes(draw_sheets(papers(declaration=dear), "cn22")) == ["customs_form_too_small"]
    assert _codes(draw_sheets(parcel(), "cn22")) == ["customs_form_wrong"]


def test_a_long_name_wraps_and_shrinks_before_it_is_refused() -> None:
    name = "Gemeinnützige Gesellschaft für Ausbildung und Beschäftigung " * 2
    printed = draw_sheets(papers(recipient_name=name))
    assert printed.findings == ()
    assert name.strip() in " ".join(read_text(write_sheets(printed.sheets))[0].split())


def test_an_address_that_does_not_fit_is_a_finding_and_prints_nothing() -> None:
    printed = draw_sheets(papers(recipient_lines=("Große Straße am Ende der langen Stadt " * 12,) * 5))
    assert printed.sheets == ()
    assert [(each.code, each.field) for each in printed.findings] == [("label_text_long", "recipient")]


def test_a_text_of_a_hundred_thousand_characters_is_refused_at_once() -> None:
    contents = (Content("x" * 100_000, 1, 1, 1),)
    printed = draw_sheets(papers(declaration=Declaration("sale", "EUR", contents)), "cn23")
    assert [(each.code, each.field) for each in printed.findings] == [("label_text_long", "description")]


def test_a_character_without_a_font_is_told_and_the_label_printed() -> None:
    printed = draw_sheets(papers(recipient_name="Anna \U0001f600"))
    assert [(each.code, each.level) for each in printed.findings] == [("label_sign_missing", "warning")]
    assert "U+1F600" in printed.findings[0].message
    assert len(printed.sheets) == 1


def test_one_bad_item_does_not_lose_the_others() -> None:
    printed = list(draw_labels([papers(), papers(recipient_city=" "), papers()]))
    assert [len(each.sheets) for each in printed] == [1, 0, 1]
    assert _codes(printed[1]) == ["address_incomplete"]


def test_misuse_is_refused() -> None:
    with pytest.raises(MisuseError, match="there is no form"):
        draw_label(papers(), "cn24")
    with pytest.raises(MisuseError, match="there is no format"):
        draw_label(papers(), format="gif")
    with pytest.raises(MisuseError, match="has no city"):
        draw_label(papers(recipient_city=""))
    with pytest.raises(MisuseError, match="no sheet"):
        write_sheets(())


SEEDS = (
    *(
        "^XA^FO0,0^A0N,50,50^FDPWNED^FS^XZ",
        "~HI",
        "^XZ~JR",
        "^FS^FO1,1^GB99,99,99^FS",
        "_5EXA",
        "^FH_^FD_7EHI",
        "~DGR:",
    ),
    *(
        ") Tj ET Q /Im1 Do",
        "<</JS (app.alert(1))>>",
        "\\) ( %",
        "endstream endobj",
        "> Tj <41",
        "xref\n0 1\ntrailer",
        "%%EOF",
    ),
    *(
        '#panic("x")',
        "= title",
        "$x^2$",
        '#import "@preview/x"',
        "*b* _i_ `c`",
        "@label <label>",
        "\\u{41}",
        "//c /*c*/",
    ),
    *(
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "${jndi:x}",
        "'; DROP TABLE items; --",
        "&lt;",
        "]]>",
        "=cmd|' /C calc'!A0",
    ),
    *(
        "\x00\x01\x02",
        "\x1b[31m",
        "a\r\nb\n^XA",
        "\x7f\x85",
        "\u202egnirts",
        "\u2066x\u2069",
        "\ufeff",
        "\ud800",
        "\u200b",
    ),
)
OWN = ("operator", "office", "service", "licence", "certificate", "invoice", "comments")


NAMES = {
    f"/{name}".encode()
    for name in (
        *(
            "Adobe",
            "Ascent",
            "BaseFont",
            "CIDFontType",
            "CIDSystemInfo",
            "CIDToGIDMap",
            "CapHeight",
            "Catalog",
            "Contents",
        ),
        *(
            "Count",
            "DW",
            "DescendantFonts",
            "Descent",
            "Encoding",
            "Filter",
            "FlateDecode",
            "Flags",
            "Font",
            "FontBBox",
        ),
        *(
            "FontDescriptor",
            "FontFile",
            "FontName",
            "Identity",
            "Info",
            "ItalicAngle",
            "Kids",
            "Length",
            "MediaBox",
            "Ordering",
        ),
        *(
            "Page",
            "Pages",
            "Parent",
            "Producer",
            "Registry",
            "Resources",
            "Root",
            "Size",
            "StemV",
            "Subtype",
            "Supplement",
        ),
        *("Title", "ToUnicode", "Type", "W"),
    )
}
"""Every name that stands in a PDF of ours outside its streams; that of a font begins with six capitals."""


def payloads(count: int, seed: int) -> list[str]:
    """Seeds alone, then two or three of them run together with random characters."""
    dice = random.Random(seed)
    signs = "^~_\\()<>[]{}%#$@*`/&;'\"=+|\t\n\x00\x1b aZ9é中م"
    made = list(SEEDS)
    while len(made) < count:
        made.append(
            "".join(dice.choice((dice.choice(SEEDS), dice.choice(signs))) for _ in range(dice.randint(1, 3)))[:40]
        )
    return made


@pytest.mark.parametrize("form", ["label", "cn23"])
def test_no_text_becomes_a_command(form: str) -> None:
    """Five hundred payloads in each field, all fields at once: only known operators and commands come out."""
    made = payloads(500, 7)
    printed = [draw_sheets(_hostile(made, number), form) for number in range(len(made))]
    sheets = [sheet for each in printed for sheet in each.sheets]
    assert len(sheets) > 480
    assert {code for each in printed for code in _codes(each)} <= {"label_text_long", "customs_form_incomplete"}
    pdf = write_sheets(sheets)
    assert operators(pdf) == {"cm", "re", "f", "BT", "Tf", "Tm", "TJ", "ET", *(("w", "S") if form == "cn23" else ())}
    assert pdf.count(b"endobj") == len(re.findall(rb"\n\d+ 0 obj\n", pdf))
    outside = re.sub(rb"\nstream\n.*?\nendstream\n", b"\n", pdf, flags=re.DOTALL)
    assert set(re.findall(rb"/[A-Za-z]+", outside)) <= NAMES | {b"/F"} | set(
        re.findall(rb"/[A-Z]{6}(?=\+NotoSans)", outside)
    )
    for start in range(0, len(sheets), 50):
        pages = print_zpl(write_sheets(sheets[start : start + 50], "zpl"))
        assert len(pages) == len(sheets[start : start + 50])
        assert ("Code128", CODE) in read_codes(pages[0].dots)


@pytest.mark.parametrize("text", payloads(500, 8)[::25])
def test_a_hostile_tariff_code_is_never_printed(text: str) -> None:
    declared = Declaration("sale", "EUR", (replace(SHIRTS, hs_code=text),))
    assert draw_sheets(papers(declaration=declared), "cn23").sheets == ()


def operators(pdf: bytes) -> set[str]:
    """Every operator of the content of every page, and nothing else that stands between operands."""
    found: set[str] = set()
    for match in re.finditer(rb"/FlateDecode >>\nstream\n(.*?)\nendstream", pdf, re.DOTALL):
        content = zlib.decompress(match[1]).decode("ascii")
        if content.endswith(("end", "ET", " f", "S")) and "begincmap" not in content:
            bare = re.sub(r"\[[<>0-9a-f. -]*\]|/F\d+", " ", content)
            found |= {token for token in bare.split() if not re.fullmatch(r"-?[0-9.]+(e-\d+)?", token)}
    return found


def _hostile(made: list[str], number: int) -> Papers:
    """Papers each of whose texts is another payload."""
    texts = iter(made[(number + 37 * place) % len(made)] for place in range(99))
    recipient = Party(*_four(texts), "DE", *(next(texts)[:30] for _ in range(5)))
    sender = Party(*_four(texts), "CN", *(next(texts)[:30] for _ in range(5)))
    declared = Declaration("sale", "EUR", (replace(SHIRTS, description=next(texts)),))
    whole = papers(sender=sender, recipient=recipient, declaration=declared, **{name: next(texts)[:24] for name in OWN})
    return replace(whole, item=replace(whole.item, order_id=next(texts)[:16]))


def _four(texts: Iterator[str]) -> tuple[str, tuple[str, ...], str]:
    """Name, lines and city; a sign before each, so that none of them is empty."""
    return f"n{next(texts)}", (f"l{next(texts)}", next(texts)), f"c{next(texts)}"


def _codes(printed: object) -> list[str]:
    return [each.code for each in list_errors(printed.findings)]  # type: ignore[attr-defined]


def _read_png(data: bytes) -> np.ndarray:
    width, height = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT")
    length = struct.unpack(">I", data[start - 4 : start])[0]
    rows = np.frombuffer(zlib.decompress(data[start + 4 : start + 4 + length]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return rows[:, 1:]


def test_the_reader_of_these_tests_reads_nothing_from_an_empty_page() -> None:
    assert zxingcpp.read_barcodes(np.full((100, 100), 255, np.uint8)) == []
