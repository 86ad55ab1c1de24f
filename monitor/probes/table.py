"""Every kind of probe there is."""

from __future__ import annotations

from typing import Any

from monitor.probes import (
    certificate,
    client_certificate,
    dns,
    duty,
    exposure,
    ftps,
    ike,
    leak,
    ntp,
    pair,
    path_mtu,
    public_address,
    revocation,
    soap,
    tcp,
    time_stamp,
    tls,
    xroad,
)
from monitor.probes.base import Probe

__all__ = ["PROBES"]

PROBES: tuple[Probe[Any], ...] = (
    tcp.PROBE,
    tls.PROBE,
    client_certificate.PROBE,
    certificate.PROBE,
    revocation.PROBE,
    path_mtu.PROBE,
    ike.PROBE,
    exposure.PROBE,
    leak.PROBE,
    pair.PROBE,
    ntp.PROBE,
    dns.PROBE,
    xroad.PROBE,
    soap.PROBE,
    duty.PROBE,
    ftps.PROBE,
    time_stamp.PROBE,
    public_address.PROBE,
)
