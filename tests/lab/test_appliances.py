"""What the agents of a practice office's appliances tell: everything is fixed, and nothing can be added to it."""

import re
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Office, PortMode
from lab.appliances.agent import User, configuration, printer_rows, switch_rows, ups_rows

_ROW = re.compile(r'override [0-9.]+ (integer -?[0-9]+|uinteger [0-9]+|counter [0-9]+|octet_str "[^"\\]+")')


@pytest.fixture(scope="module")
def office(pila: Path) -> Office:
    return load(pila).require()


def test_every_row_is_one_that_snmpd_understands(office: Office) -> None:
    rows = [*printer_rows(), *ups_rows(), *(row for switch in office.switches for row in switch_rows(switch))]
    assert [row for row in rows if not _ROW.fullmatch(row)] == []


def test_an_agent_answers_for_all_its_addresses_to_one_user_with_privacy_only() -> None:
    addresses = (IPv4Address("10.64.7.10"), IPv4Address("10.64.7.11"))
    text = configuration("printers", "two printers", addresses, User("fosa", "a" * 12, "p" * 12, "SHA"), printer_rows())
    assert "agentAddress udp:10.64.7.10:161,udp:10.64.7.11:161\n" in text
    assert 'createUser fosa SHA "aaaaaaaaaaaa" AES "pppppppppppp"\nrouser fosa priv\n' in text
    assert "community" not in text
    assert "not a device" in text


def test_a_switch_tells_every_port_of_the_inventory_and_those_not_in_use_as_down(office: Office) -> None:
    switch = office.device("sw-k-1")
    rows = list(switch_rows(switch))
    names = [row for row in rows if ".31.1.1.1.1." in row]
    assert len(names) == sum(len(ports.names) for ports in switch.switch_ports) == 24
    unused = sum(len(ports.names) for ports in switch.switch_ports if ports.mode is PortMode.UNUSED)
    assert sum(row.endswith("integer 2") for row in rows if ".2.2.1.8." in row) == unused
