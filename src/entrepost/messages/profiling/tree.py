"""Messages that are trees: XML and JSON, read and written by the same profiles as segments are.

XML comes from outside: a document type, an entity or a reference to another document is refused, not followed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as Tree

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Defused

from entrepost.base.errors import IncomingMessageError, OutgoingMessageError
from entrepost.base.findings import Finding
from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Cell, GroupPart, NodePart, Profile
from entrepost.messages.profiling.settling import CONSTANT, FINDINGS_MOST, UNEXPECTED, Fault, Scope, keep_value, settle
from entrepost.messages.profiling.writing import write_value

MOST_BYTES = 50_000_000
DEEPEST = 50
"""No message is nested deeper."""

Node = dict[str, Any] | list[Any] | str | None
"""A tree as both syntaxes have it: names with what is below them, attributes as ``@name``, text as ``#``."""


def parse_tree(data: bytes, syntax: str) -> Node:
    """The tree of a document; numbers and truth values become the text that was written.

    Raises
    ------
    IncomingMessageError
        Where it is none, is larger than 50 MB, or tries what a message has no use for.
    """
    if len(data) > MOST_BYTES:
        raise IncomingMessageError(f"a message of {len(data)} bytes; {MOST_BYTES} are allowed", 0, MOST_BYTES)
    return _parse_json(data) if syntax == "json" else _parse_xml(data)


def print_tree(node: Node, profile: Profile) -> bytes:
    """The bytes of a tree in the syntax of its profile."""
    if profile.syntax == "json":
        return json.dumps(node, ensure_ascii=False, indent=1).encode()
    root = Tree.Element(profile.settings["root"])
    if profile.settings.get("namespace"):
        root.set("xmlns", profile.settings["namespace"])
    _grow(root, node)
    Tree.indent(root)
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True))


def read_tree(node: Node, profile: Profile, clocks: Clocks, findings: list[Finding]) -> Record | None:
    """What a tree says, by a profile; None where it cannot be used."""
    reader = _TreeReader(clocks, profile.message, findings)
    first = profile.body.body[0]
    if isinstance(node, list) and len(profile.body.body) == 1 and isinstance(first, GroupPart):
        node = {first.path[0]: node}
    return settle(reader.gather(profile.body, node, None), (), reader)


def write_tree(record: Record, profile: Profile, clocks: Clocks) -> Node:
    """The tree of a record, by a profile."""
    return _TreeWriter(profile, clocks).node(profile.body, record, ())


@dataclass(slots=True)
class _TreeReader:
    clocks: Clocks
    subject: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, scope: Scope, finding: Fault, number: int = 0, warning: bool = False) -> None:
        code, name, message, fix = finding
        scope.faulty |= not warning
        if len(self.findings) >= FINDINGS_MOST:
            return
        where = f"{scope.part.field} {scope.number}: " if scope.part.field else ""
        level = "warning" if warning else "error"
        self.findings.append(Finding(code, name, where + message, self.subject, scope.number, fix, level))  # type: ignore[arg-type]

    def gather(self, group: GroupPart, node: Node, parent: Scope | None, number: int = 0) -> Scope:
        """What stands in the node of a group."""
        scope = Scope(group, parent, number)
        for part in group.body:
            if isinstance(part, GroupPart):
                found = [each for each in _find(node, part.path) if each not in ("", None)]
                for ordinal, each in enumerate(found, start=1):
                    scope.children.append(self.gather(part, each, scope, ordinal))
            elif isinstance(part, NodePart):
                self._take(scope, part, node)
        for path in _strangers(node, (), {step for part in group.body for step in _known(part)}):
            self.add(scope, (UNEXPECTED, path, f"{path} stands nowhere in the profile", "add it there"), warning=True)
        return scope

    def _take(self, scope: Scope, part: NodePart, node: Node) -> None:
        for each in _find(node, part.path):
            text = each.get("#", "") if isinstance(each, dict) else each
            if not isinstance(text, str) or not text:
                continue
            scope.filled[id(part)] = 1
            if part.cell is not None:
                keep_value(scope, part.cell, text, scope.number, self)
            elif text != part.constant:
                what = f"{'/'.join(part.path)} is {text!r} where {part.constant!r} belongs"
                self.add(scope, (CONSTANT, part.path[-1], what, f"write {part.constant}"), warning=not part.must)


@dataclass(frozen=True, slots=True)
class _TreeWriter:
    profile: Profile
    clocks: Clocks

    def node(self, group: GroupPart, record: Record, outer: tuple[Record, ...], number: int = 1) -> Node:
        """The node of a record."""
        made: dict[str, Any] = {}
        around = (record, *outer)
        for part in group.body:
            if isinstance(part, GroupPart):
                held = record.get(part.field)
                if not held:
                    self._demand(part.must, part.field)
                    continue
                rows = [held] if part.single else held
                nodes = [self.node(part, row, around, ordinal) for ordinal, row in enumerate(rows, start=1)]
                if not part.path:
                    return nodes
                _set(made, part.path, nodes[0] if part.single else nodes)
            elif isinstance(part, NodePart):
                value = part.constant if part.cell is None else self._value(part.cell, around, number)
                if value in (None, "", []):
                    self._demand(part.must, "/".join(part.path))
                else:
                    _set(made, part.path, value)
        return made

    def _demand(self, must: bool, name: str) -> None:
        if must:
            raise OutgoingMessageError(f"{self.profile.name}: nothing is told for {name}, which must be there")

    def _value(self, cell: Cell, around: tuple[Record, ...], number: int) -> Any:
        """A value as the syntax has it: JSON knows whole numbers, truth and lists, XML only text."""
        if cell.slot.counts:
            count = len(around[0].get(cell.slot.field, [])) if cell.slot.field else number
            return count if self.profile.syntax == "json" else str(count)
        value = around[0].get(cell.slot.field)
        if value is None or value == "" or cell.field is None or cell.format is None:
            return None
        plain = cell.format.words is None or cell.slot.format in ("", "true")
        if self.profile.syntax == "json" and isinstance(value, bool | int) and cell.field.kind != "amount" and plain:
            return value
        place = (around, self.clocks)
        try:
            if cell.field.kind == "list":
                texts = [write_value(cell.field, cell.format.name, cell.format.write, each, place) for each in value]
                return texts[0] if len(texts) == 1 and not cell.slot.many else texts
            return write_value(cell.field, cell.format.name, cell.format.write, value, place)
        except ValueError as error:
            raise OutgoingMessageError(f"{self.profile.name}: {cell.slot.field} cannot be written: {error}") from None


def _parse_json(data: bytes) -> Node:
    try:
        parsed = json.loads(data, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        position = getattr(error, "pos", 0)
        raise IncomingMessageError(f"it is not JSON in UTF-8: {str(error)[:200]}", 0, position) from None
    return _plain(parsed)


def _plain(value: Any, depth: int = 0) -> Node:
    """The same tree with truth values as text."""
    if depth > DEEPEST:
        raise IncomingMessageError(f"its JSON is nested more than {DEEPEST} deep", 0, 0)
    if isinstance(value, dict):
        return {str(name): _plain(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value  # type: ignore[no-any-return]


def _parse_xml(data: bytes) -> Node:
    try:
        root = Defused.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise IncomingMessageError(
            f"its XML has a document type or entities, which are refused: {error}", 0, 0
        ) from None
    except (Tree.ParseError, ValueError, LookupError) as error:
        raise IncomingMessageError(f"it is not XML: {error}", 0, 0) from None
    return _shrink(root, 0)


def _shrink(element: Tree.Element, depth: int) -> Node:
    if depth > DEEPEST:
        raise IncomingMessageError(f"its XML is nested more than {DEEPEST} deep", 0, 0)
    node: dict[str, Any] = {f"@{_local(name)}": text for name, text in element.attrib.items()}
    for child in element:
        node.setdefault(_local(child.tag), []).append(_shrink(child, depth + 1))
    text = (element.text or "").strip()
    if not node:
        return text
    return {**node, "#": text} if text else node


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _find(node: Node, path: tuple[str, ...]) -> list[Node]:
    """Every node at the end of a path; a list stands for each of its members."""
    if isinstance(node, list):
        return [found for each in node for found in _find(each, path)]
    if not path:
        return [node]
    if not isinstance(node, dict) or path[0] not in node:
        return []
    return _find(node[path[0]], path[1:])


def _known(part: Any) -> Iterator[tuple[str, ...]]:
    """The paths that a part accounts for, each as a tuple of steps."""
    if isinstance(part, GroupPart):
        yield (*part.path, "*")
    else:
        yield part.path


def _strangers(node: Node, above: tuple[str, ...], known: set[tuple[str, ...]]) -> Iterator[str]:
    """What a node holds that no part accounts for."""
    if not isinstance(node, dict):
        return
    for name, below in node.items():
        path = (*above, name)
        if path in known or (*path, "*") in known or name in ("#", "@xmlns") or below is None:
            continue
        if any(each[: len(path)] == path for each in known):
            for each in below if isinstance(below, list) else [below]:
                yield from _strangers(each, path, known)
        elif ("*",) not in known:
            yield "/".join(path)[:100]


def _set(made: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        made = made.setdefault(step, {})
    made[path[-1]] = value


def _grow(element: Tree.Element, node: Node) -> None:
    if not isinstance(node, dict):
        element.text = "" if node is None else str(node)
        return
    for name, below in node.items():
        if name.startswith("@"):
            element.set(name[1:], str(below))
            continue
        for each in below if isinstance(below, list) else [below]:
            _grow(Tree.SubElement(element, name), each)


__all__ = ["parse_tree", "print_tree", "read_tree", "write_tree"]
