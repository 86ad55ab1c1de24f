"""A gateway's sections as facts: what fosa writes, what a device tells, and anything else."""

import datetime as dt
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.load import load
from inventory.model import Platform
from monitor.basis import Basis
from monitor.facts.model import View
from monitor.facts.read import facts, intended_sections
from templates.linux_gateway.text import FILES, SECTIONS
from templates.render import render
from tests.monitor.facts.reading import NOW, files, intended, running

GATEWAYS = ["gw-k", "gw-b", "gw-c", "small/gw-h", "small/gw-s"]


@pytest.mark.parametrize("name", GATEWAYS)
def test_what_fosa_writes_is_understood(golden: Path, name: str) -> None:
    sections = files(golden, name)
    said = intended(sections)
    assert {section.name for section in said.sections} == set(sections)
    assert [where for section in said.sections for where in section.unknown] == []
    assert said.understood() == 1.0
    assert said.firewall is not None
    assert said.ipsec is not None
    assert said.ipsec.views == {View.CONFIGURED}
    assert said.ipsec.alone() == ()
    assert {c.versions.value for c in said.ipsec.connections} == {(2,)}
    assert all(c.proposals and child.proposals for c in said.ipsec.connections for child in c.children)
    assert {service.name for service in said.services} == {"ssh", "snmp", "ntp"}
    assert not any(service.address == "" for service in said.services)


def test_intended_text_is_what_is_rendered(golden: Path) -> None:
    office = load(golden.parents[2] / "inventory/examples/pila").require()
    rendered = render(office, office.device("gw-k"), dt.date(2026, 11, 21))
    assert intended_sections(rendered) == files(golden, "gw-k")


def test_what_a_device_tells_is_understood(device: dict[str, str]) -> None:
    said = running(device)
    assert [where for section in said.sections for where in section.unknown] == []
    assert {section.name for section in said.sections} == set(SECTIONS) - {"file /etc/nftables.conf"}
    assert said.firewall is not None
    assert said.firewall.sources == ("kernel nftables",)
    for section in said.sections:
        assert section.sha256 == sha256(device[section.name].encode()).hexdigest()


def test_lines_are_counted_as_they_are_shown(device: dict[str, str]) -> None:
    said = running(device)
    assert said.timing is not None
    for server in said.timing.servers:
        shown = device[server.where.source].splitlines()
        assert shown[0] == "# fosa: mode 0644"
        assert shown[server.where.line - 1] == f"server {server.address} iburst"


def test_a_part_that_is_not_in_the_text_is_none() -> None:
    said = running({"file /etc/hosts": "127.0.0.1 localhost\n"})
    assert said.sections == ()
    assert (said.firewall, said.ipsec, said.ssh, said.snmp, said.logging, said.timing) == (None,) * 6
    assert said.understood() == 0.0
    assert said.understood("kernel nftables") == 0.0


def test_a_daemon_that_does_not_answer_tells_nothing(device: dict[str, str]) -> None:
    silent = {"charon connections": "(charon does not answer)\n", "sshd effective": "(sshd refuses its file)\n"}
    said = running(device | silent)
    assert said.ssh is None
    assert said.ipsec is not None
    assert said.ipsec.views == {View.CONFIGURED}
    assert said.understood("charon connections") == said.understood("sshd effective") == 0.0


def test_a_link_in_place_of_a_file_is_not_understood(device: dict[str, str]) -> None:
    said = running(device | {"file /etc/chrony/chrony.conf": "# fosa: mode 0777\n(a link or no file)\n/tmp/x\n"})
    assert said.timing is not None
    assert said.timing.servers == ()
    assert said.understood("file /etc/chrony/chrony.conf") == 0.0


def test_the_same_texts_give_the_same_facts(device: dict[str, str]) -> None:
    assert running(device) == running(device)
    assert running(device) != replace(running(device), asset="gw-b")


PIECES = """
    a b { } = 1 x y " "z" # ( ) action( type="omfwd" if then $A /* *.* @x server createUser rouser -e Match Port [n] ²
    stack=a:NFLOG,b:SYSLOG group=x connections secrets version agentAddress ListenAddress : key allow port Include
"""
PIECE = st.sampled_from([*PIECES.split(), "\n", "\r", "  "])


@given(st.lists(PIECE, max_size=40).map(" ".join), st.sampled_from(list(Basis)))
def test_no_text_is_too_odd(text: str, basis: Basis) -> None:
    said = facts("gw-k", Platform.LINUX_GATEWAY, basis, dict.fromkeys(SECTIONS, text), NOW)
    assert all(0.0 <= section.understood <= 1.0 for section in said.sections)
    assert all(0 < where.line <= text.count("\n") + 1 for section in said.sections for where in section.unknown)


@given(st.text())
def test_no_text_at_all_is_too_odd(text: str) -> None:
    running(dict.fromkeys(SECTIONS, text))


@given(st.sampled_from([Path(file.path).name for file in FILES]), st.integers(0, 5000), st.integers(0, 200))
def test_a_golden_text_cut_anywhere_is_read(golden: Path, name: str, start: int, length: int) -> None:
    whole = (golden / "gw-k" / name).read_text()
    path = next(file.path for file in FILES if Path(file.path).name == name)
    intended({f"file {path}": whole[:start] + whole[start + length :]})
