"""The words that a plan's report explains, and how it writes its figures."""

from __future__ import annotations

WORDS = (
    (
        "Wait",
        "From the order placed to the first attempt to deliver it. What has not come after 60 days counts as 60.",
    ),
    (
        "Today",
        "Direct mail alone, each part of the market by the service whose charge and worth of the wait are least.",
    ),
    (
        "Cell",
        "A part of the market that is planned as one: a region, a seller, and a class of articles by how often they "
        "sell, their weight and their batteries.",
    ),
    ("From stock", "Items that lie in a warehouse when they are ordered. What is out goes by mail."),
    (
        "Could be stocked",
        "Items of articles that sold at least twice in the weeks before. Of others nobody knows where they will be "
        "asked for, so no warehouse shortens their wait.",
    ),
    (
        "Gap",
        "How much less another plan could cost at most, as a share of money and worth of waiting. It is proved, not "
        "estimated.",
    ),
    ("Rule", "A part of the market, told by a few questions, and how it is served. Together the rules part all of it."),
    (
        "Regret",
        "What rules cost more than the best way for each cell, as a share of what the plan saves against today.",
    ),
    ("Lead time", "From the order of new stock until it lies on the shelf."),
    ("Assumed", "A figure that nobody has measured or published as far as we know. It stands to be corrected."),
)
"""Words that a reader may not know, in the order in which they come."""


def amount(value: float, digits: int = 0) -> str:
    """A number with thousands apart and a true minus."""
    return f"{value:,.{digits}f}".replace("-", "−")


def signed(value: float, digits: int = 2) -> str:
    """A difference with its sign."""
    return f"{value:+,.{digits}f}".replace("-", "−")
