"""A masked text of a switch becomes one that can be typed: no mark, no star and no user without a password ever is."""

import hashlib

import pytest

from inventory.model import Platform
from playbooks.drivers.cli.marked import filled, given, referred
from playbooks.drivers.switches import DIALECTS

SECRETS = {
    "file:own": "Fosa-9f3ac2d1b7",
    "file:new": "Fosa-77aa01c3e5",
    "file:six": "$6$abcdefgh$" + "Q" * 86,
    "file:nine": "$9$abcdefghijklmn$" + "W" * 43,
}
OWN, NEW, SIX, NINE = (f"@secret{{{ref}}}@" for ref in SECRETS)

IOS = (
    Platform.CISCO_IOS,
    f"username awaria privilege 15 secret 9 {NINE}\nradius server A\n key {OWN}\n",
    f"hostname sw\nenable password cisco\nusername awaria privilege 15 secret 9 {SECRETS['file:nine']}\n"
    f"radius server R1\n address ipv4 10.0.0.1 auth-port 1812 acct-port 1813\n key {SECRETS['file:own']}\n"
    "snmp-server community public RO\nline vty 0 4\n password seven-of-nine\n login\n",
    "hostname sw\nsnmp-server community public RO\n",
    f"hostname sw\nusername awaria privilege 15 secret 9 {NINE}\nradius server R1\n"
    f" address ipv4 10.0.0.1 auth-port 1812 acct-port 1813\n key {OWN}\n"
    "snmp-server community public RO\nline vty 0 4\n",
)
JUNOS = (
    Platform.JUNIPER_JUNOS,
    f'set system root-authentication encrypted-password "{SIX}"\nset system radius-server 10.0.0.1 secret "{NEW}"\n'
    f'set snmp v3 usm local-engine user fosa authentication-sha256 authentication-password "{OWN}"\n',
    f'set system root-authentication encrypted-password "{SECRETS["file:six"]}"\n'
    f'set system radius-server 10.0.0.1 secret "{SECRETS["file:own"]}"\n'
    "set snmp community public authorization read-only\nset snmp community private authorization read-only\n"
    'set snmp v3 usm local-engine user fosa authentication-sha256 authentication-key "$9$abcdefg"\n'
    'set snmp v3 usm local-engine user old authentication-sha256 authentication-key "$9$abcdefg"\n',
    "set snmp community public authorization read-only\n",
    f'set system radius-server 10.0.0.1 secret "{OWN}"\nset system root-authentication encrypted-password "{SIX}"\n'
    'set snmp community "public" authorization read-only\n'
    f'set snmp v3 usm local-engine user fosa authentication-sha256 authentication-password "{OWN}"\n',
)
PROCURVE = (
    Platform.HP_PROCURVE,
    f'radius-server host 10.0.0.1 key "{OWN}"\n',
    f'hostname "sw"\nradius-server host 10.0.0.1 key "{SECRETS["file:new"]}"\nradius-server host 10.0.0.2 key "x-x-x"\n'
    'radius-server host 10.0.0.3 key "y-y-y"\nsnmp-server community "public" unrestricted\n',
    'hostname "sw"\nradius-server host 10.0.0.2 key "x-x-x"\n',
    f'hostname sw\nradius-server host 10.0.0.1 key "{OWN}"\nradius-server host 10.0.0.2 key *\n',
)
AOSCX = (
    Platform.ARUBA_AOSCX,
    f"user awaria group administrators password ciphertext {NINE}\nradius-server host 10.0.0.1 key plaintext {OWN}\n",
    f"hostname sw\nuser awaria group administrators password ciphertext {SECRETS['file:nine']}\n"
    "user eve group administrators password ciphertext AQBapAAAA\n"
    "radius-server host 10.0.0.1 key ciphertext AQBapBBBB\n"
    "radius-server host 10.0.0.2 key ciphertext AQBapCCCC\nvlan 10\n    description *\n",
    "hostname sw\n",
    f"hostname sw\nuser awaria group administrators password ciphertext {NINE}\n"
    f"radius-server host 10.0.0.1 key plaintext {OWN}\nvlan 10\n description *\n",
)
ROUTEROS = (
    Platform.MIKROTIK_ROUTEROS,
    f'/radius\nadd address=10.0.0.1 secret="{OWN}" service=login\n/user\nadd group=full name=awaria password="{NEW}"\n',
    f'/radius\nadd address=10.0.0.1 secret="{SECRETS["file:new"]}" service=login\n/system identity\nset name=sw\n'
    '/user\nadd group=full name=awaria password="hidden-1"\n/snmp community\nadd addresses=10.0.0.0/8 name=geheim\n',
    "/system identity\nset name=sw\n",
    f'/radius\nadd address=10.0.0.1 secret="{NEW}" service=login\n/snmp community\n/system identity\nset name=sw\n'
    f'/user\nadd group=full name=awaria password="{NEW}"\n',
)


def mark(secret: str) -> str:
    return f"<secret:{hashlib.sha256(secret.encode()).hexdigest()[:16]}>"


@pytest.mark.parametrize(
    ("platform", "written", "found", "running", "typed"),
    [IOS, JUNOS, PROCURVE, AOSCX, ROUTEROS],
    ids=lambda row: row[:12],
)
def test_a_text_that_was_found_can_be_typed_again(
    platform: Platform, written: str, found: str, running: str, typed: str
) -> None:
    dialect = DIALECTS[platform]
    shown = dialect.masked(dialect.normal(found), mark)
    assert not any(secret in shown for secret in SECRETS.values())
    known = given([written], dialect, mark, SECRETS.get)
    again = referred(shown, known)
    assert filled(again, running, dialect, mark) == typed
    assert filled(typed, running, dialect, mark) == typed


def test_a_routeros_user_whose_password_nobody_knows_is_not_made() -> None:
    dialect = DIALECTS[Platform.MIKROTIK_ROUTEROS]
    eve = "/user\nadd group=full name=eve\n"
    assert dialect.remedy("/system identity\nset name=sw\n", f"/system identity\nset name=sw\n{eve}").lines == ()
    assert dialect.remedy("", f'{eve[:-1]} password="Fosa-9f3ac2d1b7"\n').lines != ()
