"""Which language somebody reads, and that every language says everything."""

from __future__ import annotations

from datetime import date
from string import Template
from typing import Any

import pytest

from entrepost.mail.status import Status
from entrepost.reference.event_code import list_event_codes
from entrepost.reference.reason import ReasonClass, list_reasons
from entrepost.web.language import LANGUAGES, choose_language, get_language
from entrepost.web.parcel import STEPS


def flat(words: dict[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in words.items():
        found |= flat(value, f"{path}{name}.") if isinstance(value, dict) else {path + name: value}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_names(language: str) -> None:
    english, words = flat(get_language("en").words), flat(get_language(language).words)
    assert list(words) == list(english)
    assert all(words.values())
    names = {key: set(Template(text).get_identifiers()) for key, text in words.items()}
    assert names == {key: set(Template(text).get_identifiers()) for key, text in english.items()}


def test_every_state_event_step_and_reason_of_the_addressee_has_its_words() -> None:
    words = get_language("en").words
    states = {status.kind or status.shown for status in Status}
    assert set(words["status"]) == set(words["text"]) == states
    assert set(words["events"]) == {code.code for code in list_event_codes()}
    assert set(words["steps"]) == set(STEPS)
    reasons = {each.reason for each in list_reasons() if each.reason_class == ReasonClass.ADDRESSEE}
    assert set(words["todo"]) - {"addressee", "sender"} == reasons


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("fr", "es", "fr"),
        ("xx", "es-MX,en;q=0.8", "es"),
        ("", "de-CH,de;q=0.9,fr;q=0.7,en;q=0.3", "fr"),
        ("", "en;q=0.2, zh-TW;q=0.9", "zh"),
        ("", "ar;q=0, en;q=0.1", "en"),
        ("", "de", "en"),
        ("", "fr;q=quick", "en"),
        ("", "", "en"),
    ],
)
def test_a_link_goes_before_the_browser_and_the_browser_before_english(
    asked: str, accepted: str, language: str
) -> None:
    assert choose_language(asked, accepted).language == language


def test_days_are_written_as_the_language_writes_them() -> None:
    first, last = date(2026, 1, 8), date(2026, 1, 12)
    assert get_language("en").days(first, last) == "Thu 8 Jan\u2009–\u2009Mon 12 Jan"
    assert get_language("zh").days(last, last) == "2026年1月12日星期一"
    assert get_language("ar").direction == "rtl"


def test_nothing_is_told_as_certain() -> None:
    assert get_language("en").percent(1.0) == "99%"
    assert get_language("en").percent(0.899) == "89%"
