"""How pages write figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from entrepost.web import figures

INSTANT = datetime(2026, 3, 5, 7, 8, 9, tzinfo=UTC)


def test_figures_are_written_for_people() -> None:
    assert (figures.write_count(1_234_567), figures.write_decimal(7.26)) == ("1,234,567", "7.3")
    assert (figures.write_share(0.914), figures.write_money(123_456)) == ("91.4 %", "1,234.56")
    assert [figures.write_size(size) for size in (7, 1_234, 5_600_000, 2_000_000_000)] == [
        "7 bytes",
        "1 kB",
        "6 MB",
        "2 GB",
    ]
    assert figures.write_day(date(2026, 3, 5)) == "Thu 5 Mar 2026"


def test_what_is_not_known_is_a_dash() -> None:
    writers = (figures.write_count, figures.write_decimal, figures.write_share, figures.write_money)
    assert {str(write(None)) for write in writers} == {"–"}
    assert {str(write(None)) for write in (figures.write_day, figures.write_instant, figures.write_span)} == {"–"}


def test_an_instant_is_exact_for_programs() -> None:
    assert str(figures.write_instant(INSTANT)) == '<time datetime="2026-03-05T07:08:09+00:00">2026-03-05 07:08</time>'


def test_a_span_has_its_largest_unit() -> None:
    spans = (timedelta(minutes=5), timedelta(hours=30), timedelta(days=8.25))
    assert [figures.write_span(span) for span in spans] == ["5 min", "30.0 h", "8.2 days"]


def test_a_message_becomes_a_sentence() -> None:
    assert figures.write_sentence("the CSV is empty") == "The CSV is empty."


def test_data_for_a_script_cannot_end_its_element() -> None:
    assert str(figures.write_json({"a": "</script>&"})) == '{"a":"\\u003c/script\\u003e\\u0026"}'
