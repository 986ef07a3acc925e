"""How pages of the control tower write numbers, instants and spans; instants are in UTC, and say so once a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

NOTHING = "–"


def write_count(value: float | None) -> str:
    """A whole number by thousands."""
    return NOTHING if value is None else f"{value:,.0f}"


def write_decimal(value: float | None) -> str:
    """A number with one decimal."""
    return NOTHING if value is None else f"{value:,.1f}"


def write_share(value: float | None) -> str:
    """A share in per cent."""
    return NOTHING if value is None else f"{100 * value:.1f} %"


def write_money(value: int | None) -> str:
    """Minor units as an amount; its currency stands beside."""
    return NOTHING if value is None else f"{value / 100:,.2f}"


def write_size(value: int) -> str:
    """Bytes as people read them."""
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:,.0f} {unit}"
        value = round(value / 1000)
    return f"{value:,.0f} GB"


def write_day(value: Any) -> str:
    """A day, or the day of an instant."""
    return NOTHING if value is None else f"{value:%a} {value.day} {value:%b %Y}"


def write_instant(value: datetime | None) -> Markup:
    """An instant for people, and exactly for programs."""
    if value is None:
        return Markup(NOTHING)
    return Markup('<time datetime="{}">{:%Y-%m-%d %H:%M}</time>').format(value.isoformat(), value)


def write_local(value: datetime) -> Markup:
    """An instant in the time of its place, with the offset."""
    offset = value.strftime("%z")
    text = Markup('<time datetime="{}">{:%Y-%m-%d %H:%M}</time> <span class="hint">{}</span>')
    return text.format(value.isoformat(), value, f"{offset[:3]}:{offset[3:5]}")


def write_span(value: timedelta | None) -> str:
    """How long something took or is ago, in its largest unit."""
    if value is None:
        return NOTHING
    hours = value.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.1f} days"
    return f"{hours:.1f} h" if hours >= 1 else f"{hours * 60:.0f} min"


def write_sentence(text: str) -> str:
    """A message as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def write_json(value: Any) -> Markup:
    """Data for a script, which cannot end the element in which it stands."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # every sign that HTML reads was replaced


FILTERS: Mapping[str, Callable[..., Any]] = {
    "count": write_count,
    "decimal": write_decimal,
    "share": write_share,
    "money": write_money,
    "size": write_size,
    "day": write_day,
    "instant": write_instant,
    "local": write_local,
    "span": write_span,
    "sentence": write_sentence,
    "in_script": write_json,
}
"""Filters of templates, by name."""
