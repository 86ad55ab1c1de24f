"""Flows to nowhere, past their day, on unknown ports."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc"], to: ["zone:srv@b"], services: [https], owner: ASI, '
            "purpose: Test}\n"
        ),
        ["e 63: flows[x].to[0]: zone srv has no network in building b"],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc"], to: ["device:sw2"], services: [https], owner: ASI, '
            "purpose: Test}\n"
        ),
        ["e 63: flows[x].to[0]: there is no device sw2; did you mean sw?"],
    ),
    (
        "flows:\n",
        ('flows:\n  - {name: x, from: [internet], to: ["device:app"], services: [https], owner: ASI, purpose: Test}\n'),
        ["e 63: flows[x].from[0]: nothing is let in from the internet; name a channel, or take it out"],
    ),
    (
        "flows:\n",
        ('flows:\n  - {name: x, from: [lines], to: ["device:app"], services: [https], owner: ASI, purpose: Test}\n'),
        ["e 63: flows[x].from[0]: lines are only looked at; name gateways, or take it out"],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc"], to: ["device:app"], services: [https], owner: ASI, '
            "purpose: Test, until: 2027-02-28}\n"
        ),
        [("w 63: flows[x].until: ended on 2027-02-28 and is not rendered; take it out, or give it a new date")],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc"], to: ["device:app"], services: [https], owner: ASI, '
            "purpose: Test, until: 2027-03-01}\n"
        ),
        [],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc"], to: ["device:app"], services: [https], owner: ASI, '
            "purpose: Test, review: 2027-02-28}\n"
        ),
        ["w 63: flows[x].review: the review was due on 2027-02-28"],
    ),
    (
        "services:\n",
        ("services:\n  - {name: x, ports: [tcp/65536, udp/20-10, icmp/echo]}\n"),
        [
            "e 60: services[x].ports[0]: tcp/65536: the last port is 65535",
            "e 60: services[x].ports[1]: udp/20-10: the range ends before it begins",
        ],
    ),
    (
        "{name: ssh, ports: [tcp/22]}",
        "{name: ssh}",
        ["n 64: flows[admin].services[0]: not rendered: the ports of ssh are unknown"],
    ),
    (
        "pinned: [192.0.2.80]",
        "pinned: []",
        ["n 65: flows[platform].to[0]: not rendered: channel csizs has no pinned address"],
    ),
    (
        'to: ["channel:csizs"], services: [https]',
        'to: ["channel:csizs"], services: [ssh]',
        [
            (
                "w 65: flows[platform].to[0]: csizs.example of channel csizs listens on tcp/443, which "
                "none of the services has"
            )
        ],
    ),
    (
        "zone: srv, address: 10.8.1.30}",
        "zone: srv, address: 10.8.1.30, status: retired}",
        ["e 63: flows[portal].to[0]: app is retired; take it out of the flow"],
    ),
    ("zone: srv, address: 10.8.1.30}", "zone: srv}", ["e 63: flows[portal].to[0]: app has no address"]),
)


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) or "nothing" for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert lines_of(office_in(tmp_path, broken(old, new))) == faults
