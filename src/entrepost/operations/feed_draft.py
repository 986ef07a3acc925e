"""A mapping suggested from what a carrier sent: where its rows seem to stand, and which of its keys are ours.

It is a draft for people: codes are listed as they came, and what each of them means has to be said by hand.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.feed_paths import EACH
from entrepost.operations.feed_source import DOCUMENT_BYTES_MAX
from entrepost.operations.source import read_bytes

KNOWN = {
    "time": ("timestamp", "eventtime", "eventdatetime", "datetime", "occurredat", "time", "date", "eventdate"),
    "code": ("statuscode", "eventcode", "code", "status", "eventtype", "type", "event"),
    "item_id": ("trackingnumber", "trackingno", "itemid", "barcode", "number", "awb", "id", "reference"),
    "facility": ("facility", "office", "locationcode", "location", "place", "city", "addresslocality", "countrycode"),
}
"""By which names carriers call ours, small and without signs; the first one that is there is taken."""
ZONE = ("countrycode", "country", "timezone", "zone")
CODES_MAX = 200


def draft_feed(path: Path) -> str:
    """A mapping for a file of nested JSON, as the text of a mapping file.

    Raises
    ------
    UnreadableInputError
        When it is no JSON, or nothing in it looks like events.
    """
    documents = _documents(path)
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(_arrays(document, ""))
    texts: dict[str, list[str]] = {}
    for document in documents:
        for place, text in _leaves(document, ""):
            texts.setdefault(place, []).append(text)
    ranked = sorted(counts, key=lambda each: (-_likeness(each, texts), -counts[each], len(each)))
    each = ranked[0] if ranked and _likeness(ranked[0], texts) else ""
    picks = {ours: _pick(ours, each, texts) for ours in KNOWN}
    if not picks["time"] or not picks["code"]:
        raise UnreadableInputError(
            f"{path.name}: nothing in it looks like events with a time and a code; write the mapping by hand"
        )
    return _write(each, picks, texts)


def _documents(path: Path) -> list[Any]:
    data = read_bytes(path)
    if len(data) > DOCUMENT_BYTES_MAX:
        raise UnreadableInputError(f"{path.name} is longer than {DOCUMENT_BYTES_MAX:,} bytes; give a part of it")
    try:
        text = data.decode("utf-8-sig")
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return [json.loads(text)]
    except (ValueError, RecursionError) as error:
        raise UnreadableInputError(f"{path.name} is no JSON in UTF-8: {error}") from None


def _arrays(node: Any, place: str) -> Iterator[str]:
    """The path of each array of objects, once for each of its elements."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _arrays(value, f"{place}.{key}" if place else key)
    elif isinstance(node, list):
        for element in node:
            if isinstance(element, dict | list):
                yield place + EACH
                yield from _arrays(element, place + EACH)


def _leaves(node: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{place}.{key}" if place else key)
    elif isinstance(node, list):
        for element in node:
            yield from _leaves(element, place + EACH)
    elif node is not None:
        yield place, str(node)


def _likeness(each: str, texts: dict[str, list[str]]) -> int:
    """How many of time and code stand within the elements of an array, and in no array deeper."""
    return sum(bool(_within(each, texts, KNOWN[ours])) for ours in ("time", "code"))


def _pick(ours: str, each: str, texts: dict[str, list[str]]) -> str:
    """The path of one of our columns: within the rows, or for the item's number around them."""
    if ours == "facility":  # what stands in most rows says most
        places = [place for name in KNOWN[ours] if (place := _within(each, texts, (name,)))]
        return max(places, key=lambda place: len(texts[place]), default="")
    if ours != "item_id":
        return _within(each, texts, KNOWN[ours])
    outer = each.rpartition(EACH)[0].rpartition(EACH)[0]
    around = _within(outer + EACH if outer else "", texts, KNOWN[ours])
    return around or _within(each, texts, KNOWN[ours])


def _within(each: str, texts: dict[str, list[str]], names: Sequence[str]) -> str:
    inner = {place: place[len(each) :] for place in texts if place.startswith(each)}
    plain = {place: rest for place, rest in inner.items() if EACH not in rest}
    for name in names:
        found = [place for place in plain if _squeeze(place.rpartition(".")[2].rpartition(EACH)[2] or place) == name]
        if found:
            return min(found, key=len)
    return ""


def _squeeze(key: str) -> str:
    return "".join(sign for sign in key.lower() if sign.isalnum())


def _write(each: str, picks: dict[str, str], texts: dict[str, list[str]]) -> str:
    lines = ["[feed]", f"each = {json.dumps(each)}", "", "[columns]"]
    lines += [f"{ours} = {json.dumps(theirs)}" for ours, theirs in picks.items() if theirs]
    lines += [] if picks["item_id"] else ['# item_id = "..."  # nothing looks like the number of an item']
    zone = _within(each, texts, ZONE)
    if zone:
        lines += ["", "[times]", f"zone_of = {json.dumps(zone)}  # whose clock tells times without offset"]
    lines += ["", "[codes]  # say what each of them means: a code of EMSEVT, or a code and a reason"]
    codes = Counter(texts[picks["code"]]).most_common(CODES_MAX)
    lines += [f'# {json.dumps(code)} = "..."  # {count:,} times' for code, count in codes]
    return "\n".join(lines) + "\n"
