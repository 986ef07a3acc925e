"""`/track`: where recipients follow their parcels, without signing in and without scripts.

A number of which nothing is known, one that will be known tomorrow and one of another account are answered by the
very same words. Who asks for many numbers is asked to wait.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from entrepost.base.errors import MissingRowError
from entrepost.operations.acting import acting_for
from entrepost.operations.forecasts import Forecasts
from entrepost.operations.opened import places_of
from entrepost.operations.store import Store
from entrepost.operations.track import track
from entrepost.web.language import LANGUAGES, Language, choose_language, get_language
from entrepost.web.page import NOWHERE, answer_page
from entrepost.web.parcel import Parcel, tell_parcel, unknown_parcel

if TYPE_CHECKING:
    from entrepost.network.network import Network

NUMBERS_MAX = 40
"""So many parcels are shown at once."""

NUMBER_LENGTH_MAX = 40
ITEM_ID = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)


class Limit(Protocol):
    """How often somebody may ask."""

    def take(self, name: str) -> int:
        """Take a token; 0, or after how many seconds there is one."""


@dataclass(frozen=True)
class TrackingDesk:
    """What the page runs on: `account` is whose parcels it shows, `frames` who may hold it in a frame.

    `network` is asked for when the first parcel is shown.
    """

    store: Store
    network: Callable[[], Network]
    forecasts: Forecasts
    limit: Limit
    account: str = "main"
    frames: str = NOWHERE


def make_tracking(desk: TrackingDesk) -> APIRouter:
    """The routes of the tracking page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/track")
    def tracking(request: Request) -> HTMLResponse:
        """The form, and the parcels whose numbers were given."""
        with acting_for(desk.account):
            return _answer(desk, request)

    return router


def read_numbers(text: str) -> list[str]:
    """The numbers in a text, each once: by lines, commas or spaces; spaces inside of a number do not part it."""
    found: list[str] = []
    for part in re.split(r"[\n\r,;]+", text):
        joined = "".join(part.split()).upper()
        found += [joined] if ITEM_ID.fullmatch(joined) else part.upper().split()
    plain = ("".join(each for each in number if each.isprintable()) for number in found)
    return list(dict.fromkeys(number[:NUMBER_LENGTH_MAX] for number in plain if number))


def _answer(desk: TrackingDesk, request: Request) -> HTMLResponse:
    asked = request.query_params
    language = choose_language(asked.get("lang", ""), request.headers.get("accept-language", ""))
    text = "\n".join(asked.getlist("numbers"))
    numbers = read_numbers(text)
    kept, page = numbers[:NUMBERS_MAX], language.words["page"]
    wait = _take(desk.limit, request.client.host if request.client else "nowhere", len(kept))
    says = page["wait"] if wait else ""
    if not says and "numbers" in asked and not numbers:
        says = page["none"]
    if not says and len(numbers) > NUMBERS_MAX:
        says = language.say("page", "too_many", most=str(NUMBERS_MAX))
    answer = answer_page(
        "track.html.j2",
        desk.frames,
        429 if wait else 200,
        language=language,
        words=language.words,
        hint=language.say("page", "hint", most=str(NUMBERS_MAX)),
        numbers=kept,
        says=says,
        parcels=[] if wait else [_look(desk, number, language) for number in kept],
        languages=[(get_language(name), _address(name, kept)) for name in LANGUAGES],
    )
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["Content-Language"] = language.language
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _take(limit: Limit, who: str, count: int) -> int:
    """Take a token for each number; 0, or how many seconds to wait."""
    for _ in range(count):
        if wait := limit.take(who):
            return wait
    return 0


def _look(desk: TrackingDesk, number: str, language: Language) -> Parcel:
    try:
        item = track(desk.store, number, desk.account)
    except MissingRowError:
        return unknown_parcel(number, language)
    network, now = places_of(desk.store, desk.network(), desk.account), desk.store.clock.now()
    return tell_parcel(item, desk.forecasts.find(item, now), language, network.facility_by_code, now)


def _address(language: str, numbers: list[str]) -> str:
    """The link to the same page in another language."""
    return "?" + urlencode({"lang": language, **({"numbers": "\n".join(numbers)} if numbers else {})})
