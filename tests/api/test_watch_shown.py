"""What `fosa watch` shows of a picture; the watch itself is tried in the practice office."""

import io
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from api.cli import run
from api.cli.exits import Exit
from api.cli.rows import event_line, rows, table
from api.cli.screens import screen
from monitor.results import Difference, DifferenceKind, Event, ProbeKind, Reason, State, Watched
from tests.api.readings import AT, watched
from tests.inventory.offices import OFFICE
from tests.monitor import moments

_ZONE = ZoneInfo("Europe/Warsaw")
_EVENT = Event(at=AT, subject="tunnel:k-b", before=State.UP, after=State.DOWN, reason=Reason.FAR_END_SILENT)


def _odd() -> Watched:
    """A picture with a difference and a problem, and a tunnel that is down."""
    seen = watched({"k-b": (State.DOWN, Reason.NO_ANSWER)})
    differs = Difference(
        kind=DifferenceKind.VERSION, device="gw-k", against="inventory", found="IKEv1", expected="IKEv2"
    )
    tunnel = seen.tunnels[0].model_copy(update={"differences": (differs,)})
    return seen.model_copy(update={"tunnels": (tunnel, *seen.tunnels[1:]), "problems": ("no raw socket",)})


def test_each_thing_has_a_line_and_what_is_wrong_too() -> None:
    lines = [line for _state, line in rows(_odd())]
    assert [line.split()[0] for line in lines[:3]] == ["k-b", "k-c", "k-platform"]
    assert "down  probes through it are not answered" in lines[0]
    assert len(lines) == 3 + 3 + 3 + 2
    assert lines[-2:] == ["IKE version on gw-k: IKEv1; the inventory says IKEv2", "no raw socket"]


def test_probes_that_found_something_come_first_and_those_of_one_thing_together() -> None:
    found = (
        (ProbeKind.TCP, State.UP, "channel:csizs"),
        (ProbeKind.DNS, State.UP, "channel:portal"),
        (ProbeKind.TLS, State.UP, "channel:csizs"),
        (ProbeKind.NTP, State.DEGRADED, "office:pila"),
        (ProbeKind.LEAK, State.DOWN, "device:gw-k"),
    )
    probes = tuple(
        moments.asked(kind, state).model_copy(update={"subject": subject, "name": f"{kind}:{subject}"})
        for kind, state, subject in found
    )
    seen = watched().model_copy(update={"probes": probes})
    assert [line.split(":")[0] for _state, line in rows(seen)][-5:] == ["leak", "ntp", "tcp", "tls", "dns"]
    written = io.StringIO()
    Console(width=160, file=written).print(table(seen, (), _ZONE))
    places = [written.getvalue().index(f"{kind}:") for kind in ("leak", "ntp", "tcp", "tls", "dns")]
    assert places == sorted(places)


def test_the_table_shows_all_of_it_at_the_offices_time() -> None:
    written = io.StringIO()
    Console(width=160, file=written).print(table(_odd(), (event_line(_EVENT, _ZONE),), _ZONE))
    shown = written.getvalue()
    assert "14:03:22  tunnel k-b: up -> down (an end says it is up, but probes through it are not answered)" in shown
    for word in ("k-platform", "line to the internet k-isp1", "gw-c", "IKEv1", "no raw socket"):
        assert word in shown


def test_lines_begin_when_everything_has_been_read(capsys: pytest.CaptureFixture[str]) -> None:
    shown = screen(_ZONE, as_json=False)
    unread = watched({"k-b": (State.UNKNOWN, Reason.NOT_READ_YET)})
    shown.events((_EVENT,))
    shown.picture(unread)
    assert capsys.readouterr().out == ""
    shown.picture(watched())
    shown.picture(watched())
    shown.events((_EVENT,))
    shown.close()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9 + 1
    assert lines[-1].startswith("14:03:22  tunnel k-b: up -> down")


def test_objects_come_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    shown = screen(_ZONE, as_json=True)
    for seen in (watched(), _odd()):
        shown.events((_EVENT,))
        shown.picture(seen)
    shown.close()
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["problems"] for one in objects] == [[], ["no raw socket"]]
    assert Watched.model_validate(objects[1]) == _odd()


def test_an_office_without_managed_devices_has_nothing_to_watch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = OFFICE[: OFFICE.index("tunnels:")] + OFFICE[OFFICE.index("channels:") :]
    (tmp_path / "office.yaml").write_text(plain.replace("    platform: linux_gateway\n", ""))
    assert run(["watch", "--once", "--inventory", str(tmp_path)]) == Exit.FAILED
    assert "no device that fosa configures" in capsys.readouterr().err
