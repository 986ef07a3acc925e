"""The levels of character sets that an interchange may name, from UNOA to UNOY.

References
----------
UN service code list 0001: level A is ISO 646 without lower case, B with it; C to K are parts of ISO/IEC 8859;
W is UTF-8, X the escapes of ISO 2022 and Y ISO 10646 octets, which are UTF-8 too. Level A names the signs
``space . , - ( ) / =``, the four service characters and ``! " % & * ; < >``; level B has the same signs.
"""

from __future__ import annotations

from dataclasses import dataclass

SIGNS = b" .,-()/='+:?!\"%&*;<>"
CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
PRINTABLE = bytes(range(0x20, 0x7F))
UPPER_HALF = bytes(range(0xA0, 0x100))
ESCAPE = b"\x1b"


@dataclass(frozen=True, slots=True)
class Level:
    """A level: the codec that reads and writes it, and the bytes that it may have once written."""

    name: str
    codec: str
    allowed: bytes

    def has(self, sign: str) -> bool:
        """Whether a sign may be written in it."""
        try:
            return not sign.encode(self.codec).translate(None, self.allowed)
        except UnicodeError:
            return False

    @property
    def is_ascii(self) -> bool:
        """Whether it has no letters beyond those of ISO 646."""
        return self.codec == "ascii"

    @property
    def is_escaped(self) -> bool:
        """Whether it shifts between sets of characters, so that a byte means nothing by itself."""
        return self.codec.startswith("iso2022")


def _list_levels() -> list[Level]:
    parts = {"C": 1, "D": 2, "E": 5, "F": 7, "G": 3, "H": 4, "I": 6, "J": 8, "K": 9}
    return [
        Level("UNOA", "ascii", CAPITALS + SIGNS),
        Level("UNOB", "ascii", CAPITALS + CAPITALS.lower() + SIGNS),
        *(Level(f"UNO{letter}", f"iso8859-{part}", PRINTABLE + UPPER_HALF) for letter, part in parts.items()),
        Level("UNOW", "utf-8", PRINTABLE + bytes(range(0x80, 0x100))),
        Level("UNOX", "iso2022_jp_2", PRINTABLE + UPPER_HALF + ESCAPE),
        Level("UNOY", "utf-8", PRINTABLE + bytes(range(0x80, 0x100))),
    ]


LEVELS = {level.name: level for level in _list_levels()}
"""Every level by its name (0001)."""
