"""Codes as hands and scanners spoil them: signs replaced, lost, added and changed about."""

from __future__ import annotations

from hypothesis import strategies as st

SIGNS = st.sampled_from("0179AKXZaz -.*\t\n\0\u00a0ß\u017f\u0130\uff11²") | st.characters()


@st.composite
def spoiled(draw: st.DrawFn, code: str) -> str:
    """The code after one to four accidents."""
    text = code
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(("replace", "lose", "add", "swap", "cut")))
        if kind == "replace":
            text = text[:place] + draw(SIGNS) + text[place + 1 :]
        elif kind == "lose":
            text = text[:place] + text[place + 1 :]
        elif kind == "add":
            text = text[:place] + draw(SIGNS) + text[place:]
        elif kind == "swap":
            text = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
        else:
            text = text[:place]
    return text
