"""The files fosa manages on a gateway, and the units that read them."""

from __future__ import annotations

from typing import NamedTuple

NFTABLES, SWANCTL = "/etc/nftables.conf", "/etc/swanctl/conf.d/fosa.conf"
SSHD, CHRONY, RSYSLOG = "/etc/ssh/sshd_config", "/etc/chrony/chrony.conf", "/etc/rsyslog.conf"
ULOGD, SNMPD = "/etc/ulogd.conf", "/etc/snmp/snmpd.conf"
MANAGED = (NFTABLES, SWANCTL, SSHD, CHRONY, ULOGD, RSYSLOG, SNMPD)
CERTIFICATE, KEY = "/etc/swanctl/x509/gateway.pem", "/etc/swanctl/private/gateway.pem"
AUTHORITY, REVOCATIONS = "/etc/swanctl/x509ca/office-ca.pem", "/etc/swanctl/x509crl/office.crl.pem"
KEPT = (CERTIFICATE, KEY)
"""These stay as they are unless a bundle brings a certificate. No bundle ever brings a key, and no answer shows one."""
REQUIRED = (NFTABLES, SSHD)
"""Without these a device would be open, or closed to us: a bundle that would remove one is refused."""
MODES = (0o600, 0o640, 0o644)
UNITS = {SSHD: ("reload", "ssh"), CHRONY: ("restart", "chrony"), ULOGD: ("restart", "ulogd2"),
         RSYSLOG: ("restart", "rsyslog"), SNMPD: ("restart", "snmpd"),
         CERTIFICATE: ("restart", "rsyslog")}  # fmt: skip


class ManagedFile(NamedTuple):
    """A file as it is on the device, or as a bundle wants it."""

    mode: int
    text: str


Bundle = dict[str, ManagedFile]
