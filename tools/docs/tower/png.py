"""PNG files of few colours: a page has few, and its picture is a third as large."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLOURS, EXACT = 256, 128
SIGN = b"\x89PNG\r\n\x1a\n"
PIXELS = """async data => {
  const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(data), each => each.charCodeAt(0))]));
  const canvas = new OffscreenCanvas(picture.width, picture.height), context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const bytes = context.getImageData(0, 0, picture.width, picture.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [picture.width, picture.height, btoa(text)];
}"""


def save(page: Any, picture: bytes, path: Path) -> None:
    """Keep a picture that a browser took in its most frequent colours; the browser itself reads it."""
    width, height, told = page.evaluate(PIXELS, base64.b64encode(picture).decode())
    pixels = np.frombuffer(base64.b64decode(told), dtype=np.uint8).reshape(height * width, 4)[:, :3]
    palette, places = choose_colours(pixels)
    path.write_bytes(write(palette, places.reshape(height, width)))


def choose_colours(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The most frequent colours, and for each pixel the one that is nearest."""
    packed = pixels.astype(np.uint32) @ np.array([65_536, 256, 1], dtype=np.uint32)
    colours, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)
    chosen = _spread(parts, counts)
    distances = ((parts[:, None, :] - parts[chosen][None, :, :]) ** 2).sum(axis=2)
    nearest = distances.argmin(axis=1).astype(np.uint8)
    return parts[chosen].astype(np.uint8), nearest[inverse]


def _spread(parts: NDArray[np.int32], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most frequent colours as they are, and of the others the most frequent of each small cube of colours."""
    order = np.argsort(-counts, kind="stable")
    exact, others = order[:EXACT], order[EXACT:]
    for side in (1, 8, 16, 24, 32, 48, 64):
        cubes = parts[others] // side @ np.array([65_536, 256, 1])
        first = np.sort(np.unique(cubes, return_index=True)[1])
        if len(first) <= COLOURS - EXACT:
            break
    return np.concatenate([exact, others[first[: COLOURS - EXACT]]])


def write(palette: NDArray[np.uint8], places: NDArray[np.uint8]) -> bytes:
    """The bytes of an indexed PNG."""
    height, width = places.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), places], axis=1).tobytes()
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGN + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
