"""The ports by which a switch's text asks its servers are those that `fosa check` wants open."""

import datetime as dt
import re

import pytest

from inventory.checks.switchflows import RADIUS
from inventory.model import Device, Office, Platform
from templates.render import render

SWITCHES = [platform for platform in Platform if platform.switch]
_PORT = re.compile(r"\b(?:\w+-)?port[ =](\d+)|\b(tcp|tls|udp)\b")


def _asking(office: Office, device: Device, today: dt.date) -> list[str]:
    """The lines that name a server."""
    switching = office.switching
    assert switching is not None
    addresses = {*office.network.time_sources, office.device(office.network.log_server).address}
    addresses |= {switching.second_log_server, *(server.address for server in switching.radius)}
    text = "\n".join(file.text for file in render(office, device, today).files)
    lines = [line for line in text.splitlines() if any(re.search(rf"\b{address}\b", line) for address in addresses)]
    assert all(any(str(address) in line for line in lines) for address in addresses)
    return lines


@pytest.mark.parametrize("platform", SWITCHES)
def test_a_port_is_the_makers_own_or_the_one_that_is_checked(pila: Office, today: dt.date, platform: Platform) -> None:
    device = next(switch for switch in pila.switches if switch.platform is platform)
    said = [match.group(1) or match.group(2) for line in _asking(pila, device, today) for match in _PORT.finditer(line)]
    numbers = [port.removeprefix("udp/") for port in RADIUS]
    assert said == (numbers if platform is Platform.CISCO_IOS else [])
