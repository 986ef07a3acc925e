"""entrepost exchange nats-config: the configuration of a cluster of brokers on which each speaks for itself alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import here
from entrepost.exchange.brokers.cluster import Cluster, Node, write_config


def configure(
    folder: Annotated[Path, typer.Argument(help="Where the files are written.", metavar="FOLDER")],
    operators: Annotated[list[str], typer.Option("--operator", help="An EDI address; may be repeated.")],
    nodes: Annotated[
        list[str],
        typer.Option("--node", help="A broker as nats-1=nats-1.example.org; may be repeated.", metavar="NAME=HOST"),
    ],
    pairs: Annotated[
        list[str] | None,
        typer.Option("--pair", help="Who may write to whom; otherwise everybody to all.", metavar="SENDER:RECIPIENT"),
    ] = None,
    certificates: Annotated[
        str, typer.Option("--certificates", help="The folder of a broker's certificates, on its machine.")
    ] = "/etc/nats/certificates",
    data: Annotated[str, typer.Option("--data", help="The folder of what a broker keeps, there.")] = "/var/lib/nats",
) -> None:
    """Write the configuration of a cluster of brokers: a file for each, and what they share."""
    cluster = Cluster(
        tuple(operators),
        tuple(_read_node(each) for each in nodes),
        tuple(_read_pair(each) for each in pairs or ()),
        certificates=certificates,
        data=data,
    )
    folder.mkdir(parents=True, exist_ok=True)
    written = write_config(cluster)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    here().answer({"files": sorted(written)}, [f"{folder / name}" for name in sorted(written)])


def _read_node(text: str) -> Node:

    name, divided, host = text.partition("=")
    if not divided:
        raise MisuseError(f"{text!r} is no broker; write NAME=HOST, as nats-1=nats-1.example.org")
    return Node(name, host)


def _read_pair(text: str) -> tuple[str, str]:
    sender, divided, recipient = text.partition(":")
    if not divided:
        raise MisuseError(f"{text!r} is no pair; write SENDER:RECIPIENT, as CN101:US101")
    return sender, recipient
