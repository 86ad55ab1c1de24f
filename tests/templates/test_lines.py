"""The program on a gateway that keeps tunnels and the default route on lines that carry: what it decides."""

import datetime as dt
import json
import os
import subprocess
from pathlib import Path

import pytest

from inventory.load import load
from templates.linux_gateway import lines
from templates.linux_gateway.lines import mate
from templates.linux_gateway.lines.carrying import DEAD_S, STEADY_S, Reach, active_line, wanted_way
from templates.linux_gateway.lines.echoes import checksum
from templates.linux_gateway.lines.mate import CEASED_S, Both
from templates.linux_gateway.lines.program import Lines
from templates.linux_gateway.view import gateway_view

_PILA = Path(__file__).parents[2] / "inventory/examples/pila"
_LINES = [
    {"interface": "wan0", "address": "a1", "gateway": "g1"},
    {"interface": "wan1", "address": "a2", "gateway": "g2"},
]
_FAR = [["a1", "x"], ["a2", "x"], ["a1", "y"], ["a2", "y"]]
_WAYS = [
    {"name": "t", "here": "a1", "there": "x"},
    {"name": "t_2", "here": "a1", "there": "y"},
    {"name": "t_3", "here": "a2", "there": "x"},
]


def _carries(*pairs: str) -> dict[tuple[str, str], bool]:
    return {(pair[:2], pair[2:]): True for pair in pairs}


@pytest.mark.parametrize(
    ("carries", "line", "way"),
    [
        (("a1x", "a2x", "a1g1", "a2g2"), "wan0", "t"),
        (("a1y", "a2x", "a2g2"), "wan0", "t_2"),
        (("a2x", "a1g1", "a2g2"), "wan1", "t_3"),
        # Whose far ends are all silent is itself to be judged by the routers alone.
        (("a1g1", "a2g2"), "wan0", "t"),
        (("a2g2",), "wan1", "t"),
        ((), "wan0", "t"),
    ],
)
def test_the_first_that_carries_is_taken(carries: tuple[str, ...], line: str, way: str) -> None:
    found = _carries(*carries)
    assert (active_line(_LINES, _FAR, found), wanted_way(_WAYS, found)) == (line, way)


def _carries_now(reach: Reach, now: float) -> bool:
    reach.judge(now)
    return reach.carries


def test_a_way_is_dead_at_once_and_alive_again_only_when_it_is_steady() -> None:
    reach, now = Reach(), 100.0
    assert not _carries_now(reach, now)
    reach.answered(now)
    assert _carries_now(reach, now), "the first answer will do"
    now += DEAD_S + 0.1
    assert not _carries_now(reach, now)
    begun = now
    while not _carries_now(reach, now):
        now += 0.25
        reach.answered(now)
    assert STEADY_S <= now - begun < STEADY_S + 1.0


def test_that_both_have_worked_is_said_once_when_it_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "both-work"
    monkeypatch.setattr(mate, "BOTH", mark)

    def heard(second: int) -> None:
        mark.touch()
        os.utime(mark, (second, second))

    never = Both()
    assert not never.over(100.0)
    heard(1)
    assert not never.over(100.5), "the other one works still"
    heard(2)
    assert not never.over(100.5 + CEASED_S), "and was heard again"
    assert never.over(100.5 + 2 * CEASED_S)
    assert not never.over(100.5 + 9 * CEASED_S)
    restarted = Both()
    assert not restarted.over(200.0)
    assert not restarted.over(300.0), "what was before this program began is over"


def test_it_understands_what_is_rendered_for_it() -> None:
    office = load(_PILA).require()
    views = {device.name: gateway_view(office, device, dt.date(2027, 3, 1)) for device in office.gateways}
    read = {name: Lines(json.loads(view.lines_json)) for name, view in views.items()}
    assert {name: [line["interface"] for line in one.lines] for name, one in read.items()} == {
        "gw-k": ["wan0", "wan1"],
        "gw-b": ["wan0", "wan1"],
        "gw-c": ["wan0"],
        "gw-k2": ["wan0", "wan1"],
    }
    assert {name: list(one.tunnels) for name, one in read.items()} == {
        "gw-k": ["k-platform"],
        "gw-b": ["k-b"],
        "gw-c": ["k-c"],
        "gw-k2": ["k-platform"],
    }
    assert [len(one.reaches) for one in read.values()] == [8, 6, 3, 8]
    # Whoever takes over calls also those that call it: their old security associations are worth nothing.
    assert {name: (one.shared, one.called) for name, one in read.items()} == {
        "gw-k": ("10.64.0.1", ["k-b", "k-c"]),
        "gw-b": ("", []),
        "gw-c": ("", []),
        "gw-k2": ("10.64.0.1", ["k-b", "k-c"]),
    }


@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="a gateway has /usr/bin/python3")
def test_the_systems_python_needs_nothing_else_for_it() -> None:
    folder = str(Path(lines.__file__).parents[1])
    words = "import sys; sys.path.insert(0, sys.argv[1]); import lines.program"
    subprocess.run(["/usr/bin/python3", "-ISB", "-c", words, folder], check=True)


def test_the_checksum_is_the_internets() -> None:
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D, "RFC 1071, section 3: the sum is ddf2"
