"""One HTML file that needs nothing else: text, pictures, tables, and the scripts that draw them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from entrepost.documents.palette import DARK, LIGHT
from entrepost.documents.table import Table

if TYPE_CHECKING:
    from entrepost.documents.theme import Picture

STILL_WIDTH = 760
"""Width in pixels of the pictures that are shown without scripts and on paper."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its table; `name` is its anchor, `says` what it shows, for who cannot see it."""

    name: str
    title: str
    says: str
    picture: Picture
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the story: a heading, paragraphs of plain text, and what they point at."""

    name: str
    title: str
    paragraphs: tuple[str, ...]
    parts: tuple[Figure | Table, ...] = ()
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the glance; `after` stands beside it where something was changed."""

    title: str
    before: str
    after: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, in the order of reading."""

    title: str
    subtitle: str
    lead: tuple[str, ...]
    cards: tuple[Card, ...]
    sections: tuple[Section, ...]
    words: tuple[tuple[str, str], ...] = field(default=())
    footer: str = ""


def render_page(page: Page) -> str:
    """The page as one HTML document.

    Everything that comes from data is escaped. The content policy in its head lets a browser run only
    the scripts that stand in the file, and load nothing from anywhere.
    """
    scripts = [_script(_library()), _script(_drawing())]
    return _render(
        "page.html.j2",
        page,
        css=_asset("page.css"),
        scripts=scripts,
        hashes=[_policy_hash(script) for script in scripts],
        in_script=_json,
    )


def render_part(page: Page) -> str:
    """The page as a part of another, such as a notebook: its figures, still pictures and tables, no scripts."""
    return _render("part.html.j2", page)


def list_figures(page: Page) -> list[Figure]:
    """The pictures of a page, in the order of reading."""
    return [part for section in page.sections for part in section.parts if isinstance(part, Figure)]


def _render(template: str, page: Page, **more: Any) -> str:
    environment = Environment(
        loader=PackageLoader("entrepost.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["figure"] = lambda part: isinstance(part, Figure)
    specs = {figure.name: figure.picture.to_dict(validate=False) for figure in list_figures(page)}
    return environment.get_template(template).render(page=page, specs=specs, still=draw_still, **more)


def draw_svg(spec: Mapping[str, Any]) -> str:
    """A picture's definition as an SVG image."""
    import vl_convert

    spec = {**spec, "width": STILL_WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}}
    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg


def draw_still(spec: Mapping[str, Any]) -> str:
    """A picture's definition as an SVG image, ready for the source of an `img`."""
    svg = draw_svg(spec)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@lru_cache(maxsize=1)
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed, from the wheel of vl-convert."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle


def _drawing() -> str:
    themes = json.dumps({"light": LIGHT, "dark": DARK}, separators=(",", ":"))
    return f"const themes = {themes};\n{_asset('page.js')}"


def _asset(name: str) -> str:
    return files("entrepost.documents").joinpath(f"templates/{name}").read_text(encoding="utf-8")


def _script(text: str) -> str:
    """The same script, unable to end its element; its lines end as a browser reads them, for the hash."""
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE).replace("\r\n", "\n")


def _json(value: object) -> str:
    """JSON that cannot end the element in which it stands."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _policy_hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
