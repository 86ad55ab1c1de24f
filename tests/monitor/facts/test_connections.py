"""Tunnels as facts: in the order offered, and in both views."""

import pytest

from monitor.facts.model import View
from tests.monitor.facts.reading import intended, running


def test_connections_are_seen_in_the_file_and_in_the_daemon(device: dict[str, str]) -> None:
    """The daemon in the data was given k-b with both versions, and a connection of somebody's own."""
    ipsec = running(device).ipsec
    assert ipsec is not None
    assert ipsec.views == set(View)
    assert {(c.name, c.view) for c in ipsec.alone()} == {("hand", View.LOADED)}
    versions = {(c.name, c.view): c.versions for c in ipsec.connections}
    assert versions["k-b", View.CONFIGURED].value == (2,)
    assert versions["k-b", View.LOADED].value == (1, 2)
    assert versions["k-b", View.LOADED].where.text == "version = IKEv1/2"
    assert versions["hand", View.LOADED].value == (1,)
    hand = next(c for c in ipsec.connections if c.name == "hand")
    assert hand.proposals is None, "the daemon does not tell them"
    assert [auth.value for auth in (*hand.local_auth, *hand.remote_auth)] == ["psk", "psk", "xauth"]
    assert [(child.name, child.mode) for child in hand.children] == [("one", "tunnel"), ("two", "transport")]


def test_every_proposal_is_told_in_its_order_with_its_line() -> None:
    text = """\
connections {
  a {
    version = 1
    proposals = aes256gcm16-prfsha384-ecp384, aes128-sha1-modp1024
    aggressive = yes
    rekey_time = 8h
    children { one { esp_proposals = aes256gcm16-ecp384, default } two { ah_proposals = sha256 } three { } }
  }
  b : common { version = 0 }
  c { remote { auth = eap-md5 } }
}
secrets { ike-a { id-x = a
 secret = "<secret:00>" } }
"""
    said = intended({"file /etc/swanctl/conf.d/fosa.conf": text})
    assert said.understood() == 1.0
    assert said.ipsec is not None
    a, b, c = said.ipsec.connections
    assert a.proposals is not None
    assert [(p.value, p.where.line) for p in a.proposals] == [
        ("aes256gcm16-prfsha384-ecp384", 4),
        ("aes128-sha1-modp1024", 4),
    ]
    assert a.aggressive is not None
    assert a.rekey_s is not None
    assert (a.versions.value, a.aggressive.value, a.rekey_s.value) == ((1,), True, 28800)
    assert [[p.value for p in child.proposals or ()] for child in a.children] == [
        ["aes256gcm16-ecp384", "default"],
        ["sha256"],
        ["default"],
    ]
    assert b.versions.value == c.versions.value == (1, 2), "what is not said is both"
    assert b.proposals is not None
    assert [(p.value, p.where.line) for p in b.proposals] == [("default", 9)]
    assert [(auth.value, auth.where.line) for auth in c.remote_auth] == [("eap-md5", 10)]
    assert [(key.name, key.mark, key.identities) for key in said.ipsec.shared_keys] == [
        ("ike-a", "<secret:00>", ("a",))
    ]


@pytest.mark.parametrize(
    ("line", "of"),
    [
        ("frobnicate = yes", "connections { a { ! } }"),
        ("version = 3", "connections { a { ! } }"),
        ("rekey_time = soon", "connections { a { ! } }"),
        ("mark_frob = 1", "connections { a { children { b { ! } } } }"),
        ("authority = x", "connections { a { local { ! } } }"),
        ("include other.conf", "connections { ! }"),
        ("frob {", "! }"),
        ("}", "!"),
    ],
)
def test_what_is_not_known_of_a_connection_is_told(line: str, of: str) -> None:
    said = intended({"file /etc/swanctl/conf.d/fosa.conf": "# first\n" + of.replace("!", f"\n{line}\n")})
    assert [where.text for where in said.sections[0].unknown] == [line]
