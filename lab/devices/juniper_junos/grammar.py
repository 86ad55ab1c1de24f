"""The statements the emulated Junos takes: those of Juniper's CLI reference that an office's EX switch has."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["GRAMMAR", "Kind", "Node", "find"]

_TEXT = """
version =
groups * ...
apply-groups +
apply-groups-except +
system
  host-name =
  domain-name =
  time-zone =
  location ...
  no-redirects
  no-ping-record-route
  no-ping-time-stamp
  authentication-order +
  name-server *
  root-authentication
    encrypted-password =
  radius-server *
    secret $
    source-address =
    port =
    timeout =
    retry =
  tacplus-server *
    secret $
    source-address =
  accounting
    events +
    destination
      radius
        server *
          secret $
          source-address =
      tacplus
        server *
          secret $
  login
    class *
      idle-timeout = 1..4294967295
      permissions +
      login-alarms
    user *
      uid =
      full-name =
      class =
      authentication
        encrypted-password =
        ssh-rsa +
        ssh-ed25519 +
    password
      minimum-length = 6..20
      format =
      change-type =
    retry-options
      tries-before-disconnect = 1..10
      lockout-period = 1..43200
      backoff-threshold = 1..3
    message =
    announcement =
  services
    ssh
      root-login =
      protocol-version +
      ciphers +
      macs +
      key-exchange +
      hostkey-algorithm +
      connection-limit = 1..250
      rate-limit = 1..250
      no-passwords
      no-tcp-forwarding
      port =
      max-sessions-per-connection =
      client-alive-interval =
    telnet
      connection-limit = 1..250
    ftp
    finger
    tftp-server
    xnm-clear-text
    xnm-ssl ...
    rest ...
    netconf
      ssh
        port =
      rfc-compliant
    web-management
      http
        interface +
        port =
      https
        system-generated-certificate
        interface +
        port =
    dhcp-local-server ...
    outbound-ssh ...
  syslog
    host *
      any =
      authorization =
      change-log =
      interactive-commands =
      daemon =
      kernel =
      port =
      source-address =
    file *
      any =
      authorization =
      change-log =
      interactive-commands =
      daemon =
      archive ...
    user *
      any =
  ntp
    authentication-key *
      type =
      value $
    trusted-key +
    server *
      key =
      version =
      prefer
    source-address +
  ports
    console
      log-out-on-disconnect
      insecure
      disable
  autoinstallation ...
  phone-home ...
  processes ...
  commit ...
  auto-snapshot
  license ...
chassis ...
security ...
poe ...
virtual-chassis ...
event-options ...
class-of-service ...
interfaces
  interface-range *
    member *
    member-range *
      to =
    description =
    disable
    unit *
      family
        ethernet-switching
          interface-mode =
          vlan
            members +
          storm-control =
  * *
    description =
    disable
    mtu =
    native-vlan-id = 0..4094
    ether-options ...
    unit *
      description =
      disable
      family
        ethernet-switching
          interface-mode =
          vlan
            members +
          storm-control =
          filter
            input =
        inet
          address *
          dhcp ...
          filter
            input =
            input-list +
        inet6 ...
snmp
  location =
  contact =
  community *
    authorization =
    clients *
      restrict
  client-list *
    * *
  interface +
  trap-group ...
  view *
    oid *
      include
      exclude
  v3
    usm
      local-engine
        user *
          authentication-md5 &
          authentication-sha &
          authentication-sha224 &
          authentication-sha256 &
          authentication-none
          privacy-des &
          privacy-3des &
          privacy-aes128 &
          privacy-none
    vacm
      security-to-group
        security-model *
          security-name *
            group =
      access
        group *
          default-context-prefix
            security-model *
              security-level *
                read-view =
                write-view =
                notify-view =
    snmp-community ...
    target-address ...
    target-parameters ...
routing-options
  static
    route *
      next-hop +
      discard
      retain
      no-readvertise
forwarding-options
  storm-control-profiles *
    all
      bandwidth-percentage = 1..100
      bandwidth-level =
    action-shutdown
  dhcp-relay ...
policy-options
  prefix-list *
    * *
firewall
  family
    inet
      filter *
        term *
          from
            source-address *
            destination-address *
            source-prefix-list *
            protocol +
            port +
            destination-port +
            source-port +
            tcp-initial
            tcp-established
          then
            accept
            discard
            reject
            log
            syslog
            count =
    ethernet-switching ...
access
  radius-server *
    secret $
    source-address =
    port =
  profile *
    authentication-order +
    radius
      authentication-server +
      accounting-server +
switch-options
  voip
    interface *
      vlan =
      forwarding-class =
  interface *
    interface-mac-limit
      packet-action =
      @ 1..131071
    persistent-learning
    no-mac-learning
vlans
  * *
    vlan-id = 1..4094
    description =
    l3-interface =
    forwarding-options
      dhcp-security
        arp-inspection
        ip-source-guard
        group *
          interface *
          overrides
            trusted
            untrusted
protocols
  dot1x
    authenticator
      authentication-profile-name =
      interface *
        supplicant =
        guest-vlan =
        reauthentication =
        mac-radius
        retries =
  igmp-snooping
    vlan *
  layer2-control ...
  lldp
    interface *
      disable
    management-address =
  lldp-med
    interface *
      disable
  rstp
    bpdu-block-on-edge
    bridge-priority =
    disable
    interface *
      edge
      no-root-port
      mode =
      cost =
      disable
  mstp ...
  vstp ...
  ospf ...
  bgp ...
  igmp ...
"""
"""One statement a line. `*`: a list, its key behind it; `=`: one value, within a range where one stands; `+`: values;
`$`: a value that is shown as `$9$`; `&`: a password that becomes a key of the SNMP engine; `@`: a bare number;
`...`: anything below it. A line that begins with `*` is any name."""


class Kind(StrEnum):
    """What may stand behind a statement's name."""

    FLAG = "flag"
    LIST = "*"
    VALUE = "="
    VALUES = "+"
    SECRET = "$"  # noqa: S105  a mark of the grammar
    KEYED = "&"
    NUMBER = "@"
    ANYTHING = "..."


@dataclass(slots=True)
class Node:
    """One statement."""

    name: str
    kind: Kind
    range: tuple[int, int] | None = None
    below: dict[str, Node] = field(default_factory=dict)


def _parsed(text: str) -> Node:
    top = Node("", Kind.FLAG)
    open_ = [top]
    for row in text.strip("\n").split("\n"):
        depth = (len(row) - len(row.lstrip())) // 2
        name, *rest = row.split()
        first, _, last = (rest[-1] if rest else "").partition("..")
        kind = Kind.NUMBER if name == Kind.NUMBER else Kind(rest[0]) if rest else Kind.FLAG
        node = Node(name, kind, (int(first), int(last)) if first and last else None)
        if rest[1:] == [Kind.ANYTHING]:
            # Anything, below a list's key.
            node.below[Kind.ANYTHING] = Node(Kind.ANYTHING, Kind.ANYTHING)
        del open_[depth + 1 :]
        open_[depth].below[name] = node
        open_.append(node)
    return top


GRAMMAR = _parsed(_TEXT)


def find(node: Node, word: str) -> Node | None:
    """The statement of that name, or the one that takes any name."""
    if word.isdigit() and Kind.NUMBER in node.below:
        return node.below[Kind.NUMBER]
    return node.below.get(word) or node.below.get("*") or node.below.get(Kind.ANYTHING)
