"""What to do about an exception, in words: every sentence stands here, so that it can be translated.

A language is a table of sentences, one for a single item and one for several, and of the words that they use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from entrepost.base.clock import zone
from entrepost.network.network import Network
from entrepost.operations.exceptions_found import (
    DEPARTURE_MISSED,
    DEPARTURE_MISSING,
    DISPATCH_MISSING,
    ITEM_SILENT,
    PARTNER_QUIET,
    STEP_SLOW,
)
from entrepost.reference.country import get_country_name

ENGLISH = "en"

PARTNER_OFFICES = "partner_offices"
"""The sentence where several offices of a partner are quiet."""


@dataclass(frozen=True, slots=True)
class Words:
    """A language: for each kind the sentence for one item and for several; weekdays, months and small words."""

    sentences: Mapping[str, tuple[str, str]]
    instant: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    mail: str
    and_: str
    of_service: str
    steps: Mapping[str, str]
    later: tuple[str, str, str]


LANGUAGES = {
    ENGLISH: Words(
        sentences={
            PARTNER_QUIET: (
                "Ask {place} for the scans since {since}: {items} item{of_service} is silent there.",
                "Ask {place} for the scans since {since}: {items} items{of_service} are silent there.",
            ),
            PARTNER_OFFICES: (
                "Ask the partner in {partner} for the scans of {offices} since {since}: "
                "{items} item{of_service} is silent there.",
                "Ask the partner in {partner} for the scans of {offices} since {since}: "
                "{items} items{of_service} are silent there.",
            ),
            DISPATCH_MISSING: (
                "Ask {origin} and {destination} where {subject} of {since} is: "
                "{items} of its {whole} items{of_service} is silent{later}.",
                "Ask {origin} and {destination} where {subject} of {since} is: "
                "{items} of its {whole} items{of_service} are silent{later}.",
            ),
            DEPARTURE_MISSING: (
                "Ask {destination} whether the departure of {since} from {origin} has arrived: "
                "{items} of its {whole} items{of_service} is silent{later}.",
                "Ask {destination} whether the departure of {since} from {origin} has arrived: "
                "{items} of its {whole} items{of_service} are silent{later}.",
            ),
            DEPARTURE_MISSED: (
                "Ask {origin} why {items} of {whole} items for {destination}, ready since {since}, "
                "has not left{of_service}.",
                "Ask {origin} why {items} of {whole} items{of_service} for {destination}, ready since {since}, "
                "have not left.",
            ),
            STEP_SLOW: (
                "Ask {place} what holds up {step}: since {since} it has taken {percent} % longer than said; "
                "{items} item{of_service} is in it.",
                "Ask {place} what holds up {step}: since {since} it has taken {percent} % longer than said; "
                "{items} items{of_service} are in it.",
            ),
            ITEM_SILENT: (
                "Ask {place} to look for item {item}{of_service}: nothing was heard of it since {since}.",
                "Ask {place} to look for {items} items{of_service}: nothing was heard of the first since {since}.",
            ),
        },
        instant="{weekday} {day} {month} {time}",
        weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        months=(
            *("January", "February", "March", "April", "May", "June", "July"),
            *("August", "September", "October", "November", "December"),
        ),
        mail="mail",
        and_=" and ",
        of_service=" of {}",
        steps={
            "prepare": "the hand-over by sellers",
            "pick": "picking",
            "accept": "acceptance",
            "outward": "outward sorting",
            "transit": "transit",
            "inward": "inward sorting",
            "export": "export clearance",
            "import": "import clearance",
            "deliver": "the last mile",
            "air": "flights",
            "road": "road transport",
            "rail": "trains",
            "sea": "ships",
        },
        later=("", "; 1 later departure has arrived", "; {} later departures have arrived"),
    )
}


def tell(network: Network, kind: str, facts: Mapping[str, str | int], since: datetime, language: str = ENGLISH) -> str:
    """The next action as a sentence.

    Parameters
    ----------
    network : Network
        Whose places have names and zones; an unknown place is named by its code.
    kind : str
        The kind of exception.
    facts : mapping
        subject, place, service, items, and what the kind's sentence names besides.
    since : datetime
        Told in the zone of the place.
    language : str
        One of `LANGUAGES`.
    """
    words = LANGUAGES[language]
    told: dict[str, object] = dict(facts)
    told |= {name: _place(network, str(facts[name])) for name in ("place", "origin", "destination") if name in facts}
    told["since"] = _instant(words, since, _zone(network, str(facts["place"])))
    told["items"] = f"{facts['items']:,}"
    told["of_service"] = words.of_service.format(facts["service"]) if facts.get("service") else ""
    if "offices" in facts:
        places = [_place(network, place) for place in str(facts["offices"]).split()]
        told["offices"] = words.and_.join([", ".join(places[:-1]), places[-1]])
        told["partner"] = get_country_name(str(facts["partner"]))
    if "whole" in facts:
        told["whole"] = f"{facts['whole']:,}"
    if "step" in facts:
        told["step"] = words.steps.get(str(facts["step"]).partition(" ")[0], str(facts["step"]))
    later = int(facts.get("later", 0))
    told["later"] = words.later[min(later, 2)].format(later)
    one, many = words.sentences[PARTNER_OFFICES if "offices" in facts else kind]
    return (one if facts["items"] == 1 else many).format(**told)


def _place(network: Network, place: str) -> str:
    row = network.facility_by_code.get(place)
    return f"{row.city} ({place})" if row else place


def _zone(network: Network, place: str) -> str:
    row = network.facility_by_code.get(place)
    return row.time_zone if row else "UTC"


def _instant(words: Words, since: datetime, time_zone: str) -> str:
    here = since.astimezone(zone(time_zone))
    return words.instant.format(
        weekday=words.weekdays[here.weekday()],
        day=here.day,
        month=words.months[here.month - 1],
        time=f"{here:%H:%M}",
    )
