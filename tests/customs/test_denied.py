"""Denied parties: a name hits; another day of birth lowers, a weak alias alone does not hold."""

from dataclasses import replace

from entrepost.customs.denied import PartyAsked, fits_birth, index_lists, is_day
from entrepost.customs.screening import HOLDS
from tests.customs.small_lists import ORLOV, TINY

SENDER = PartyAsked("LX1", "sender", "Maksim Orlovsky")


def _scores(*parties: PartyAsked, least: float = 0.0) -> list[float]:
    return [each.score for each in index_lists(TINY).find(parties, least) if each.listed == ORLOV]


def test_somebody_listed_is_found_with_the_reasons() -> None:
    (found,) = index_lists(TINY).find([replace(SENDER, birth_date="1971-03-05", city="Tver", country="RU")], HOLDS)
    assert found.listed == ORLOV
    assert [reason.split(":")[0] for reason in found.reasons[1:]] == [
        "the day of birth fits",
        "the list has an address in the same city or country",
    ]


def test_another_day_of_birth_lowers_the_score_and_the_same_does_not() -> None:
    plain, other, same = _scores(SENDER, replace(SENDER, birth_date="1990-01-01"), replace(SENDER, birth_date="1971"))
    assert other < plain
    assert other < HOLDS
    assert same == plain


def test_a_weak_alias_hits_alone_only_where_something_else_fits() -> None:
    weak = PartyAsked("LX1", "sender", "Max the Eagle")
    assert max(_scores(weak)) < HOLDS
    assert max(_scores(replace(weak, country="RU"))) >= HOLDS


def test_a_day_of_birth_fits_a_year_a_span_and_a_month() -> None:
    assert fits_birth("1960-05-05", ("1958/1962",))
    assert fits_birth("1971-03-05", ("1971-03",))
    assert fits_birth("1971-03-05", ("1972",))
    assert fits_birth("1971-03-06", ("1971-03-05",)) is False
    assert fits_birth("1971-03-06", ()) is None
    assert fits_birth("unknown", ("1971",)) is None


def test_a_day_a_month_and_a_year_are_days_of_birth_and_nothing_else_is() -> None:
    assert all(map(is_day, ("1971-03-05", "1971-03", "1971")))
    assert not any(map(is_day, ("5 March 1971", "1971-13-01", "71", "", "1971-03-05T00")))


def test_firms_vessels_and_other_scripts_are_found() -> None:
    asked = ("Grey Heron Steel Trading Limited Liability Company", "M/V Silver Petrel 7", "بهروز قاسم زاده لواسانی")
    found = index_lists(TINY).find([PartyAsked("LX1", "sender", name) for name in asked], HOLDS)
    assert [each.listed.number for each in found] == ["102", "103", "XXi.001"]
