"""The configuration of a cluster: who may write to whom, and nothing secret in it."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.exchange.brokers.cluster import Cluster, Node, from_token, subject_of, to_token, write_config
from tests.tidy.source import ROOT

THREE = tuple(Node(f"nats-{number}", f"nats-{number}.example.org") for number in (1, 2, 3))
EXAMPLE = Cluster(("CN101", "NL101", "US101"), THREE)
"""Of it are the files in `deploy/nats`."""


def lines(text: str, word: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if word in line]


def test_the_example_is_what_is_written_today() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "deploy" / "nats").glob("*.conf")}
    assert kept == write_config(EXAMPLE)


def test_every_broker_acknowledges_after_its_disk_has_it() -> None:
    written = write_config(EXAMPLE)
    assert [lines(written[f"{node.name}.conf"], "sync_interval") for node in THREE] == [["sync_interval: always"]] * 3


def test_an_operator_imports_only_subjects_that_begin_with_itself() -> None:
    written = write_config(Cluster(("CN101", "US101", "NL101"), THREE, pairs=(("CN101", "US101"), ("US101", "CN101"))))
    exported, imported = (lines(written["operators.conf"], word) for word in ("accounts: [", "{ account: "))
    assert exported == [
        '{ service: "transmissions.US101.CN101", accounts: ["OPERATOR_US101"] }',
        '{ service: "transmissions.CN101.US101", accounts: ["OPERATOR_CN101"] }',
    ]
    assert imported == [
        '{ service: { account: "OPERATOR_US101", subject: "transmissions.CN101.US101" } }',
        '{ service: { account: "OPERATOR_CN101", subject: "transmissions.US101.CN101" } }',
    ]


@pytest.mark.parametrize(("address", "token"), [("CN101", "CN101"), ("NL.1", "NL=2E1"), ("A B*>", "A=20B=2A=3E")])
def test_an_address_is_one_word_of_a_subject_whatever_its_signs(address: str, token: str) -> None:
    assert (to_token(address), from_token(token)) == (token, address)
    assert subject_of(address, "US101") == f"transmissions.{token}.US101"


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"operators": ()}, "needs operators"),
        ({"nodes": ()}, "at least one broker"),
        ({"operators": ("CN101", "CN101")}, "named twice"),
        ({"operators": ('CN"101',)}, "no EDI address"),
        ({"operators": ("CN101", "US101"), "pairs": (("CN101", "XX9"),)}, "XX9 is in a pair"),
        ({"nodes": (Node("nats 1", "nats-1.example.org"),)}, "is no broker"),
        ({"nodes": (Node("nats-1", "nats 1"),)}, "is no broker"),
        ({"certificates": '/etc/"'}, "no quotes"),
    ],
)
def test_what_makes_no_cluster_is_said(wanted: dict[str, object], why: str) -> None:
    with pytest.raises(MisuseError, match=why):
        Cluster(**({"operators": ("CN101",), "nodes": THREE} | wanted))  # type: ignore[arg-type]
