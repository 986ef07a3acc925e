"""One message as people look at it: what it says, its lines with what is wrong at each; people's data or none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from entrepost.base.errors import IncomingMessageError
from entrepost.base.findings import CODES, Finding
from entrepost.messages import any_message, edifact
from entrepost.messages.hearing import Heard, hear
from entrepost.messages.plain import to_plain
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Zones
from entrepost.messages.syntax.charsets import LEVELS

HIDDEN = "•••"
OF_PEOPLE = ("ITMATT", "CUSITM")
"""Messages that hold names and addresses; their raw lines are not shown to whom may not see them."""
PARTIES, WORDS = ("sender", "recipient"), ("signatory", "delivery_place", "remark", "text")
"""What of a message is about people, or may be: parties, of which the country alone is shown, and free words."""
FREE = ("FTX", "NAD", "CTA", "COM")
"""Segments of names and free words."""
OPENING = {"CNI": 3, "STS": 4, "GID": 4}
"""Segments that open a group, and how deep those within it stand."""
LINES_MAX = 5_000
LEVEL = re.compile(rb"UNB.(UNO[A-Z])")


@dataclass(frozen=True, slots=True)
class Line:
    """A segment, or a line of a document: its number, how deep it stands, and what is wrong with it."""

    number: int
    text: str
    depth: int = 0
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A message: what it says (None: that cannot be read), its lines, and the faults that are about no line of it.

    `is_hidden`: something is left out because it is about people.
    """

    message: str
    document: str
    says: dict[str, Any] | None
    lines: tuple[Line, ...]
    faults: tuple[Finding, ...]
    is_hidden: bool = False
    is_cut: bool = False

    @property
    def found(self) -> tuple[Finding, ...]:
        """All that is wrong with it, at whatever line."""
        return (*self.faults, *(fault for line in self.lines for fault in line.faults))


def show(data: bytes, zones: Zones | None = None, profiles: Iterable[Profile] = ()) -> Seen:
    """A message that stands alone in an interchange or document, as `messages.pieces` cuts it out."""
    heard = hear(data, "", zones, profiles) if data else []
    main = next((each for each in heard if each.message), heard[0] if heard else Heard("", ""))
    found = [finding for each in heard for finding in each.findings]
    texts = _split(data)
    at: dict[int, list[Finding]] = {}
    for finding in found:
        at.setdefault(finding.row if 0 < finding.row <= len(texts) else 0, []).append(finding)
    lines = [Line(number, text, depth, tuple(at.get(number, ()))) for number, (text, depth) in enumerate(texts, 1)]
    says = None if main.noun is None else to_plain(main.noun)
    kept = tuple(lines[:LINES_MAX])
    return Seen(main.message, main.document, says, kept, tuple(at.get(0, ())), is_cut=len(kept) < len(lines))


def hide_people(seen: Seen) -> Seen:
    """The same without names, addresses and free words: for whoever may not see them."""
    shows_lines = seen.says is not None and seen.message not in OF_PEOPLE
    lines = tuple(_hide_line(line) for line in seen.lines) if shows_lines else ()
    findings = seen.faults if shows_lines else seen.found
    faults = tuple(_hide_fault(each) for each in findings)
    says = None if seen.says is None else _hide(seen.says)
    return replace(seen, says=says, lines=lines, faults=faults, is_hidden=True)


def _split(data: bytes) -> list[tuple[str, int]]:
    """The segments of an interchange, or the lines of a document, each with how deep it stands."""
    start = data.lstrip(any_message.BLANKS)[:1]
    if start == b"{":
        return [(line.strip(), _indent(line)) for line in _pretty(data).splitlines()]
    if start == b"<":
        text = re.sub(r">\s*<", ">\n<", to_text(data).strip())
        return list(_tagged(text.splitlines()))
    try:
        signs = edifact.read(data).separators
    except IncomingMessageError:
        return [(line[:1_000], 0) for line in to_text(data).splitlines()]
    return list(_segments(to_text(data), signs))


def _segments(text: str, signs: edifact.Separators) -> Iterable[tuple[str, int]]:
    release = re.escape(signs.release)
    pattern = (
        f"(?:{release}.|[^{release}{re.escape(signs.segment)}])+" if release else f"[^{re.escape(signs.segment)}]+"
    )
    base = 2
    for found in re.finditer(pattern, text[max(text.find("UNB"), 0) :], re.DOTALL):
        segment = found[0].strip("\r\n")
        tag = segment[:3]
        if not segment:
            continue
        depth = {"UNB": 0, "UNZ": 0, "UNH": 1, "UNT": 1, "CNI": 2, "GID": 3, "STS": 3}.get(tag, base)
        base = OPENING.get(tag, base)
        yield segment + signs.segment, depth


def _tagged(lines: Iterable[str]) -> Iterable[tuple[str, int]]:
    """Lines of XML, each as deep as the elements that are open."""
    depth = 0
    for raw in lines:
        line = raw.strip()
        depth -= line.startswith("</")
        yield line, max(depth, 0)
        opens = re.match(r"<[\w:.-]", line) and not line.endswith("/>") and "</" not in line
        depth += bool(opens)


def _pretty(data: bytes) -> str:
    try:
        return json.dumps(json.loads(data), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        return to_text(data)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def to_text(data: bytes) -> str:
    """A message as text, in the character set that it names; what is none in it is shown as signs all the same."""
    return data.decode(codec_of(data), "replace")


def codec_of(data: bytes) -> str:
    """In which codec a message is written: that of its level where it is EDIFACT, otherwise UTF-8."""
    found = LEVEL.search(data[:200])
    level = LEVELS.get(found[1].decode()) if found else None
    return "iso8859-1" if level is not None and level.is_ascii else level.codec if level else "utf-8"


def _hide_line(line: Line) -> Line:
    is_free = line.text[:3] in FREE or any(f'"{word}":' in line.text for word in WORDS)
    text = f"{line.text[:3]}+{HIDDEN}" if line.text[:3] in FREE else HIDDEN
    return replace(line, text=text if is_free else line.text, faults=tuple(_hide_fault(each) for each in line.faults))


def _hide_fault(fault: Finding) -> Finding:
    """What is wrong in general: the words of a fault may quote the message."""
    return Finding(fault.code, fault.field, CODES[fault.code], "", fault.row, fault.fix, fault.level)


def _hide(value: Any, name: str = "") -> Any:
    if isinstance(value, Mapping):
        if name in PARTIES:
            return {key: each if key == "country" else _cover(each) for key, each in value.items()}
        return {key: _hide(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_hide(each, name) for each in value]
    return _cover(value) if name in WORDS else value


def _cover(value: Any) -> Any:
    return HIDDEN if value else value
