"""Labs from outside: up, down, side by side, and what is left when the owner is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.errors import LabError
from lab import namespace, office
from lab.paths import LabPaths, Phase
from lab.sweep import processes_in
from tests.slots import lab_name

pytestmark = pytest.mark.lab

WaitFor = Callable[[Callable[[], bool], float], None]


@pytest.fixture
def name(state: Path) -> Iterator[str]:
    yield from _free("ofa", state)


@pytest.fixture
def other(state: Path) -> Iterator[str]:
    yield from _free("ofb", state)


def _free(kind: str, state: Path) -> Iterator[str]:
    """The name of a lab that does not stand, nor will afterwards."""
    free = lab_name(kind)
    office.down(free, state)
    yield free
    office.down(free, state)


def _machine() -> dict[str, str]:
    """What of the machine's own network a lab could change."""
    asked = {
        "addresses": ["ip", "-o", "address"],
        "links": ["ip", "-o", "link"],
        "routes": ["ip", "route", "show", "table", "all"],
        "routes6": ["ip", "-6", "route", "show", "table", "all"],
        "rules": ["ip", "rule"],
    }
    said = {
        name: subprocess.run(argv, capture_output=True, text=True, check=True).stdout for name, argv in asked.items()
    }
    # Lifetimes count down by themselves.
    said["addresses"] = " ".join(word for word in said["addresses"].split() if not word.endswith("sec"))
    said["forward"] = Path("/proc/sys/net/ipv4/ip_forward").read_text()
    said["hostname"] = Path("/proc/sys/kernel/hostname").read_text()
    said["netfilter"] = (
        Path("/proc/net/ip_tables_names").read_text() if Path("/proc/net/ip_tables_names").exists() else ""
    )
    return said


def _mounts(name: str, state: Path) -> set[str]:
    """What is mounted, other labs aside."""
    points = {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    own = (f"/run/netns/fosa-{name}-", f"{state}/labs/{name}/")
    return {point for point in points if point.startswith(own) or not point.startswith(("/run/netns", f"{state}/labs"))}


def test_a_lab_comes_up_and_goes_without_a_trace(name: str, state: Path, two: Path) -> None:
    before, mounts = _machine(), _mounts(name, state)
    steps: list[str] = []
    status = office.up(two, name, state, steps.append)
    assert status.phase is Phase.READY
    assert steps
    assert name in office.names(state)
    assert office.status(name, state) == status
    assert _machine() == before
    with pytest.raises(LabError, match=f"lab {name} is up already"):
        office.up(two, name, state)
    inside = subprocess.run(
        office.manager_command(name, state, ["ip", "-br", "-4", "address"]), capture_output=True, check=True
    )
    assert b"10.70.0.10/24" in inside.stdout
    device = subprocess.run(office.device_command(name, state, "gw-b", ["hostname"]), capture_output=True, check=True)
    assert device.stdout == b"gw-b\n"
    assert office.down(name, state)
    assert not office.down(name, state)
    assert office.status(name, state) is None
    assert namespace.existing(f"fosa-{name}-") == frozenset()
    assert not LabPaths.of(name, state).folder.exists()
    assert _machine() == before
    assert _mounts(name, state) == mounts


def test_two_labs_stand_side_by_side(name: str, other: str, state: Path, two: Path) -> None:
    first, second = office.up(two, name, state), office.up(two, other, state)
    assert {name, other} <= set(office.names(state))
    assert {node.namespace for node in first.nodes}.isdisjoint(node.namespace for node in second.nodes)
    office.down(name, state)
    assert namespace.existing(f"fosa-{name}-") == frozenset()
    alive = subprocess.run(office.device_command(other, state, "gw-k", ["systemctl", "is-active", "ssh"]), check=False)
    assert alive.returncode == 0


def test_a_killed_owner_leaves_no_process_and_the_rest_is_swept(
    name: str, state: Path, two: Path, wait_for: WaitFor
) -> None:
    status = office.up(two, name, state)
    names = frozenset(node.namespace for node in status.nodes)
    assert processes_in(names)
    os.kill(status.keeper, signal.SIGKILL)
    wait_for(lambda: not processes_in(names), 5)
    assert office.status(name, state) is None
    assert namespace.existing(f"fosa-{name}-") == names
    again = office.up(two, name, state)
    assert again.keeper != status.keeper
    os.kill(again.keeper, signal.SIGKILL)
    wait_for(lambda: office.status(name, state) is None, 5)
    assert office.down(name, state)
    assert namespace.existing(f"fosa-{name}-") == frozenset()


def test_an_inventory_with_errors_is_told_and_leaves_nothing(name: str, state: Path, two: Path, tmp_path: Path) -> None:
    text = (two / "office.yaml").read_text()
    (tmp_path / "office.yaml").write_text(text.replace("manager: adm-k", "manager: nobody"))
    with pytest.raises(LabError, match="nobody"):
        office.up(tmp_path, name, state)
    assert namespace.existing(f"fosa-{name}-") == frozenset()
    assert name not in office.names(state)


def test_an_owner_told_to_end_while_it_builds_leaves_nothing(name: str, state: Path, two: Path) -> None:
    def interrupt(step: str) -> None:
        if "starting" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.up(two, name, state, interrupt)
    assert namespace.existing(f"fosa-{name}-") == frozenset()
    assert name not in office.names(state)


def test_without_daemons_it_says_what_to_run(name: str, tmp_path: Path, two: Path) -> None:
    with pytest.raises(LabError, match="scripts/setup"):
        office.up(two, name, tmp_path)


def test_who_is_not_root_gets_one_line(tmp_path: Path, two: Path) -> None:
    code = f"from pathlib import Path; from lab import office; office.up(Path({str(two)!r}), 'x', Path('/nowhere'))"
    # The interpreter may lie in a folder only root can enter: become nobody after it has started.
    argv = [sys.executable, "-c", f"import lab.office, os; os.setuid(65534); {code}"]
    said = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]).stderr
    assert said.splitlines()[-1].startswith("inventory.errors.LabError: the practice office needs root")
