"""Every notice can be said in every language, and nothing that others wrote can steer a letter."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from string import Template

import pytest
from babel import Locale

from entrepost.experience.notice import RANGED, News
from entrepost.experience.notice_words import LANGUAGES, WORDS, Letter, Notice, get_words, one_line, write_letter

TOLD = [news for news in News if news != News.NONE]
HOSTILE = "Shop\r\nBcc: all@example.org\u2028\u202e<script>alert('x')</script>&amp; $day ${item} \x00\x1b[31m"


def notice(news: News = News.LATER, seller: str = "Lampenladen", **changed: object) -> Notice:
    days = {"from_day": date(2026, 3, 3), "to_day": date(2026, 3, 6), "probability": 0.9} if news in RANGED else {}
    return Notice("n1", news, seller, "o-1", "LX123456785CN", **(days | changed))  # type: ignore[arg-type]


class Texts(HTMLParser):
    """The text of a page, and the names of its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_each_language_has_its_file() -> None:
    assert {each.name for each in WORDS.iterdir()} == {*(f"{name}.toml" for name in LANGUAGES), "letter.html"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_in_a_language_and_each_names_what_the_english_one_does(language: str) -> None:
    words, english = get_words(language), get_words("en")
    assert {part: set(words[part]) for part in words if part != "locale"} == {
        part: set(english[part]) for part in english if part != "locale"
    }
    assert set(words) == {"locale", "page", "range", *(news.name.lower() for news in TOLD)}
    for part in set(words) - {"locale"}:
        for name, text in words[part].items():
            assert set(Template(text).get_identifiers()) == set(Template(english[part][name]).get_identifiers()), name
            assert text.strip() == text != ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("news", TOLD)
def test_every_letter_is_whole_in_text_and_in_html(news: News, language: str) -> None:
    letter = write_letter(notice(news), language)
    assert "$" not in letter.subject + letter.text + letter.html
    assert "Lampenladen" in letter.subject
    assert "LX123456785CN" in letter.text
    assert ("90" in letter.text) == (news in RANGED)
    read = Texts(letter.html)
    for paragraph in letter.text.replace("-- \n", "").strip().split("\n\n"):
        assert paragraph in read.texts


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "within Tue 3 Mar\u2009–\u2009Fri 6 Mar: by Friday, 6 March 2026 with a probability of 90%"),
        (
            "fr",
            "mar. 3\u2009–\u2009ven. 6 mars : au plus tard le vendredi 6 mars 2026, avec une probabilité",
        ),
        ("es", "a más tardar el viernes, 6 de marzo de 2026, con una probabilidad del 90\xa0%"),
        ("zh", "在 2026年3月6日星期五 或之前送达的概率为 90%"),
        ("ar", "الجمعة، 6 مارس 2026"),
    ],
)
def test_days_are_written_as_the_language_writes_them(language: str, said: str) -> None:
    assert said in write_letter(notice(), language).text


def test_a_range_told_by_its_end_alone_and_one_of_a_single_day_are_said_as_such() -> None:
    by = write_letter(notice(from_day=None), "en").text
    assert "It is now expected by Friday, 6 March 2026, with a probability of 90%." in by
    on = write_letter(notice(News.NARROWER, from_day=date(2026, 3, 6)), "en").text
    assert "expected on Friday, 6 March 2026, and will be there by the end of that day" in on


def test_a_range_over_new_year_names_both_years() -> None:
    text = write_letter(notice(from_day=date(2025, 12, 30), to_day=date(2026, 1, 2)), "en").text
    assert re.search(r"Tue,? 30 Dec 2025.+Fri,? 2 Jan 2026:", text)


@pytest.mark.parametrize(("probability", "said"), [(0.9, "90%"), (0.907, "90%"), (0.29, "29%"), (0.9999, "99%")])
def test_a_probability_is_rounded_down_and_never_certain(probability: float, said: str) -> None:
    assert f"probability of {said}" in write_letter(notice(probability=probability), "en").text


def test_arabic_runs_from_right_to_left_and_keeps_names_together() -> None:
    letter = write_letter(notice(), "ar")
    assert '<html lang="ar" dir="rtl">' in letter.html
    assert "\u2068LX123456785CN\u2069" in letter.text
    assert {Locale.parse(get_words(name)["locale"]).text_direction for name in LANGUAGES if name != "ar"} == {"ltr"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("news", TOLD)
def test_a_hostile_name_stays_a_name(news: News, language: str) -> None:
    letter: Letter = write_letter(notice(news, HOSTILE), language)
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029\u202e]", letter.subject)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u2028\u202e]", letter.text)
    assert "script" not in Texts(letter.html).names
    assert "<script" not in letter.html
    assert "$day ${item}" in letter.subject or len(letter.subject) > 80


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Zoë's\tshop\r\n", "Zoë's shop"),
        ("店\u3000名", "店 名"),
        ("\u202ematka\u2066", "matka"),
        ("x" * 200, "x" * 79 + "…"),
        ("", ""),
    ],
)
def test_a_name_becomes_one_line(written: str, shown: str) -> None:
    assert one_line(written) == shown
