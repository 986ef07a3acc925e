"""The faces in which labels are set: Noto Sans for twenty scripts, and Noto Sans CJK.

Both come from packages that hold nothing but the font files (SIL Open Font Licence 1.1), so a label looks alike on
every machine and nothing is fetched. They are variable fonts: one file has every weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from entrepost.base.errors import MisuseError

EM = 1000
"""Units in which glyphs are measured, whatever the font's own are."""

REGULAR, BOLD = 400, 700

SCRIPTS = (
    *("", "Arabic", "Hebrew", "Devanagari", "Thai", "Armenian", "Georgian", "Bengali", "Ethiopic", "Gujarati"),
    *("Gurmukhi", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Symbols"),
)
"""Fonts in the order in which a character is looked for; the first is Latin, Cyrillic and Greek."""

HAN = {"JP": 0, "KR": 1, "TW": 3, "HK": 4, "MO": 4}
CHINESE = 2
"""Places of the national forms of Chinese characters in the collection; of any other country the Chinese."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font in one weight; `font` shapes and `face` is what is embedded."""

    name: str
    weight: int
    face: Any
    font: Any
    covered: frozenset[int]
    is_compact: bool
    """Whether its outlines are PostScript (CFF), which a PDF embeds otherwise."""


def find_face(sign: str, weight: int, country: str) -> Face | None:
    """The first face that has a character, or None."""
    code = ord(sign)
    found = _find_script(code)
    if found is not None:
        return get_face(SCRIPTS[found], weight)
    han = get_face(HAN.get(country, CHINESE), weight)
    return han if code in han.covered else None


@lru_cache(maxsize=65536)
def _find_script(code: int) -> int | None:
    return next((place for place, script in enumerate(SCRIPTS) if code in get_face(script, REGULAR).covered), None)


@cache
def get_face(which: str | int, weight: int) -> Face:
    """The face of a script, or of a place in the collection of Chinese, Japanese and Korean."""
    import uharfbuzz

    is_han = isinstance(which, int)
    path = _han_path() if isinstance(which, int) else _path(which)
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), which if isinstance(which, int) else 0)
    font = uharfbuzz.Font(face)
    font.scale = (EM, EM)
    font.set_variations({"wght": weight})
    name = f"NotoSans{f'CJK{which}' if is_han else which}-{weight}"
    return Face(name, weight, face, font, frozenset(face.unicodes), is_han)


def _path(script: str) -> Path:
    import manimgx_fonts

    return _file(manimgx_fonts, f"NotoSans{script}[wght].ttf")


def _han_path() -> Path:
    import manimgx_fonts_cjk

    return _file(manimgx_fonts_cjk, "NotoSansCJK-VF.otf.ttc")


def _file(package: ModuleType, name: str) -> Path:
    path = Path(str(package.__file__)).parent / name
    if not path.exists():
        raise MisuseError(f"the font {name} is not there; install {package.__name__.replace('_', '-')} again")
    return path
