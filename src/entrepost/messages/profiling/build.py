"""Makes a layout of the tables of a profile file, and tells what is wrong with them, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.messages.profiling.form import Field, Form, get_form, list_messages
from entrepost.messages.profiling.formats import FORMATS, LENGTHS, get_format
from entrepost.messages.profiling.layout import Cell, GroupPart, NodePart, Profile, SegmentPart, Variant
from entrepost.messages.profiling.template import Slot, Template, parse_part, parse_template

MALFORMED = finding_code("profile_malformed", "A profile of a message has a key or a value that makes no sense.")
FIELD_UNKNOWN = finding_code("profile_field_unknown", "A profile names a field that its message does not have.")
FIELD_MISSING = finding_code("profile_field_missing", "A profile says nowhere where a field stands that must be there.")
FORMAT_UNKNOWN = finding_code("profile_format_unknown", "A profile writes a field in a format that it cannot have.")

SYNTAXES = {
    "edifact": ("identifier", "application", "charset"),
    "xml": ("root", "namespace"),
    "json": (),
}
"""The syntaxes, each with the settings of its section."""
KEYS = {
    "edifact": {"segment", "use", "must_when", "most", "group", "body"},
    "xml": {"path", "value", "use", "must_when", "most", "group", "body"},
    "json": {"path", "value", "use", "must_when", "most", "group", "body"},
}
HEAD = {"name", "version", "syntax", "source", "body"}

_Part = SegmentPart | NodePart | GroupPart


class Builder:
    """Builds one profile; what is wrong is in `findings`."""

    def __init__(self, text: str, file: str, syntax: str) -> None:
        self.lines = text.splitlines()
        self.file = file
        self.findings: list[Finding] = []
        self.syntax = syntax
        self.codes: dict[str, dict[str, tuple[str, ...]]] = {}

    def build(self, content: Mapping[str, Any]) -> Profile | None:
        """The profile, None where it is no use."""
        head = content.get("message")
        if not isinstance(head, dict) or head.get("name") not in list_messages():
            known = ", ".join(list_messages())
            self.add(MALFORMED, "message.name", "it does not say which message it is of", f"write one of {known}")
            return None
        self._check_keys(content, {"message", "codes", *syntaxes_of(content)}, "")
        self._check_keys(head, HEAD, "message")
        self._read_codes(content.get("codes", {}))
        settings = content.get(self.syntax, {})
        self._check_keys(settings, set(SYNTAXES[self.syntax]), self.syntax)
        form = get_form(str(head["name"]))
        body = GroupPart("", form, self._body(head.get("body"), form, "message.body"), must=True, most=1)
        self._check_whole(body)
        return Profile(
            message=str(head["name"]),
            version=str(head.get("version", "")),
            syntax=self.syntax,
            source=str(head.get("source", "")),
            settings={key: str(value) for key, value in settings.items()},
            codes=self.codes,
            body=body,
            file=self.file,
        )

    def add(self, code: str, key: str, message: str, fix: str, near: str = "") -> None:
        """Report what is wrong with a key; `near` is text of the file beside it."""
        row = next((number for number, line in enumerate(self.lines, start=1) if near and near in line), 0)
        self.findings.append(Finding(code, key, message, self.file, row, fix))

    def _check_keys(self, table: Any, known: set[str], place: str) -> None:
        for key in table if isinstance(table, Mapping) else ():
            if key not in known:
                fix = f"use one of {', '.join(sorted(known))}"
                self.add(MALFORMED, f"{place}.{key}".strip("."), f"{key!r} is no key here", fix, str(key))

    def _read_codes(self, tables: Any) -> None:
        for name, listed in tables.items() if isinstance(tables, Mapping) else ():
            words = {str(word): str(word) for word in listed} if isinstance(listed, list) else listed
            codes = {word: _codes_of(given) for word, given in words.items()} if isinstance(words, Mapping) else {}
            every = [code for given in codes.values() for code in given]
            if not all(codes.values()) or not every or len({*every}) < len(every):
                fix = (
                    'write word = "code" (or ["code", "older code"]), each code once, or a list of words that are codes'
                )
                self.add(MALFORMED, f"codes.{name}", "it is no code list", fix, self._head_of(str(name)))
                continue
            self.codes[name] = codes

    def _head_of(self, name: str) -> str:
        """How the file begins a code list."""
        return next(
            (each for each in (f"[codes.{name}]", f"{name} = ") if any(each in line for line in self.lines)), name
        )

    def _body(self, rows: Any, form: Form, place: str) -> tuple[_Part, ...]:
        if not isinstance(rows, list) or not rows:
            self.add(MALFORMED, place, "it has no body", "list its segments, nodes and groups")
            return ()
        parts = (self._part(row, form, f"{place}[{number}]") for number, row in enumerate(rows))
        return tuple(part for part in parts if part is not None)

    def _part(self, row: Any, form: Form, place: str) -> _Part | None:
        if not isinstance(row, Mapping):
            self.add(MALFORMED, place, f"{row!r} is no table", 'write { segment = "..." } or { group = "..." }')
            return None
        self._check_keys(row, KEYS[self.syntax], place)
        if "body" in row:
            return self._group(row, form, place)
        return self._segment(row, form, place) if self.syntax == "edifact" else self._node(row, form, place)

    def _group(self, row: Mapping[str, Any], form: Form, place: str) -> GroupPart | None:
        name = str(row.get("group", ""))
        if name not in form.groups:
            known = ", ".join(form.groups) or "there are none here"
            self.add(FIELD_UNKNOWN, place, f"{name!r} is no group", f"use one of: {known}", f'"{name}"')
            return None
        body = self._body(row["body"], form.groups[name], f"{place}.{name}")
        single = form.fields[name].kind == "part"
        most = 1 if single else int(row.get("most", 99_999))
        must = row.get("use", "may") == "must"
        return GroupPart(name, form.groups[name], body, must, most, _steps(row.get("path", "")))

    def _segment(self, row: Mapping[str, Any], form: Form, place: str) -> SegmentPart | None:
        given = row.get("segment")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts:
            self.add(MALFORMED, place, "it has no segment", 'write segment = "BGM+23+{document}"')
            return None
        variants = []
        for text in texts:
            try:
                variants.append(self._variant(parse_template(str(text)), form, place))
            except MisuseError as error:
                self.add(MALFORMED, place, str(error), "write it as it looks on the wire", str(text))
        if not variants:
            return None
        must, when = self._use(row, form, place)
        tag = variants[0].template.tag
        return SegmentPart(tag, tuple(variants), must, int(row.get("most", 1)), when)

    def _node(self, row: Mapping[str, Any], form: Form, place: str) -> NodePart | None:
        try:
            part = parse_part(str(row.get("value", "")))
        except MisuseError as error:
            self.add(MALFORMED, place, str(error), "write a constant, or one field in braces", str(row.get("value")))
            return None
        must, when = self._use(row, form, place)
        steps = _steps(row.get("path", ""))
        if isinstance(part, str):
            return NodePart(steps, None, part, must, when)
        return NodePart(steps, self._cell(part, (0, 0), form, place, str(row["value"])), "", must, when)

    def _use(self, row: Mapping[str, Any], form: Form, place: str) -> tuple[bool, dict[str, tuple[str, ...]]]:
        use = row.get("use", "must")
        if use not in ("must", "may"):
            self.add(MALFORMED, place, f"use = {use!r}", "write must or may", f'"{use}"')
        when = row.get("must_when", {})
        for name in when:
            if name not in form.fields:
                self.add(FIELD_UNKNOWN, place, f"{name!r} in must_when is no field", "name a field", str(name))
        return use == "must" and not when, {name: tuple(map(str, values)) for name, values in when.items()}

    def _variant(self, template: Template, form: Form, place: str) -> Variant:
        keys, soft, cells = [], [], []
        for at, element in enumerate(template.elements, start=1):
            seen: Slot | None = None
            for index, part in enumerate(element):
                if isinstance(part, Slot):
                    seen = part
                    cells.append(self._cell(part, (at, index), form, place, template.text, element))
                elif part and seen is None:
                    keys.append((at, index, part))
                elif part and not (seen and part == seen.format and part in LENGTHS):
                    soft.append((at, index, part))
        return Variant(template, tuple(keys), tuple(soft), tuple(cells))

    def _cell(
        self, slot: Slot, at: tuple[int, int], form: Form, place: str, near: str, element: tuple[Any, ...] = ()
    ) -> Cell:
        known = form.fields.get(slot.field)
        if slot.field and known is None:
            fix = f"use one of {', '.join(form.fields)}"
            self.add(FIELD_UNKNOWN, place, f"{slot.field!r} is no field of {form.message} here", fix, near)
        if slot.counts or known is None:
            return Cell(*at, slot, known, None)
        if self.syntax == "edifact" and slot.many != (known.kind == "list"):
            fix = f"write {{{known.name}*5}}: up to five in a segment" if known.kind == "list" else "leave out the star"
            self.add(FORMAT_UNKNOWN, place, f"{slot.field} is {known.kind}, and a star stands for lists", fix, near)
        found = get_format(known.kind, slot.format, self.codes)
        if found is None:
            usual = ", ".join(FORMATS.get(known.kind, ())) or "none"
            fix = f"formats of a {known.kind}: {usual}; code lists: {', '.join(self.codes) or 'none'}"
            self.add(FORMAT_UNKNOWN, place, f"{slot.field} has no format {slot.format!r}", fix, near)
        follows = at[1] + 1 < len(element) and element[at[1] + 1] == slot.format and slot.format in LENGTHS
        return Cell(*at, slot, known, found, follows)

    def _check_whole(self, body: GroupPart) -> None:
        """Every field that must be there has its place."""
        for group in (body, *(part for part in body.walk() if isinstance(part, GroupPart))):
            named = {cell.slot.field for part in group.body if not isinstance(part, GroupPart) for cell in part.cells}
            named |= {part.field for part in group.body if isinstance(part, GroupPart)}
            for field in _demanded(group.form.fields.values()):
                if field.name not in named:
                    fix = f"write {{{field.name}}} where it stands: {field.description}"
                    self.add(FIELD_MISSING, field.path, f"{field.path} stands nowhere", fix, f'"{group.field}"')


def syntaxes_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The syntaxes of which a profile is: one, or XML and JSON together; EDIFACT where it says nothing else."""
    head = content.get("message")
    given = head.get("syntax", "edifact") if isinstance(head, Mapping) else "edifact"
    return tuple(map(str, given)) if isinstance(given, list) else (str(given),)


def _codes_of(given: Any) -> tuple[str, ...]:
    """The codes of a word: the one that is written, and others that are read; none where they are no texts."""
    codes = (given,) if isinstance(given, str) else given
    sound = isinstance(codes, list | tuple) and all(isinstance(code, str) and code for code in codes)
    return tuple(codes) if sound else ()


def _demanded(fields: Iterable[Field]) -> Iterable[Field]:
    return (field for field in fields if field.must)


def _steps(path: Any) -> tuple[str, ...]:
    return tuple(step for step in str(path).split("/") if step)
