"""The page of statuses: the diagram and the table, both drawn from the table of transitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from entrepost.mail.status import TRANSITIONS, Anomaly, Status
from entrepost.reference.event_code import list_event_codes
from entrepost.reference.reason import ReasonClass

HEAD = """# Status of an item

An item's status is a fold over its events: whatever the order in which they arrive, they are taken in the order of
their times, and a late one is folded in again. Outside, one of twelve words is shown; `ended` has a kind beside it.

[![What events make of statuses](status.svg)](status.svg)

The picture leaves out ways within a box, and that an item which was lost may be found delivered.
Below is every answer of the table: which events lead where, while an item has a status. A class of reason stands in
brackets where the event leads there only with it. *Odd* events are counted as anomalies of the item.
"""

CODES = [code.code for code in list_event_codes()]
CARRYING = {code.code for code in list_event_codes() if code.carries}
RESTING = {
    "delivered": (800, 40, 250, 46),
    "returning": (800, 140, 250, 46),
    "returned": (900, 252, 150, 46),
    "ended": (800, 350, 250, 80),
}
"""Where the boxes of statuses stand that are not under way: left, top, width, height."""

UNDER_WAY = [status for status in Status if status.shown not in RESTING]

Reasons = frozenset[ReasonClass]


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow with its label: lines of text above a point, or below it, to its right or its left."""

    path: str
    label: list[str]
    at: tuple[int, int]
    below: bool = False
    anchor: str = "start"

    def draw(self) -> Iterator[str]:
        """The arrow and its text as elements of a picture."""
        yield f'<path d="{self.path}" fill="none" stroke="#3a4a8c" marker-end="url(#head)"/>'
        first = self.at[1] if self.below else self.at[1] - 16 * (len(self.label) - 1)
        for number, line in enumerate(self.label):
            place = f'x="{self.at[0]}" y="{first + 16 * number}"'
            yield f'<text {place} fill="#3a4a8c" text-anchor="{self.anchor}">{escape(line)}</text>'


def status_page() -> str:
    """The rules of status in words and as tables."""
    lines = [HEAD]
    for statuses in _alike():
        lines += [f"## While {', '.join(map(_word, statuses))}", "", "| events | status after | odd |", "|---|---|---|"]
        lines += [*_rows(statuses[0]), ""]
    return "\n".join(lines)


def status_picture() -> str:
    """The statuses under way in one box with the events that open each, the others with the ways between them."""
    ended, returning = _shown("ended"), _shown("returning")
    split = [part for line in _label(returning, ended) for part in line.replace(" (", "\n(").split("\n")]
    ways = [
        Way("M440 63H800", _label(UNDER_WAY, _shown("delivered")), (450, 56)),
        Way("M440 163H800", _label(UNDER_WAY, returning), (450, 156)),
        Way("M440 370H800", _label(UNDER_WAY, ended), (450, 363)),
        Way("M800 412H440", _label(ended, UNDER_WAY), (450, 430), below=True),
        Way("M975 186V252", _label(returning, _shown("returned")), (983, 224)),
        Way("M840 350V186", _label(ended, returning), (830, 270), anchor="end"),
        Way("M1050 163C1085 200 1085 330 1050 380", split, (1084, 250), below=True),
    ]
    kinds = ", ".join(status.kind for status in Status if status.kind)
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1370 480" font-family="sans-serif" font-size="13">',
            "<title>What events make of statuses</title>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"',
            ' orient="auto"><path d="M0 0 8 4 0 8z" fill="#3a4a8c"/></marker></defs>',
            '<rect width="1370" height="480" fill="#ffffff"/>',
            *_under_way(),
            *(_box(name, *place) for name, place in RESTING.items()),
            f'<text x="925" y="412" text-anchor="middle" fill="#444">{kinds}</text>',
            *(line for way in ways for line in way.draw()),
            "</svg>",
        ]
    )


def _alike() -> list[list[Status]]:
    """The statuses in groups that every event treats alike."""
    groups: dict[tuple[object, ...], list[Status]] = {}
    for status in Status:
        answers = tuple(TRANSITIONS[status, code, reason] for code in CODES for reason in ReasonClass)
        groups.setdefault(answers, []).append(status)
    return list(groups.values())


def _rows(status: Status) -> Iterator[str]:
    steps = {TRANSITIONS[status, code, reason] for code in CODES for reason in ReasonClass}
    for step in sorted(steps, key=lambda step: (step.status, step.anomaly)):
        ways = _leading(status, [step.status], step.anomaly).items()
        events = "; ".join(f"{', '.join(codes)}{_in_brackets(reasons)}" for reasons, codes in ways)
        odd = "" if step.anomaly == Anomaly.NONE else step.anomaly.name.lower().replace("_", " ")
        yield f"| {events} | {_word(step.status)} | {odd} |"


def _leading(origin: Status, targets: list[Status], anomaly: Anomaly | None = None) -> dict[Reasons, list[str]]:
    """The events that lead from a status to any target, by the reasons with which they do."""
    by_reasons: dict[Reasons, list[str]] = {}
    for code in CODES:
        steps = {reason: TRANSITIONS[origin, code, reason] for reason in ReasonClass}
        reasons = frozenset(
            reason for reason, step in steps.items() if step.status in targets and anomaly in (None, step.anomaly)
        )
        if reasons:
            by_reasons.setdefault(reasons, []).append(code)
    return by_reasons


def _label(origins: list[Status], targets: list[Status]) -> list[str]:
    """Lines for an arrow: what all origins share, then what only some have, with their names."""
    labels = [(status.kind or status.shown, _events(_leading(status, targets))) for status in origins]
    shared = [line for line in labels[0][1] if all(line in lines for _, lines in labels)]
    owned: dict[str, list[str]] = {}
    for name, lines in labels:
        own = ", ".join(line for line in lines if line not in shared)
        if own:
            owned.setdefault(own, []).append(name)
    return [*shared, *(f"{', '.join(names)}: {own}" for own, names in owned.items())]


def _events(ways: dict[Reasons, list[str]]) -> list[str]:
    """The events of an arrow in few words."""
    count = sum(map(len, ways.values()))
    if count > 2 * len(CARRYING):
        return [f"{count} of {len(CODES)} events"]
    return [_few(codes, reasons) for reasons, codes in ways.items()]


def _few(codes: list[str], reasons: Reasons) -> str:
    if set(codes) == CARRYING:
        return f"any that carries a reason{_in_brackets(reasons)}"
    return ", ".join(codes) if ReasonClass.NONE in reasons else f"{', '.join(codes)}{_in_brackets(reasons)}"


def _in_brackets(reasons: Reasons) -> str:
    if len(reasons) == len(ReasonClass):
        return ""
    names = [reason.name.lower() for reason in sorted(reasons) if reason != ReasonClass.NONE]
    return f" ({', '.join(['no reason', *names] if ReasonClass.NONE in reasons else names)})"


def _shown(word: str) -> list[Status]:
    return [status for status in Status if status.shown == word]


def _word(status: Status) -> str:
    return f"`{status.shown}`{f' ({status.kind})' if status.kind else ''}"


def _under_way() -> Iterator[str]:
    yield '<rect x="20" y="20" width="420" height="440" rx="10" fill="#f3f5fb" stroke="#3a4a8c"/>'
    yield '<text x="36" y="44" fill="#444">under way: each event opens its status, whatever came before</text>'
    top = 56
    for status in UNDER_WAY:
        opened_by = _leading(Status.PENDING, [status])
        codes = [code for reasons, codes in opened_by.items() for code in codes if ReasonClass.NONE in reasons]
        lines = [", ".join(codes[first : first + 6]) for first in range(0, len(codes), 6)] or ["before any event"]
        yield f'<rect x="36" y="{top}" width="150" height="30" rx="6" fill="#ffffff" stroke="#3a4a8c"/>'
        yield f'<text x="111" y="{top + 20}" text-anchor="middle">{status.shown}</text>'
        for number, line in enumerate(lines):
            yield f'<text x="198" y="{top + 20 + 16 * number}" fill="#3a4a8c">{line}</text>'
        top += 50


def _box(name: str, left: int, top: int, width: int, height: int) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="10" fill="#f3f5fb" stroke="#3a4a8c"/>'
        f'<text x="{left + width // 2}" y="{top + 28}" text-anchor="middle" font-weight="bold">{name}</text>'
    )
