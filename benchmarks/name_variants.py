"""Listed names as people would write them who are on the list: each kind of change by itself, drawn by a seed."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

SPELLINGS = (
    *(("ou", "u"), ("oo", "u"), ("ee", "i"), ("kh", "h"), ("gh", "g"), ("sh", "ch"), ("ph", "f"), ("y", "i")),
    *(("w", "v"), ("q", "k"), ("x", "ks"), ("ck", "k"), ("ss", "s"), ("mm", "m"), ("ll", "l"), ("dj", "j")),
    *(("ei", "ey"), ("ai", "ay"), ("u", "o"), ("c", "k"), ("z", "s"), ("th", "t"), ("dh", "d")),
)
CYRILLIC = (
    *(("shch", "щ"), ("zh", "ж"), ("kh", "\u0445"), ("ch", "ч"), ("sh", "ш"), ("ts", "ц"), ("yu", "ю"), ("ya", "я")),
    *(("ph", "ф"), ("ck", "к"), ("x", "кс"), ("j", "дж")),
    *zip("abvgdeziyklmnoprstufhcwq", "абвгдезиыклмнопрстуфхквк", strict=True),
)
EDITS_FROM = 4
Change = Callable[[str, random.Random], str]


def reorder(name: str, chance: random.Random) -> str:
    """The parts in another order, without the comma that says which is the family's."""
    parts = name.replace(",", "").split()
    if "," in name:
        family = len(name.split(",", maxsplit=1)[0].split())
        return " ".join(parts[family:] + parts[:family])
    return " ".join(parts[1:] + parts[:1])


def respell(name: str, chance: random.Random) -> str:
    """One or two sounds romanised another way."""
    lower, done = name.lower(), 0
    for written, other in chance.sample(SPELLINGS, len(SPELLINGS)):
        if written in lower and done < 2:
            lower, done = lower.replace(written, other, 1), done + 1
    return lower


def mistype(name: str, chance: random.Random) -> str:
    """One letter left out, put in, changed, or swapped with its neighbour, inside a word of four letters or more."""
    words = name.lower().split()
    long = [place for place, word in enumerate(words) if len(word) >= EDITS_FROM]
    if not long:
        return name.lower()
    place = chance.choice(long)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    letter = chance.choice(string.ascii_lowercase)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    ways = (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :], swapped)
    words[place] = chance.choice(ways)
    return " ".join(words)


def initial(name: str, chance: random.Random) -> str:
    """One given name of a person with three parts or more as an initial."""
    family, comma, given = name.partition(",")
    parts = given.split() if comma else name.split()
    if len(name.replace(",", " ").split()) < 3:
        return name
    place = chance.randrange(len(parts)) if comma else chance.randrange(len(parts) - 1)
    parts[place] = parts[place][0] + "."
    return f"{' '.join(parts)} {family}" if comma else " ".join(parts)


def in_cyrillic(name: str, chance: random.Random) -> str:
    """The name in Cyrillic letters."""
    text = name.lower()
    for latin, letter in CYRILLIC:
        text = text.replace(latin, letter)
    return text


CHANGES: dict[str, Change] = {
    "order": reorder,
    "spelling": respell,
    "typing": mistype,
    "initials": initial,
    "cyrillic": in_cyrillic,
}
