"""The colours and the type of every page and picture, by name: on paper and on a dark screen.

They are of Okabe and Ito's set, safe for colour-blind readers, darkened where text on white needs a contrast of 4.5.
"""

from __future__ import annotations

FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"

LIGHT = {
    "ink": "#1f2328",
    "muted": "#59636e",
    "rule": "#d5dae0",
    "paper": "#ffffff",
    "land": "#e3e7eb",
    "sea": "#f7f9fb",
    "blue": "#0b6aa8",
    "orange": "#c14d00",
    "pale": "#9db8cd",
}
DARK = {
    "ink": "#e9edf1",
    "muted": "#a3adb8",
    "rule": "#3a424c",
    "paper": "#15191e",
    "land": "#333b44",
    "sea": "#1b2026",
    "blue": "#58aee6",
    "orange": "#f0954a",
    "pale": "#5f7c93",
}
WAITS = ("#fff1b8", "#fdc665", "#f2913d", "#d3562f", "#9a2638", "#57103f")
"""From a short wait to a long one; lightness falls all the way, so it reads in grey as well."""
