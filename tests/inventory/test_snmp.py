"""How devices are read by SNMP."""

from pathlib import Path

import pytest

from inventory.model import SnmpAuthentication, SnmpPrivacy, SnmpVersion
from tests.inventory.offices import broken, lines_of, office_in

_SWITCH = "address: 10.8.16.2, ports: [{name: p1}]"
_OFFICE = 'priv: "file:snmp-priv"'


def test_a_device_may_be_read_otherwise_than_the_office_says(tmp_path: Path) -> None:
    own = '{user: other, auth: "file:a", priv: "file:b", authentication: sha512, privacy: aes256, port: 1161}'
    loaded = office_in(tmp_path, broken(_SWITCH, f"{_SWITCH}, snmp: {own}"))
    snmp = loaded.require().device("sw").snmp
    assert snmp is not None
    assert (snmp.version, snmp.user, snmp.authentication, snmp.privacy, snmp.port) == (
        SnmpVersion.V3,
        "other",
        SnmpAuthentication.SHA512,
        SnmpPrivacy.AES256,
        1161,
    )


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ('{version: v2c, community: "file:c"}', "version v2c: the community and all figures go over the network in"),
        ("{version: v2c}", "version v2c needs a community"),
        ('{community: "file:c"}', "only version v2c has a community"),
        ("{version: off, user: other}", "says nothing: only version v3 has it"),
        ("{authentication: md5}", "md5 can be broken"),
        ("{privacy: des}", "des can be broken"),
        ("{version: v4}", "must be one of: v3, v2c, off"),
        ("{community: public}", "what stands here is not shown"),
    ],
)
def test_what_does_not_fit_together_or_is_weak_is_said(tmp_path: Path, own: str, said: str) -> None:
    lines = lines_of(office_in(tmp_path, broken(_SWITCH, f"{_SWITCH}, snmp: {own}")))
    assert any("snmp" in line and said in line for line in lines), lines


def test_a_device_without_an_address_cannot_be_asked(tmp_path: Path) -> None:
    lines = lines_of(office_in(tmp_path, broken(_SWITCH, "snmp: {version: v3}")))
    assert any("cannot be asked" in line for line in lines), lines


def test_a_weak_algorithm_of_the_whole_office_is_said(tmp_path: Path) -> None:
    lines = lines_of(office_in(tmp_path, broken(_OFFICE, f"{_OFFICE}, authentication: md5")))
    assert any("network.snmp.authentication" in line and "md5 can be broken" in line for line in lines), lines
