"""The hash of `world.hash_text` for a whole column of texts: BLAKE2b with 8 bytes, compiled.

References
----------
Saarinen, Aumasson: The BLAKE2 cryptographic hash and message authentication code, RFC 7693, 2015.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.planning.simulation.compile import compiled, inlined

START = np.array(
    [
        *(0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1),
        *(0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179),
    ],
    dtype=np.uint64,
)
ORDERS = np.array(
    [
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
        (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
        (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
        (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
        (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
        (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
        (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
        (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
        (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
    ]
)
"""The order in which each round takes the words of a block."""

BLOCK = 128
LENGTH_AND_KIND = np.uint64(0x01010008)
"""Eight bytes of hash, no key, no tree."""

AT_ONCE = 1_000_000


def hash_texts(texts: pl.Series) -> NDArray[np.uint64]:
    """The hash of each text; `world.hash_text` gives the same for one."""
    hashes = np.empty(len(texts), dtype=np.uint64)
    for first in range(0, len(texts), AT_ONCE):
        part = texts.slice(first, AT_ONCE)
        ends = np.cumsum(part.str.len_bytes().to_numpy().astype(np.int64))
        data = np.frombuffer(part.str.join("").item().encode(), dtype=np.uint8)
        hash_each(data, ends, hashes[first : first + AT_ONCE])
    return hashes


@nb.njit(cache=True)
def hash_each(data: NDArray[np.uint8], ends: NDArray[np.int64], hashes: NDArray[np.uint64]) -> None:
    """Hash texts that stand one after the other."""
    block, state = np.zeros(BLOCK, dtype=np.uint8), np.empty(8, dtype=np.uint64)
    words = block.view(np.uint64)
    begin = 0
    for text in range(ends.size):
        state[:] = START
        state[0] ^= LENGTH_AND_KIND
        length = ends[text] - begin
        for done in range(0, max(length, 1), BLOCK):
            upto = min(length - done, BLOCK)
            block[:upto] = data[begin + done : begin + done + upto]
            block[upto:] = 0
            compress(state, words, np.uint64(done + upto), done + upto == length)
        hashes[text] = state[0]
        begin = ends[text]


@compiled()
def compress(state: NDArray[np.uint64], m: NDArray[np.uint64], upto: np.uint64, last: bool) -> None:
    """Mix a block into the state (RFC 7693, section 3.2); names are those of the RFC."""
    v0, v1, v2, v3, v4, v5, v6, v7 = state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
    v8, v9, v10, v11, v12, v13 = START[0], START[1], START[2], START[3], START[4] ^ upto, START[5]
    v14, v15 = ~START[6] if last else START[6], START[7]
    for s in ORDERS:
        v0, v4, v8, v12 = stir(v0, v4, v8, v12, m[s[0]], m[s[1]])
        v1, v5, v9, v13 = stir(v1, v5, v9, v13, m[s[2]], m[s[3]])
        v2, v6, v10, v14 = stir(v2, v6, v10, v14, m[s[4]], m[s[5]])
        v3, v7, v11, v15 = stir(v3, v7, v11, v15, m[s[6]], m[s[7]])
        v0, v5, v10, v15 = stir(v0, v5, v10, v15, m[s[8]], m[s[9]])
        v1, v6, v11, v12 = stir(v1, v6, v11, v12, m[s[10]], m[s[11]])
        v2, v7, v8, v13 = stir(v2, v7, v8, v13, m[s[12]], m[s[13]])
        v3, v4, v9, v14 = stir(v3, v4, v9, v14, m[s[14]], m[s[15]])
    for word, mixed in enumerate((v0 ^ v8, v1 ^ v9, v2 ^ v10, v3 ^ v11, v4 ^ v12, v5 ^ v13, v6 ^ v14, v7 ^ v15)):
        state[word] ^= mixed


@inlined()
def stir(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, x: np.uint64, y: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The RFC's G."""
    a = a + b + x
    d = turn(d ^ a, np.uint64(32))
    c = c + d
    b = turn(b ^ c, np.uint64(24))
    a = a + b + y
    d = turn(d ^ a, np.uint64(16))
    c = c + d
    b = turn(b ^ c, np.uint64(63))
    return a, b, c, d


@inlined()
def turn(word: np.uint64, bits: np.uint64) -> np.uint64:
    """Rotate a word to the right."""
    return (word >> bits) | (word << (np.uint64(64) - bits))
