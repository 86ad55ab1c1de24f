"""Secrets in texts of ArubaOS-Switch: replaced whole, whatever stands in their quotes, and the rest stays."""

import pytest

from templates.hp_procurve.secret import masked


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('radius-server key "two words"', 'radius-server key "X"'),
        ('   radius-server host 10.0.0.1 key "one"', '   radius-server host 10.0.0.1 key "X"'),
        ("radius-server key one time-window 0", "radius-server key X time-window 0"),
        ('radius-server key "never closed', 'radius-server key "X'),
        ('password manager user-name "jan" plaintext "two words"', 'password manager user-name "jan" plaintext "X"'),
        ('snmpv3 user "u" auth sha "a b" priv aes "c d"', 'snmpv3 user "u" auth sha "X" priv aes "X"'),
        ("snmpv3 user u auth sha a priv aes c", "snmpv3 user u auth sha X priv aes X"),
        ('snmp-server community "public" unrestricted', 'snmp-server community "X" unrestricted'),
        ('radius-server key "*"', 'radius-server key "*"'),
        ('radius-server key "<secret:00ff>"', 'radius-server key "<secret:00ff>"'),
    ],
)
def test_a_secret_is_replaced_whole(line: str, shown: str) -> None:
    assert masked(line, lambda _secret: "X") == shown
