"""The configuration of a cluster of brokers on which each operator can speak for itself alone.

Every operator has an account of its own with one stream, its inbox. It exports to each partner the one subject
on which that partner may write to it, and the partner imports just that: `transmissions.SENDER.RECIPIENT` can be
written to by SENDER and read by RECIPIENT, and nobody else can name it. An operator proves who it is by a
certificate of the cluster's authority, whose subject is `CN=` and its EDI address; so no secret stands in these files.

References
----------
NATS documentation: 'Accounts' (exports and imports), 'TLS Authentication' (verify_and_map), 'JetStream'
(sync_interval).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from entrepost.base.errors import MisuseError

PLAIN = re.compile(r"[A-Za-z0-9_-]+")
HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
EDI_ADDRESS = re.compile(r"[!-~](?:[ -~]{0,33}[!-~])?")
"""35 signs, as UNB has it (ISO 9735, data element 0004)."""
OPERATORS_FILE = "operators.conf"
MEGABYTE = 1 << 20
TOP = "transmissions"


@dataclass(frozen=True, slots=True)
class Node:
    """A broker of the cluster: its name and where it listens, for operators and for the other brokers."""

    name: str
    host: str
    port: int = 4222
    route_port: int = 6222


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster is made of. The limits are *assumed*.

    Attributes
    ----------
    operators : tuple of str
        EDI addresses.
    nodes : tuple of Node
        An odd number of at least three lives on while one is away; one alone is for trying out.
    pairs : tuple of (str, str), optional
        Who may write to whom, sender first; nothing: everybody to everybody.
    listen : str
        The address of its machine on which a broker listens; empty: that of its host.
    certificates, data : str
        The folders on a broker's machine of `authority.pem`, `broker.pem` and `broker.key`, and of what it keeps.
    transmission_bytes_most : int
        No larger transmission is taken; larger ones go by HTTPS or folder.
    inbox_bytes_most : int
        What may wait for an operator; when it is full, senders are told and keep what they have.
    """

    operators: tuple[str, ...]
    nodes: tuple[Node, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    name: str = "entrepost"
    listen: str = "0.0.0.0"
    certificates: str = "/etc/nats/certificates"
    data: str = "/var/lib/nats"
    transmission_bytes_most: int = 8 * MEGABYTE
    inbox_bytes_most: int = 4096 * MEGABYTE
    ways: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        _check_each(self)
        known = set(self.operators)
        strangers = sorted({name for pair in self.pairs for name in pair} - known)
        if strangers:
            raise MisuseError(f"{strangers[0]} is in a pair and no operator of the cluster; name it among them")
        pairs = self.pairs or tuple((one, other) for one in self.operators for other in self.operators)
        found = {each: (_others(pairs, 0, 1, each), _others(pairs, 1, 0, each)) for each in self.operators}
        object.__setattr__(self, "ways", found)


def write_config(cluster: Cluster) -> dict[str, str]:
    """The files of a cluster by name: one for each node, and what all nodes share."""
    files = {f"{node.name}.conf": _write_node(cluster, node) for node in cluster.nodes}
    return files | {OPERATORS_FILE: _write_operators(cluster)}


def to_token(address: str) -> str:
    """An EDI address as a word of a subject: what is no letter, digit, dash or underscore is written as `=2E`."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f"={ord(found[0]):02X}", address)


def from_token(token: str) -> str:
    """The EDI address that a word of a subject is."""
    return re.sub(r"=([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), token)


def subject_of(sender: str, recipient: str) -> str:
    """On which subject a sender writes to a recipient."""
    return f"{TOP}.{to_token(sender)}.{to_token(recipient)}"


def account_of(address: str) -> str:
    """The account of an operator."""
    return f"OPERATOR_{to_token(address)}"


def _write_node(cluster: Cluster, node: Node) -> str:
    files = (("cert_file", "broker.pem"), ("key_file", "broker.key"), ("ca_file", "authority.pem"))
    keys = [f'  {name}: "{cluster.certificates}/{file}"' for name, file in files]
    listen = cluster.listen or node.host
    lines = [
        f"# Broker {node.name} of the cluster {cluster.name}; written by: entrepost exchange nats-config",
        f"server_name: {node.name}",
        f"listen: {listen}:{node.port}",
        f"max_payload: {cluster.transmission_bytes_most}",
        "jetstream {",
        f'  store_dir: "{cluster.data}/{node.name}"',
        "  # An acknowledgement comes after the disk has it.",
        "  sync_interval: always",
        "}",
        *(
            "tls {",
            *keys,
            "  # Whoever connects is the operator whose certificate it holds.",
            "  verify_and_map: true",
            "}",
        ),
    ]
    others = [each for each in cluster.nodes if each != node]
    if others:
        routes = ", ".join(f'"nats-route://{each.host}:{each.route_port}"' for each in others)
        inside = [f"  name: {cluster.name}", f"  listen: {listen}:{node.route_port}", f"  routes: [{routes}]"]
        lines += ["cluster {", *inside, "  tls {", *(f"  {key}" for key in keys), "    verify: true", "  }", "}"]
    return "\n".join([*lines, f'include "{OPERATORS_FILE}"', ""])


def _write_operators(cluster: Cluster) -> str:
    lines = ["# Who may write to whom; the same on every broker.", "system_account: SYSTEM", "accounts {"]
    lines += ["  SYSTEM { users: [] }"]
    for address in cluster.operators:
        to, by = cluster.ways[address]
        lines += [
            f'  "{account_of(address)}" {{',
            f'    users: [{{ user: "CN={address}" }}]',
            f"    jetstream: {{ max_file: {_kept(cluster)}, max_streams: 1, max_consumers: 1 }}",
            "    exports: [",
            *(f'      {{ service: "{subject_of(each, address)}", accounts: ["{account_of(each)}"] }}' for each in by),
            "    ]",
            "    imports: [",
            *(_import(address, each) for each in to),
            "    ]",
            "  }",
        ]
    return "\n".join([*lines, "}", ""])


def _import(sender: str, recipient: str) -> str:
    subject = subject_of(sender, recipient)
    return f'      {{ service: {{ account: "{account_of(recipient)}", subject: "{subject}" }} }}'


def _kept(cluster: Cluster) -> int:
    """What an account may keep: every copy of its inbox counts."""
    return cluster.inbox_bytes_most * len(cluster.nodes)


def _others(pairs: Iterable[tuple[str, str]], mine: int, theirs: int, address: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pair[theirs] for pair in pairs if pair[mine] == address and pair[theirs] != address))


def _check_each(cluster: Cluster) -> None:
    for address in cluster.operators:
        if not EDI_ADDRESS.fullmatch(address) or set(address) & set('"\\,=+<>;#'):
            raise MisuseError(f"{address!r} is no EDI address: 1 to 35 signs as CN101, none of them of a certificate's")
    for node in cluster.nodes:
        if not PLAIN.fullmatch(node.name) or not HOST.fullmatch(node.host):
            raise MisuseError(
                f"{node.name}:{node.host} is no broker; write it as NAME=HOST, as nats-1=nats-1.example.org"
            )
    if not cluster.operators or not cluster.nodes:
        raise MisuseError("a cluster needs operators and at least one broker")
    for what, names in (("operator", cluster.operators), ("broker", [node.name for node in cluster.nodes])):
        if twice := sorted({name for name in names if list(names).count(name) > 1}):
            raise MisuseError(f"the {what} {twice[0]} is named twice; name each once")
    if not PLAIN.fullmatch(cluster.name) or any(
        '"' in each or "\n" in each for each in (cluster.certificates, cluster.data)
    ):
        raise MisuseError("the cluster's name has letters, digits and dashes, and folders no quotes")
