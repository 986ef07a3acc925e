"""Interchanges spoiled at random, the same for the same seed: what falls over lines, and what somebody makes up."""

from __future__ import annotations

import random

from entrepost.messages import edifact
from tests.messages.interchanges import LETTERS, SEPARATORS, SMALL, interchange

INSERTS = (
    *(b"'", b"+", b":", b"?", b"*", b"?'", b"''", b"\r\n", b"\x00", b"\x1a" * 20, b"\xff", b"\xc3\xa9", b"\x1b$B"),
    *(b"\x1c", b"\x1d", b"\x1e", b"\x1f", b"UNA:+.? '", b"UNA|~,# !", b"UNB+UNOC:3", b"UNG+E'", b"UNE+1+1'"),
    *(b"UNH+1+EMSEVT:3:0:UP'", b"UNT+3+1'", b"UNZ+1+NL7'", b"+" * 300, b":" * 300, b"?" * 301, b"x" * 10_001),
)


def list_seeds() -> list[bytes]:
    """Sound interchanges of every level and with separators of every kind."""
    rows = [edifact.segment("FTX", "AAI", "", "", (text[:9], text[9:])) for text in LETTERS.values()]
    made = [interchange(row, syntax=level) for level, row in zip(LETTERS, rows, strict=True)]
    small = edifact.read(SMALL)
    return [
        SMALL,
        *(edifact.write(each) for each in made),
        *(
            edifact.write(edifact.Interchange(small.header, small.messages, separators))
            for separators in SEPARATORS
            if separators.release
        ),
    ]


def mutate(seeds: list[bytes], seed: int) -> bytes:
    """One of the interchanges with one to eight changes."""
    dice = random.Random(seed)
    data = bytearray(dice.choice(seeds))
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.randrange(1, 60))
        change = dice.randrange(6)
        if change == 0:
            data[at : at + 1] = bytes([dice.randrange(256)])
        elif change == 1:
            del data[at:end]
        elif change == 2:
            data[at:at] = dice.choice(INSERTS)
        elif change == 3:
            data[at:at] = data[at:end] * dice.choice((1, 2, 300))
        elif change == 4:
            del data[at:]
        else:
            elsewhere = dice.randrange(len(data) + 1)
            data[elsewhere:elsewhere] = data[at:end]
    return bytes(data)
