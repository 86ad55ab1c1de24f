"""What a gateway says of its time and its logs, read from what its daemons and its kernel say."""

import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from templates.linux_gateway.gate.links import silent_lines, states
from templates.linux_gateway.gate.upstream import connected, sources, targets

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0A0A400A:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000000000000000
   1: 0A0A400A:C350 1401400A:1972 01 00000000:00000000 00:00000000 00000000     0        0 112 1 0000000000000000
   2: 0A0A400A:C351 1501400A:1972 02 00000001:00000000 01:00000062 00000002     0        0 113 1 0000000000000000
   3: 0A0A400A:C352 1601400A:1972 01 00000042:00000000 01:00000062 00000003     0        0 114 1 0000000000000000
"""


def test_reads_what_chronyc_says() -> None:
    said = (
        "^,*,192.0.2.123,2,6,377,23,0.000012,0.000013,0.0003\n"
        "^,-,192.0.2.124,2,6,1,700,-0.25,-0.25,0.5\n"
        "^,?,192.0.2.125,0,8,0,4294967295,0.000000000,0.000000000,0.000000000\n"
    )
    assert sources(said) == [
        {"source": "192.0.2.123", "reachable": True, "selected": True, "offset_s": 0.000012},
        {"source": "192.0.2.124", "reachable": True, "selected": False, "offset_s": -0.25},
        {"source": "192.0.2.125", "reachable": False, "selected": False, "offset_s": None},
    ]
    assert sources("") == []


def test_does_not_guess_at_other_words() -> None:
    assert sources("506 Cannot talk to daemon\n") is None
    assert sources("^,*,192.0.2.123,2,6,9,23,0.1,0.1,0.1\n") is None


@given(st.text())
def test_survives_whatever_is_said(text: str) -> None:
    sources(text)
    targets(text, connected(text))


def test_a_connection_counts_while_it_stands_and_is_answered() -> None:
    assert connected(TABLE) == {("10.64.1.20", 6514)}


def test_finds_every_target_of_the_rendered_file_and_of_ones_by_hand() -> None:
    rendered = (Path(__file__).parents[1] / "data/linux_gateway/gw-k/rsyslog.conf").read_text()
    more = (
        'action(type="omfwd" Target="10.64.1.21" Port="6514" Protocol="tcp" template="a(b) \\"c\\"")\n'
        '  # action(type="omfwd" target="10.64.1.99" port="1")\n'
        'action(type="omfile" file="/var/log/x")\n'
        'action(type="omfwd" target="logs.example" port="6514" protocol="tcp")\n'
        'action(type="omfwd" target="10.64.1.20")\n'
        'action(type="omfwd" target="10.64.1.20" port="70000" protocol="tcp")\n'
    )
    (own,) = targets(rendered, set())
    assert own["established"] is False
    assert targets(rendered, {(str(own["server"]), 6514)}) == [{**own, "established": True}]
    assert targets(more, connected(TABLE)) == [
        {"server": "10.64.1.21", "port": 6514, "established": False},
        {"server": "logs.example", "port": 6514, "established": None},
        {"server": "10.64.1.20", "port": 514, "established": None},
        {"server": "10.64.1.20", "port": 0, "established": None},
    ]


def test_an_interface_is_up_when_it_is_on_and_has_a_carrier(tmp_path: Path) -> None:
    for name, flags, carrier in [("wan0", "0x1003", "1"), ("wan1", "0x1003", "0"), ("vlan10", "0x1002", ""),
                                 ("lo", "0x9", "1"), ("odd", "?", "1"), ("z\u017c", "0x1003", "1")]:  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / "flags").write_text(f"{flags}\n")
        (tmp_path / name / "carrier").write_text(f"{carrier}\n")
    (tmp_path / "bonding_masters").write_text("\n")
    lines = tmp_path / "told"
    assert states(tmp_path, lines) == {"wan0": "up", "wan1": "down", "vlan10": "down", "odd": "down"}
    lines.write_text('{"wan0": false, "wan1": false, "unheard-of": true}')
    assert states(tmp_path, lines) == {"wan0": "silent", "wan1": "down", "vlan10": "down", "odd": "down"}
    os.utime(lines, (1, 1))
    assert states(tmp_path, lines)["wan0"] == "up", "told too long ago"


@given(st.text())
def test_whatever_is_told_of_lines_names_lines_or_nothing(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "told"
        lines.write_text(text, encoding="utf-8", errors="replace")
        assert isinstance(silent_lines(lines), frozenset)
