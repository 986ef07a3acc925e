"""Exchange rates: dated, exact, and missing ones said to be missing."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MissingRowError, MisuseError, UnreadableInputError
from entrepost.reference.fx import Dated, Rates, add_rates, convert, known_rates, quote_days, read_rates
from entrepost.reference.fx_file import to_decimal

TUESDAY = date(2022, 8, 23)
SUNDAY = date(2026, 1, 4)


def test_the_sdr_is_close_to_what_the_fund_published():
    dollars = Rates().get("USD", TUESDAY) / Rates().get("XDR", TUESDAY)
    assert float(dollars) == pytest.approx(1 / 0.767893, rel=0.002)  # SDR per dollar on 23 August 2022, IMF


def test_on_a_sunday_the_rate_of_friday_counts():
    assert Rates().get("USD", SUNDAY) == Rates().get("USD", date(2026, 1, 2))


def test_a_rate_older_than_a_week_is_missing():
    rates = Rates({"KWD": {date(2026, 3, 1): Fraction("0.35")}})
    assert rates.find("KWD", date(2026, 3, 8)) == Fraction("0.35")
    assert rates.find("KWD", date(2026, 3, 9)) is None
    assert rates.find("KWD", date(2026, 2, 28)) is None


def test_an_older_rate_is_found_with_its_day_by_who_may_use_one():
    rates = Rates({"KWD": {date(2026, 3, 1): Fraction("0.35")}})
    assert rates.find_last("KWD", date(2026, 6, 1), 92) == Dated(Fraction("0.35"), date(2026, 3, 1))
    assert rates.find_last("KWD", date(2026, 6, 2), 92) is None
    assert rates.find_last("EUR", date(1900, 1, 1), 0) == Dated(Fraction(1), date(1900, 1, 1))


def test_an_added_rate_of_this_week_goes_first_and_of_two_old_ones_the_later():
    last = Rates().find_last("USD", date(2100, 1, 1), 10**5).day
    two, before = Fraction(2), Rates().get("USD", last)
    added = Rates({"USD": {last - timedelta(days=5): two}})
    assert added.get("USD", last) == two
    assert added.find_last("USD", last + timedelta(days=30), 92) == Dated(before, last)
    later = Rates({"USD": {last + timedelta(days=5): two}})
    assert later.find_last("USD", last + timedelta(days=30), 92) == Dated(two, last + timedelta(days=5))


def test_the_sdr_and_a_pegged_currency_are_as_old_as_what_they_hang_on():
    last = Rates().find_last("USD", date(2100, 1, 1), 10**5).day
    for code in ("XDR", "AED"):
        found = Rates().find_last(code, last + timedelta(days=30), 92)
        assert found is not None
        assert last - timedelta(days=7) <= found.day <= last
    assert Rates().find("AED", last + timedelta(days=30)) is None


def test_a_rate_that_is_too_old_for_the_law_is_told_with_its_day():
    last = Rates().find_last("USD", date(2100, 1, 1), 10**5).day
    (finding,) = Rates().check("USD", last + timedelta(days=8), "order 7")
    assert f"the last is of {last}, too old for customs" in finding.message
    assert "eurofxref-hist.zip" in finding.fix


@pytest.mark.parametrize("said", ["6", "367", "x", "-8", "٩"])
def test_how_old_a_quote_may_have_it_is_a_setting_with_limits(monkeypatch, said):
    assert quote_days() == 92
    monkeypatch.setenv("ENTREPOST_RATES_OLDEST_DAYS", "7")
    assert quote_days() == 7
    monkeypatch.setenv("ENTREPOST_RATES_OLDEST_DAYS", said)
    with pytest.raises(MisuseError, match="from 7 to 366"):
        quote_days()


def test_a_missing_rate_is_a_finding():
    assert [finding.code for finding in Rates().check("KWD", TUESDAY, "order 7")] == ["exchange_rate_missing"]
    assert Rates().check("USD", TUESDAY, "order 7") == []
    with pytest.raises(MissingRowError, match="reference add fx"):
        convert(100, "KWD", "EUR", TUESDAY)


def test_the_digits_of_both_currencies_count():
    rates = Rates({"KWD": {TUESDAY: Fraction("0.3")}, "JPY": {TUESDAY: Fraction(150)}})
    assert rates.convert(1_000, "EUR", "JPY", TUESDAY) == 1_500
    assert rates.convert(1_500, "JPY", "EUR", TUESDAY) == 1_000
    assert rates.convert(1_000, "EUR", "KWD", TUESDAY) == 3_000
    assert rates.convert(3_000, "KWD", "JPY", TUESDAY) == 1_500


def test_half_a_minor_unit_is_rounded_away_from_zero():
    rates = Rates({"USD": {TUESDAY: Fraction("0.5")}})
    assert [rates.convert(amount, "EUR", "USD", TUESDAY) for amount in (1, 3, -1)] == [1, 2, -1]


@given(st.integers(-(10**15), 10**15))
def test_one_currency_is_never_converted(amount):
    assert convert(amount, "KWD", "KWD", TUESDAY) == amount


def test_a_rates_file_is_read_and_its_bad_rows_are_findings(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text(
        "\ufeffcurrency,day,rate,source\nKWD,2026-03-01,0.35,bank\nKWD,2026-13-01,0.35,\nKW,2026-03-01,1,\nAED,2026-03-01,-4,\n",
        encoding="utf-8",
    )
    rates, findings = read_rates(path)
    assert rates.find("KWD", date(2026, 3, 2)) == Fraction("0.35")
    assert [(finding.row, finding.field) for finding in findings] == [(3, "day"), (4, "currency"), (5, "rate")]


def test_a_rates_file_without_a_column_is_refused(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("currency,day\n", encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="lacks the columns rate"):
        read_rates(path)


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    return tmp_path


def write(path, *rows):
    path.write_text("\n".join(["currency,day,rate", *rows]) + "\n", encoding="utf-8")
    return path


def test_added_rates_count_before_those_that_come_along(own_folder):
    assert known_rates().find("KWD", TUESDAY) is None
    usual = known_rates().get("USD", TUESDAY)
    count, findings = add_rates(
        write(own_folder / "a.csv", "KWD,2022-08-23,0.305", "USD,2022-08-23,2", "KW,2022-08-23,1")
    )
    assert (count, [finding.field for finding in findings]) == (2, ["currency"])
    assert known_rates().get("KWD", TUESDAY) == Fraction("0.305")
    assert known_rates().get("USD", TUESDAY) == 2 != usual
    assert convert(1_000, "EUR", "KWD", TUESDAY) == 3_050


def test_of_two_additions_the_newer_counts_and_a_repeated_one_is_the_newest(own_folder):
    first = write(own_folder / "first.csv", "KWD,2022-08-23,0.3")
    add_rates(first)
    add_rates(write(own_folder / "second.csv", "KWD,2022-08-23,0.4"))
    assert known_rates().get("KWD", TUESDAY) == Fraction("0.4")
    add_rates(first)
    assert known_rates().get("KWD", TUESDAY) == Fraction("0.3")
    assert len(list((own_folder / "own" / "fx").iterdir())) == 2


def test_the_banks_own_file_is_added_and_what_comes_along_is_not_kept_twice(own_folder):
    usual = known_rates().get("USD", TUESDAY)
    path = own_folder / "eurofxref-hist.csv"
    text = f"Date,USD,JPY,\n2022-08-24,3,N/A,\n2022-08-23,{float(usual)},N/A,\n"
    path.write_text(text, encoding="utf-8")
    assert add_rates(path) == (1, [])
    assert known_rates().added == {"USD": {date(2022, 8, 24): Fraction(3)}}


def test_a_correction_counts_though_it_is_what_comes_along(own_folder):
    usual = known_rates().get("USD", TUESDAY)
    add_rates(write(own_folder / "wrong.csv", "USD,2022-08-23,3"))
    assert add_rates(write(own_folder / "right.csv", f"USD,2022-08-23,{float(usual)}")) == (1, [])
    assert known_rates().get("USD", TUESDAY) == usual


def test_a_file_without_a_good_row_adds_nothing(own_folder):
    count, findings = add_rates(write(own_folder / "bad.csv", "KWD,2022-08-23,0"))
    assert (count, len(findings)) == (0, 1)
    assert not (own_folder / "own").exists()


@given(st.integers(1, 10**24))
def test_a_rate_is_kept_to_its_last_digit(digits):
    rate = Fraction(digits, 10**15)
    if rate < 10**15:
        assert Fraction(to_decimal(rate)) == rate
