"""What a switch's change touches: what is not known to be harmless is the way fosa reaches it by."""

from pathlib import Path

import pytest

from api.plans.model import Risk
from api.plans.risk import risks
from api.plans.touched import Looked, guarded, planned
from inventory.course import Guard
from inventory.errors import RefusedError
from inventory.load import load
from inventory.model import Office
from playbooks.drivers.cli.driver import RUNNING
from playbooks.reach import Compared
from templates.render import Rendered

M, D, P, S = Risk.MANAGEMENT_PATH, Risk.DEFAULT_ROUTE, Risk.POLICY, Risk.SERVICES

IOS = """\
hostname sw-k-1
username awaria privilege 15 secret 9 <secret:1>
vlan 10
 name mgmt
vlan 30
 name ps
interface GigabitEthernet1/0/1
 switchport access vlan 20
interface GigabitEthernet1/0/13
 switchport access vlan 10
interface GigabitEthernet1/0/24
 switchport mode trunk
interface Vlan10
 ip address 10.64.0.11 255.255.255.0
ip default-gateway 10.64.0.1
ip ssh version 2
line vty 0 4
 transport input ssh
ntp server 192.0.2.123
"""
JUNOS = """\
set system host-name sw-k-4
set system syslog host 10.64.1.20 any notice
set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members 31
set interfaces ge-0/0/22 unit 0 family ethernet-switching interface-mode trunk
set interfaces irb unit 10 family inet address 10.64.0.14/24
set routing-options static route 0.0.0.0/0 next-hop 10.64.0.1
set vlans mgmt vlan-id 10
set vlans sr vlan-id 31
"""
PROCURVE = """\
hostname sw-k-3
interface 1
   name "desks"
   exit
interface 10
   exit
interface 23
   name "sw-k-4"
   exit
vlan 10
   tagged 23-24
   ip address 10.64.0.13 255.255.255.0
   exit
vlan 30
   untagged 1-10
   exit
logging 10.64.1.20
"""
ROUTEROS = """\
/interface bridge port
add bridge=bridge interface=ether1 pvid=33
add bridge=bridge interface=ether24 pvid=4094 trusted=yes
/interface bridge vlan
add bridge=bridge tagged=bridge,ether24 vlan-ids=10
add bridge=bridge tagged=ether24 vlan-ids=33
/ip route
add dst-address=0.0.0.0/0 gateway=10.64.0.1
/system ntp client
set enabled=yes
"""

ROWS = (
    ("sw-k-1", IOS, "ntp server 192.0.2.123", "ntp server 192.0.2.124", {S}),
    ("sw-k-1", IOS, " switchport access vlan 20\n", " switchport access vlan 30\n", {P}),
    ("sw-k-1", IOS, " name ps\n", " name pomoc\n", {P}),
    # The manager itself is plugged in here; an uplink; the address; the accounts; SSH.
    ("sw-k-1", IOS, " switchport access vlan 10\n", " switchport access vlan 30\n", {M}),
    ("sw-k-1", IOS, " switchport mode trunk\n", " switchport mode trunk\n shutdown\n", {M}),
    ("sw-k-1", IOS, "255.255.255.0\n", "255.255.255.0\n shutdown\n", {M}),
    ("sw-k-1", IOS, "secret 9 <secret:1>", "secret 9 <secret:2>", {M}),
    ("sw-k-1", IOS, "ip ssh version 2", "ip ssh version 1", {M}),
    ("sw-k-1", IOS, " transport input ssh", " transport input all", {M}),
    ("sw-k-1", IOS, "vlan 10\n name mgmt\n", "", {M}),
    ("sw-k-1", IOS, "ip default-gateway 10.64.0.1", "ip default-gateway 10.64.0.2", {D, M}),
    ("sw-k-1", IOS, "hostname sw-k-1\n", "hostname sw-k-1\nsomething unheard of\n", {M}),
    ("sw-k-4", JUNOS, "any notice", "any info", {S}),
    ("sw-k-4", JUNOS, "members 31", "members 32", {P}),
    ("sw-k-4", JUNOS, "interface-mode trunk", "interface-mode access", {M}),
    ("sw-k-4", JUNOS, "irb unit 10", "irb unit 11", {M}),
    ("sw-k-4", JUNOS, "next-hop 10.64.0.1", "next-hop 10.64.0.2", {D, M}),
    ("sw-k-4", JUNOS, "vlan-id 31", "vlan-id 35", {P}),
    ("sw-k-3", PROCURVE, '"desks"', '"biurka"', {P}),
    ("sw-k-3", PROCURVE, '"sw-k-4"', '"sw-k-5"', {M}),
    ("sw-k-3", PROCURVE, "untagged 1-10", "untagged 1-9", {P}),
    ("sw-k-3", PROCURVE, "tagged 23-24", "tagged 23", {M}),
    ("sw-k-3", PROCURVE, "logging 10.64.1.20", "logging 10.64.1.21", {S}),
    ("sw-k-5", ROUTEROS, "pvid=33", "pvid=40", {P}),
    ("sw-k-5", ROUTEROS, "pvid=4094", "pvid=1", {M}),
    ("sw-k-5", ROUTEROS, "bridge,ether24", "bridge", {M}),
    ("sw-k-5", ROUTEROS, "tagged=ether24 vlan-ids=33", "vlan-ids=33", {P}),
    ("sw-k-5", ROUTEROS, "gateway=10.64.0.1", "gateway=10.64.0.2", {D, M}),
    ("sw-k-5", ROUTEROS, "enabled=yes", "enabled=no", {S}),
)


@pytest.fixture(scope="module")
def pila() -> Office:
    return load(Path(__file__).parents[3] / "inventory/examples/pila").require()


@pytest.mark.parametrize(("name", "text", "old", "new", "expected"), ROWS)
def test_risks_are_read_from_the_lines_that_change(  # noqa: PLR0917  one row of the table
    pila: Office, name: str, text: str, old: str, new: str, expected: set[Risk]
) -> None:
    assert old in text
    running, intended = {RUNNING: text}, {RUNNING: text.replace(old, new, 1)}
    assert set(risks(pila, pila.device(name), running, intended)) == expected
    assert set(risks(pila, pila.device(name), intended, running)) == expected


def test_who_does_not_guard_itself_is_not_cut_off(pila: Office) -> None:
    device = pila.device("sw-k-1")
    assert device.platform is not None
    cut = IOS.replace("255.255.255.0\n", "255.255.255.0\n shutdown\n")
    looked = Looked(
        device, Compared(device.name, {RUNNING: IOS}, {RUNNING: cut}), Rendered("sw-k-1", device.platform, ())
    )
    found = planned(pila, looked)
    assert found is not None
    assert found.guard is Guard.DEVICE
    guarded([found], "")
    alone = found.model_copy(update={"guard": Guard.MANAGER})
    with pytest.raises(RefusedError, match="sw-k-1 does not take a change back by itself"):
        guarded([alone], "")
    guarded([alone], "somebody in the server room")
