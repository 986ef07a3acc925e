"""How the report writes figures, and the words that it explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepost.planning.report import Report

WORDS = (
    (
        "Wait",
        "From the order placed to the first attempt to deliver it, or until it lies ready for pick-up. An "
        "order that travels in several items is there when its last item is. What has not come after 60 "
        "days counts as 60.",
    ),
    (
        "Promise",
        "A range of days that is named when the order is placed, with the probability that its last day is "
        "met. One in ten orders should be there before it begins; its last day is the earliest that nine in ten "
        "should meet.",
    ),
    (
        "Kept",
        "The order was there by the named day. An order that never came is a broken promise.",
    ),
    (
        "Lane",
        "From the city where an item is handed in to the country where it goes.",
    ),
    (
        "Departure",
        "A flight, train or ship of a weekly timetable that carries mail. An item that misses the cutoff "
        "waits for the next.",
    ),
    (
        "Cutoff",
        "The hour by which mail must be ready to go with a departure.",
    ),
    (
        "Cost and charge",
        "Cost is what an item costs the one who carries it; charge is what the customer of the service pays.",
    ),
    (
        "Assumed",
        "A figure of the network that nobody has measured or published as far as we know. It is "
        "somebody's judgement and stands to be corrected.",
    ),
    (
        "Overseas warehouse",
        "A place near the customers where articles lie ready before anybody orders them.",
    ),
)
"""Words that a reader may not know, in the order in which they come."""


def money(report: Report, minor: float) -> str:
    """An amount with its currency."""
    return f"{report.currency} {minor / 10**report.exponent:,.{report.exponent}f}"


def share(value: float) -> str:
    """A share as per cent with one decimal."""
    return f"{100 * value:.1f} %"


def points(value: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return f"{100 * value:+.1f}".replace("-", "−")


def pair(before: float, after: float) -> tuple[str, str]:
    """Two figures with one decimal, or with two where one would not tell them apart."""
    digits = 1 if f"{before:.1f}" != f"{after:.1f}" else 2
    return f"{before:.{digits}f}", f"{after:.{digits}f}"


def list_words(words: list[str]) -> str:
    """Words joined as in a sentence."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
