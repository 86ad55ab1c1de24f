"""What runs where fosa never writes: the far gateways, the log server, the time sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.errors import LabError
from inventory.model import AuthenticationKind, Office, Tunnel, TunnelEnd
from inventory.pairs import identities, seat
from inventory.words import gettext as _
from lab.outside import far_end, far_name
from lab.pki import Authority, Credentials
from lab.root import Disk
from lab.topology import Node, NodeKind

__all__ = ["LOG_FILE", "Authorities", "gateway_identities", "prepare"]

LOG_FILE = "/var/log/office.log"
"""Where the log server writes what it is sent, one line a message."""

_SWANCTL = "/etc/swanctl"

_LOG_SERVER = """\
global(
  workDirectory="/var/spool/rsyslog"
  maxMessageSize="8k"
  DefaultNetstreamDriver="ossl"
  DefaultNetstreamDriverCAFile="/etc/swanctl/x509ca/office-ca.pem"
  DefaultNetstreamDriverCertFile="/etc/swanctl/x509/gateway.pem"
  DefaultNetstreamDriverKeyFile="/etc/swanctl/private/gateway.pem"
)
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/name"
  PermittedPeer=[{peers}])
template(name="line" type="string"
  string="%timegenerated:::date-rfc3339% %hostname% %syslogtag%%msg:::drop-last-lf%\\n")
input(type="imtcp" port="6514" ruleset="office")
ruleset(name="office") {{ action(type="omfile" file="{file}" template="line" fileCreateMode="0640") }}
"""

# -x: the machine's clock is not touched. It serves that clock as it is.
_TIME_SOURCE = """\
local stratum 2
allow all
cmdport 0
driftfile /var/lib/chrony/drift
"""

_FAR_CHARON = """\
charon {
  routing_table = 254
  retransmit_tries = 4
  retransmit_timeout = 2.0
  retransmit_base = 1.5
}
"""
_FAR_GATEWAY = """\
connections {{
  {name} {{
    version = 2
    local_addrs = {here}
    remote_addrs = {there}
    proposals = {ike}
    encap = yes
    mobike = no
    unique = replace
    dpd_delay = {dpd}s
    local {{
      {proof}
      id = {identity}
    }}
    remote {{
      auth = {auth}
      id = {peer}
    }}
    children {{
      net {{
        local_ts = {networks}
        remote_ts = {peer_networks}
        esp_proposals = {esp}
        dpd_action = clear
      }}
    }}
  }}
}}
"""
_PROOF = {
    AuthenticationKind.CERTIFICATE: "auth = pubkey\n      certs = gateway.pem",
    AuthenticationKind.PSK: "auth = psk",
}
_AUTH = {AuthenticationKind.CERTIFICATE: "pubkey", AuthenticationKind.PSK: "psk"}


def gateway_identities(office: Office, device: str) -> tuple[str, ...]:
    """The names in a gateway's certificate, its own first: what its tunnels call it; of a standby both."""
    ends = (tunnel.end_of(seat(office, device)) for tunnel in office.tunnels)
    if len(called := {end.identity for end in ends if end is not None}) > 1:
        names = ", ".join(sorted(called))
        raise LabError(
            _("{device} has several identities, the lab gives it one: {names}").format(device=device, names=names)
        )
    return identities(office, device)


@dataclass(frozen=True, slots=True)
class Authorities:
    """The office's authority, and the one of everybody else."""

    office: Authority
    foreign: Authority

    @classmethod
    def make(cls, lab: str) -> Authorities:
        """Two new ones."""
        now = dt.datetime.now(dt.UTC)
        return cls(Authority(f"Practice office {lab}", now), Authority(f"Practice platform {lab}", now))


def prepare(office: Office, node: Node, disk: Disk, authorities: Authorities, shared_keys: Mapping[str, str]) -> None:
    """Write what a device needs before it starts: credentials, and the configuration of those fosa never writes to.

    `shared_keys`: by tunnel, where it has one.
    """
    match node.kind:
        case NodeKind.GATEWAY:
            _install(disk, authorities.office, authorities.office.issue(*gateway_identities(office, node.name)))
            if any(far_end(tunnel) for tunnel in office.tunnels_of(seat(office, node.name))):
                disk.write(f"{_SWANCTL}/x509ca/platform-ca.pem", authorities.foreign.certificate)
        case NodeKind.LOG_SERVER:
            own = authorities.office.issue(f"log.{office.domain}", *node.addresses[:1])
            _install(disk, authorities.office, own)
            disk.write("/etc/rsyslog.conf", _log_server(office))
        case NodeKind.TIME_SOURCE:
            disk.write("/etc/chrony/chrony.conf", _TIME_SOURCE)
        case NodeKind.FAR_GATEWAY:
            tunnel = next(tunnel for tunnel in office.tunnels if far_name(tunnel) == node.name)
            _prepare_far(office, tunnel, disk, shared_keys.get(tunnel.name))
            _install(disk, authorities.foreign, authorities.foreign.issue(_far(tunnel).identity))
            disk.write(f"{_SWANCTL}/x509ca/peer-ca.pem", authorities.office.certificate)
        case _:
            pass


def _install(disk: Disk, authority: Authority, own: Credentials) -> None:
    """Put a certificate, its key, the authority and the revocation list where every gateway has them."""
    disk.write(f"{_SWANCTL}/x509ca/office-ca.pem", authority.certificate)
    disk.write(f"{_SWANCTL}/x509crl/office.crl.pem", authority.revocations(1))
    disk.write(f"{_SWANCTL}/x509/gateway.pem", own.certificate)
    disk.write(f"{_SWANCTL}/private/gateway.pem", own.key, 0o600)


def _log_server(office: Office) -> str:
    peers = ", ".join(f'"{gateway_identities(office, device.name)[0]}"' for device in office.gateways)
    return _LOG_SERVER.format(peers=peers, file=LOG_FILE)


def _far(tunnel: Tunnel) -> TunnelEnd:
    end = far_end(tunnel)
    assert end is not None  # noqa: S101  a far node is there for such a tunnel only
    return end


def _prepare_far(office: Office, tunnel: Tunnel, disk: Disk, shared_key: str | None) -> None:
    far = _far(tunnel)
    near = next(end for end in tunnel.ends if end is not far)
    kind = tunnel.authentication.kind
    text = _FAR_GATEWAY.format(
        name=tunnel.name,
        here=far.address,
        there=_own_address(office, near),
        ike=",".join(far.ike or tunnel.ike),
        esp=",".join(far.esp or tunnel.esp),
        dpd=tunnel.dpd_delay_s,
        proof=_PROOF[kind],
        auth=_AUTH[kind],
        identity=far.identity,
        peer=near.identity,
        networks=",".join(map(str, far.networks)),
        peer_networks=",".join(map(str, near.networks)),
    )
    if kind is AuthenticationKind.PSK:
        text += f'secrets {{\n  ike-{tunnel.name} {{\n    id = {near.identity}\n    secret = "{shared_key}"\n  }}\n}}\n'
    disk.write(f"{_SWANCTL}/conf.d/fosa.conf", text, 0o600)
    disk.write("/etc/strongswan.d/far.conf", _FAR_CHARON)


def _own_address(office: Office, end: TunnelEnd) -> IPv4Address | str:
    wan = office.wan(end.wan) if end.wan else None
    return wan.address if wan and wan.address else "%any"
