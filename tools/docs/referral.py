"""The page of referrals: the diagram and the table, both drawn from the table of transitions."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import hypot

from entrepost.customs.referral import TRANSITIONS, WAITING, Referral, ReferralAnomaly
from entrepost.reference.referral_message import list_referral_messages

BOX = (150, 40)
PLACES = {
    Referral.NOT_LODGED: (20, 40),
    Referral.REJECTED: (20, 180),
    Referral.INFO_WANTED: (20, 290),
    Referral.SCREENING_WANTED: (20, 390),
    Referral.LODGED: (320, 40),
    Referral.REGISTERED: (320, 180),
    Referral.INFO_SENT: (320, 290),
    Referral.SCREENED: (320, 390),
    Referral.ASSESSED: (660, 160),
    Referral.DO_NOT_LOAD: (660, 390),
}
"""Where the box of each state stands: left, top."""

HEAD = """# Referrals

Before an item is loaded the authorities of its destination may ask about it. Where its assessment stands is a fold over
the messages about it, in the order of their times. A message that is odd where it comes is counted, never hidden.

[![What messages make of assessments](referral.svg)](referral.svg)

What leads there from nearly everywhere stands above a box. Dashed are the states in which the next word is the
authority's.

| message | says | in ICS2 |
|---|---|---|"""
EVERYWHERE = {
    "RFI": Referral.INFO_WANTED,
    "RFS": Referral.SCREENING_WANTED,
    "DNL": Referral.DO_NOT_LOAD,
    "LODGE": Referral.LODGED,
}
ALONE = (Referral.NOT_LODGED, Referral.INFO_WANTED, Referral.REJECTED)
"""States from which sending the data is drawn."""

HALO = 'fill="#3a4a8c" stroke="#ffffff" stroke-width="4" paint-order="stroke"'
APART = 9
"""By how much two opposite arrows lie apart."""


def referral_page() -> str:
    """The messages in words, and what each makes of every state."""
    lines = [HEAD]
    lines += [f"| {each.message} | {each.says} | {each.ics2} |" for each in list_referral_messages()]
    names = [each.message for each in list_referral_messages()]
    lines += ["", f"| while | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for referral in Referral:
        lines.append(f"| *{_word(referral)}* | {' | '.join(_cell(referral, name) for name in names)} |")
    lines += ["", "A dash leaves it as it is; what is odd stands in brackets."]
    return "\n".join(lines) + "\n"


def referral_picture() -> str:
    """The states as boxes, and the messages that lead from one to another as arrows."""
    arrows = [each for ways in _ways().items() for each in _arrow(*ways)]
    boxes = [each for referral in Referral for each in _box(referral)]
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 460" font-family="sans-serif" font-size="13">',
            "<title>What messages make of assessments</title>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path d="M0,0 L8,4 L0,8 z" fill="#3a4a8c"/></marker></defs>',
            '<rect width="880" height="460" fill="#ffffff"/>',
            *arrows,
            *boxes,
            "</svg>",
        ]
    )


def _ways() -> dict[tuple[Referral, Referral], list[str]]:
    """The messages that lead from one state to another, without what is odd and what leads from everywhere."""
    found: dict[tuple[Referral, Referral], list[str]] = {}
    for (referral, message), step in TRANSITIONS.items():
        usual = step.anomaly == ReferralAnomaly.NONE and step.referral != referral
        own = message not in EVERYWHERE or (message == "LODGE" and referral in ALONE)
        if usual and own and (message != "AC" or referral in WAITING):
            found.setdefault((referral, step.referral), []).append(message)
    return found


def _arrow(ends: tuple[Referral, Referral], messages: list[str]) -> Iterator[str]:
    (x1, y1), (x2, y2) = (_middle(end) for end in ends)
    length = hypot(x2 - x1, y2 - y1)
    aside = APART if ends[::-1] in _ways() else 0
    right = (aside * (y1 - y2) / length, aside * (x2 - x1) / length)
    start, end = _edge((x1, y1), (x2, y2)), _edge((x2, y2), (x1, y1))
    (x1, y1), (x2, y2) = ((place[0] + right[0], place[1] + right[1]) for place in (start, end))
    yield f'<path d="M{x1:.0f},{y1:.0f} L{x2:.0f},{y2:.0f}" stroke="#3a4a8c" marker-end="url(#head)"/>'
    share = 0.45 if x2 > x1 else 0.3
    at, text = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share), escape(", ".join(messages))
    yield f'<text x="{at[0]:.0f}" y="{at[1] + 4:.0f}" text-anchor="middle" {HALO}>{text}</text>'


def _edge(here: tuple[float, float], there: tuple[float, float]) -> tuple[float, float]:
    """Where the line from the middle of one box towards another leaves it."""
    across, down = abs(there[0] - here[0]), abs(there[1] - here[1])
    reach = min(BOX[0] / 2 / across if across else 1.0, BOX[1] / 2 / down if down else 1.0)
    return here[0] + (there[0] - here[0]) * reach, here[1] + (there[1] - here[1]) * reach


def _middle(referral: Referral) -> tuple[float, float]:
    left, top = PLACES[referral]
    return left + BOX[0] / 2, top + BOX[1] / 2


def _box(referral: Referral) -> Iterator[str]:
    left, top = PLACES[referral]
    fill = "#fde2dd" if referral == Referral.DO_NOT_LOAD else "#dff0e2" if referral == Referral.ASSESSED else "#eef0f8"
    dashed = ' stroke-dasharray="4 3"' if referral in WAITING else ""
    yield f'<rect x="{left}" y="{top}" width="{BOX[0]}" height="{BOX[1]}" rx="6" fill="{fill}" stroke="#3a4a8c"{dashed}/>'
    middle = _middle(referral)
    yield f'<text x="{middle[0]:.0f}" y="{middle[1] + 5:.0f}" fill="#1b2140" text-anchor="middle">{_word(referral)}</text>'
    for message in (name for name, becomes in EVERYWHERE.items() if becomes == referral):
        yield f'<text x="{middle[0]:.0f}" y="{top - 6}" fill="#3a4a8c" text-anchor="middle">{message}</text>'


def _cell(referral: Referral, message: str) -> str:
    step = TRANSITIONS[referral, message]
    became = "-" if step.referral == referral else _word(step.referral)
    odd = f" ({step.anomaly.name.lower().replace('_', ' ')})" if step.anomaly else ""
    return f"{became}{odd}"


def _word(referral: Referral) -> str:
    return referral.name.lower().replace("_", " ")
