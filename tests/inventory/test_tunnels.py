"""Tunnels whose ends disagree, or use what the office does not allow."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    (
        "{device: gw-b, wan: b-isp, identity",
        "{device: gw-k, wan: k-isp, identity",
        ["e 68: tunnels[k-b].ends: both ends are on gw-k"],
    ),
    (
        "{device: gw-b, wan: b-isp, identity",
        "{device: gw-b, wan: k-isp, identity",
        ["e 70: tunnels[k-b].ends[gw-b].wan: line k-isp belongs to gw-k, not to gw-b"],
    ),
    (
        "{device: gw-b, wan: b-isp, identity",
        "{device: gw-b, identity",
        ["e 70: tunnels[k-b].ends[gw-b]: our own end needs its line: wan"],
    ),
    (
        "{device: gw-b, wan: b-isp, identity",
        "{address: 198.51.100.2, identity",
        [
            (
                "e 70: tunnels[k-b].ends[gw-b.gops.example].networks[0]: 10.8.16.0/20 of somebody else's "
                "end overlaps the office's own 10.8.0.0/16"
            )
        ],
    ),
    (
        "{device: gw-b, wan: b-isp, identity",
        "{identity",
        [
            (
                "e 70: tunnels[k-b].ends[gw-b.gops.example]: an end is either ours (device and wan) or "
                "somebody else's (address)"
            ),
            (
                "e 70: tunnels[k-b].ends[gw-b.gops.example].networks[0]: 10.8.16.0/20 of somebody else's "
                "end overlaps the office's own 10.8.0.0/16"
            ),
        ],
    ),
    (
        "{device: gw-b, wan: b-isp, identity",
        "{device: gw-b, wan: b-isp, address: 198.51.100.2, identity",
        [("e 70: tunnels[k-b].ends[gw-b].address: our own end has its address from its line: give wan, not address")],
    ),
    (
        "networks: [10.8.16.0/20]",
        "networks: [10.8.32.0/20]",
        [("e 70: tunnels[k-b].ends[gw-b].networks[0]: 10.8.32.0/20 does not lie behind gw-b: 10.8.16.0/20")],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 10.8.1.9, identity: far.example, networks: [192.0.2.96/28]}\n"
        ),
        [
            (
                "e 70: tunnels[t2].ends[far.example].address: 10.8.1.9 lies inside the office; somebody "
                "else's end is outside"
            )
        ],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28, "
            "10.8.16.0/24]}\n"
        ),
        [
            (
                "e 70: tunnels[t2].ends[far.example].networks[1]: 10.8.16.0/24 of somebody else's end "
                "overlaps the office's own 10.8.0.0/16"
            ),
            (
                "e 74: tunnels[k-b].ends[gw-b].networks[0]: 10.8.16.0/20 overlaps 10.8.16.0/24, which gw-k "
                "reaches through t2"
            ),
        ],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {address: 192.0.2.77, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
        ),
        [
            "e 68: tunnels[t2].ends: neither end is on a device of this office",
            (
                "e 69: tunnels[t2].ends[gw-k.gops.example].networks[0]: 10.8.1.0/24 of somebody else's end "
                "overlaps the office's own 10.8.0.0/16"
            ),
            "e 73: tunnels[k-b].ends[gw-k].identity: gw-k.gops.example belongs to 192.0.2.77 already",
        ],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {wan: k-isp, address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
        ),
        [("e 70: tunnels[t2].ends[far.example].wan: a line needs its device; somebody else's end has an address")],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
            "  - name: t3\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.10, identity: far2.example, networks: [192.0.2.100/30]}\n"
        ),
        [
            (
                "e 74: tunnels[t3].ends[far2.example].networks[0]: 192.0.2.100/30 overlaps 192.0.2.96/28, "
                "which gw-k reaches through t2"
            )
        ],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    authentication: {kind: psk}\n"),
        ["e 68: tunnels[k-b].authentication: a shared key needs psk: the reference to it"],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    authentication: {psk: 'file:psk'}\n"),
        ["e 68: tunnels[k-b].authentication.psk: certificates need no psk; or say kind: psk"],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    authentication: {previous: 'file:old'}\n"),
        ["e 68: tunnels[k-b].authentication.previous: only beside psk: the shared key before that one"],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    authentication: {kind: psk, psk: 'file:psk', previous: 'file:psk'}\n"),
        [
            (
                "e 68: tunnels[k-b].authentication.previous: is the same key as psk; leave it out when no end lives by "
                "another any more"
            )
        ],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
            "    authentication: {kind: psk, psk: 'file:psk', previous: 'file:old'}\n"
        ),
        [
            (
                "e 71: tunnels[t2].authentication.previous: one end is somebody else's: when it changes its key, fosa "
                "does not know"
            )
        ],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
            "    authentication: {kind: psk, psk: 'file:psk'}\n"
            "  - name: t3\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.10, identity: far2.example, networks: [192.0.2.128/30]}\n"
            "    authentication: {kind: psk, psk: 'file:psk'}\n"
        ),
        ["w 76: tunnels[t3].authentication.psk: tunnel t2 has the same key; every tunnel needs its own"],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    ike: [aes256-sha1-modp1024]\n"),
        [
            (
                "e 68: tunnels[k-b].ike[0]: aes256-sha1-modp1024: modp1024 is not allowed by the crypto "
                "profile; allowed: ecp256, ecp256bp, ecp384, ecp384bp, ecp512bp, ecp521, modp2048, "
                "modp3072, modp4096"
            ),
            (
                "e 68: tunnels[k-b].ike[0]: aes256-sha1-modp1024: sha1 is not allowed by the crypto "
                "profile; allowed: sha256, sha384, sha512"
            ),
        ],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    esp: [aes256gcm16]\n"),
        [("e 68: tunnels[k-b].esp[0]: aes256gcm16: the proposal lacks a key exchange group (perfect forward secrecy)")],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    ike: [aes256gcm16-ecp384]\n"),
        [("e 68: tunnels[k-b].ike[0]: aes256gcm16-ecp384: the proposal lacks a prf beside the sealed encryption")],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    ike: [aes256-sha256-modp2048]\n"),
        [
            (
                "w 68: tunnels[k-b].ike[0]: aes256-sha256-modp2048: modp2048 is below the crypto profile "
                "and only tolerated; agree on one of: ecp256, ecp256bp, ecp384, ecp384bp, ecp512bp, "
                "ecp521, modp3072, modp4096"
            )
        ],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    ike: [aes256-sha256-curve25519]\n"),
        [
            (
                "e 68: tunnels[k-b].ike[0]: aes256-sha256-curve25519: curve25519 is not allowed by the "
                "crypto profile; allowed: ecp256, ecp256bp, ecp384, ecp384bp, ecp512bp, ecp521, modp2048, "
                "modp3072, modp4096"
            )
        ],
    ),
    (
        "networks: [10.8.16.0/20]",
        "networks: [10.8.16.0/20], ike: [aes256-sha256-ecp256]",
        ["e 68: tunnels[k-b].ends: the ends have no IKE proposal in common"],
    ),
    (
        ("tunnels:\n  - name: k-b\n"),
        ("tunnels:\n  - name: k-b\n    esp_rekey_s: 20000\n    ike_reauth_s: 90000\n"),
        [
            "w 68: tunnels[k-b].esp_rekey_s: 20000 s is longer than the crypto profile's 14400 s",
            "w 69: tunnels[k-b].ike_reauth_s: 90000 s is longer than the crypto profile's 86400 s",
        ],
    ),
    (
        "    kind: https_mtls\n",
        "    kind: ipsec_l2l\n",
        ["w 72: channels[csizs]: a channel of kind ipsec_l2l should name its tunnel"],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
        ),
        [],
    ),
    (
        "    source: Nobody\n",
        ("    source: Nobody\n    tunnel: k-b\n"),
        ["e 77: channels[csizs].tunnel: tunnel k-b joins our own buildings; no platform lies behind it"],
    ),
    (
        "channels:\n",
        (
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
            "channels:\n"
            "  - {name: x, title: X, kind: ipsec_l2l, confidence: assumed, source: N, tunnel: t2,\n"
            "     endpoints: [{name: x.example, port: 443, pinned: [192.0.2.100, 192.0.2.200]}]}\n"
        ),
        [
            (
                "w 77: channels[x].endpoints[x.example].pinned[1]: 192.0.2.200 does not lie behind tunnel "
                "t2: 192.0.2.96/28"
            )
        ],
    ),
    (
        "device: gw-b, interface: wan0, address: 198.51.100.2",
        "interface: wan0, address: 198.51.100.2",
        ["e 70: tunnels[k-b].ends[gw-b].wan: line b-isp must say on which device it ends"],
    ),
    ("     gateway: 203.0.113.1}", ("     gateway: 203.0.113.1}\n  - {name: k2, building: k, provider: Two}"), []),
)


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) or "nothing" for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert lines_of(office_in(tmp_path, broken(old, new))) == faults
