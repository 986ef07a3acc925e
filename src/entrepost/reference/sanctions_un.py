"""The consolidated list of the Security Council of the United Nations, as published in XML.

The file comes from outside, so it is parsed without entities, which could make a few lines grow without bound.

References
----------
United Nations Security Council, consolidated list, XML with its schema sanctions.xsd.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.reference.sanctions import Listed, ListedName, decode, keep_sanctions, malformed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

KIND = "sanctions-un"
SORTS = {"INDIVIDUAL": "person", "ENTITY": "entity"}
PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
WEAK = ("low",)
FORMER = ("f.k.a.",)
PLACES = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")


def add_un(path: str | Path) -> tuple[int, list[Finding]]:
    """Add the list from now on; how many entries it has, and the findings of those that could not be read."""
    entries, findings = read_un(path)
    return keep_sanctions(KIND, entries), findings


def read_un(path: str | Path) -> tuple[list[Listed], list[Finding]]:
    """Read the list.

    Raises
    ------
    UnreadableInputError
        Where the file is not XML, declares entities, or is another file.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    text = decode(Path(path))
    try:
        root = fromstring(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableInputError(f"{path} is not the list in XML: {error!r}; download it again") from None
    if root.tag != "CONSOLIDATED_LIST":
        raise UnreadableInputError(f"{path} begins with {root.tag}, not CONSOLIDATED_LIST; give the consolidated list")
    entries, findings = [], []
    for number, element in enumerate(each for part in root for each in part):
        entry = _to_listed(element)
        if entry is None:
            subject = f"{Path(path).name} entry {number + 1}"
            findings.append(malformed(subject, 0, "DATAID", f"{element.tag} without number or name", "download again"))
        else:
            entries.append(entry)
    return entries, findings


def _to_listed(element: Element) -> Listed | None:
    kind, number = SORTS.get(element.tag), _text(element, "REFERENCE_NUMBER") or _text(element, "DATAID")
    name = " ".join(part for part in (_text(element, tag) for tag in PARTS) if part)
    if kind is None or not number or not name:
        return None
    names = [ListedName(name), *_aliases(element)]
    if script := _text(element, "NAME_ORIGINAL_SCRIPT"):
        names.append(ListedName(script, "script"))
    addresses = [_lines(each) for each in element.iter(f"{element.tag}_ADDRESS")]
    births = [day for each in element.iter("INDIVIDUAL_DATE_OF_BIRTH") for day in _births(each)]
    return Listed(
        source=KIND,
        number=number,
        kind=kind,
        program=_text(element, "UN_LIST_TYPE"),
        names=tuple(dict.fromkeys(names)),
        births=tuple(dict.fromkeys(births)),
        addresses=tuple(line for line in addresses if line),
    )


def _aliases(element: Element) -> Iterator[ListedName]:
    for each in element.iter(f"{element.tag}_ALIAS"):
        quality = _text(each, "QUALITY").lower()
        for name in _text(each, "ALIAS_NAME").split(";"):
            if name.strip():
                yield ListedName(name.strip(), "fka" if quality in FORMER else "aka", quality in WEAK)


def _lines(element: Element) -> str:
    return ", ".join(part for part in (_text(element, tag) for tag in PLACES) if part)


def _births(element: Element) -> Iterator[str]:
    day, year = _text(element, "DATE")[:10], _text(element, "YEAR")
    first, last = _text(element, "FROM_YEAR"), _text(element, "TO_YEAR")
    if day or year:
        yield day or year
    elif first and last:
        yield f"{first}/{last}"


def _text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()
