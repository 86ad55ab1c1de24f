"""Labs from outside: up, down, side by side, and what is left when the owner is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.errors import LabError
from lab import namespace, office
from lab.paths import LabPaths, Phase
from lab.sweep import processes_in

pytestmark = pytest.mark.lab

WaitFor = Callable[[Callable[[], bool], float], None]
A, B = "tofa", "tofb"


@pytest.fixture
def labs(state: Path) -> Iterator[tuple[str, str]]:
    office.down(A, state)
    office.down(B, state)
    yield A, B
    office.down(A, state)
    office.down(B, state)


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


def _mounts() -> set[str]:
    return {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}


def test_a_lab_comes_up_and_goes_without_a_trace(labs: tuple[str, str], state: Path, two: Path) -> None:
    before, mounts = _machine(), _mounts()
    steps: list[str] = []
    status = office.up(two, A, state, steps.append)
    assert status.phase is Phase.READY
    assert steps
    assert office.names(state) == (A,)
    assert office.status(A, state) == status
    assert _machine() == before
    with pytest.raises(LabError, match=f"lab {A} is up already"):
        office.up(two, A, state)
    inside = subprocess.run(
        office.manager_command(A, state, ["ip", "-br", "-4", "address"]), capture_output=True, check=True
    )
    assert b"10.70.0.10/24" in inside.stdout
    device = subprocess.run(office.device_command(A, state, "gw-b", ["hostname"]), capture_output=True, check=True)
    assert device.stdout == b"gw-b\n"
    assert office.down(A, state)
    assert not office.down(A, state)
    assert office.status(A, state) is None
    assert namespace.existing(f"fosa-{A}-") == frozenset()
    assert not LabPaths.of(A, state).folder.exists()
    assert _machine() == before
    assert _mounts() - {"/run/netns"} == mounts - {"/run/netns"}


def test_two_labs_stand_side_by_side(labs: tuple[str, str], state: Path, two: Path) -> None:
    first, second = office.up(two, A, state), office.up(two, B, state)
    assert office.names(state) == (A, B)
    assert {node.namespace for node in first.nodes}.isdisjoint(node.namespace for node in second.nodes)
    office.down(A, state)
    assert namespace.existing(f"fosa-{A}-") == frozenset()
    alive = subprocess.run(office.device_command(B, state, "gw-k", ["systemctl", "is-active", "ssh"]), check=False)
    assert alive.returncode == 0


def test_a_killed_owner_leaves_no_process_and_the_rest_is_swept(
    labs: tuple[str, str], state: Path, two: Path, wait_for: WaitFor
) -> None:
    status = office.up(two, A, state)
    names = frozenset(node.namespace for node in status.nodes)
    assert processes_in(names)
    os.kill(status.keeper, signal.SIGKILL)
    wait_for(lambda: not processes_in(names), 5)
    assert office.status(A, state) is None
    assert namespace.existing(f"fosa-{A}-") == names
    again = office.up(two, A, state)
    assert again.keeper != status.keeper
    os.kill(again.keeper, signal.SIGKILL)
    wait_for(lambda: office.status(A, state) is None, 5)
    assert office.down(A, state)
    assert namespace.existing(f"fosa-{A}-") == frozenset()


def test_an_inventory_with_errors_is_told_and_leaves_nothing(
    labs: tuple[str, str], state: Path, two: Path, tmp_path: Path
) -> None:
    text = (two / "office.yaml").read_text()
    (tmp_path / "office.yaml").write_text(text.replace("manager: adm-k", "manager: nobody"))
    with pytest.raises(LabError, match="nobody"):
        office.up(tmp_path, A, state)
    assert namespace.existing(f"fosa-{A}-") == frozenset()
    assert office.names(state) == ()


def test_an_owner_told_to_end_while_it_builds_leaves_nothing(labs: tuple[str, str], state: Path, two: Path) -> None:
    def interrupt(step: str) -> None:
        if "starting" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.up(two, A, state, interrupt)
    assert namespace.existing(f"fosa-{A}-") == frozenset()
    assert office.names(state) == ()


def test_without_daemons_it_says_what_to_run(tmp_path: Path, two: Path) -> None:
    began = time.monotonic()
    with pytest.raises(LabError, match="scripts/setup"):
        office.up(two, A, tmp_path)
    assert time.monotonic() - began < 10


def test_who_is_not_root_gets_one_line(tmp_path: Path, two: Path) -> None:
    code = f"from pathlib import Path; from lab import office; office.up(Path({str(two)!r}), 'x', Path('/nowhere'))"
    # The interpreter may lie in a folder only root can enter: become nobody after it has started.
    argv = [sys.executable, "-c", f"import lab.office, os; os.setuid(65534); {code}"]
    said = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]).stderr
    assert said.splitlines()[-1].startswith("inventory.errors.LabError: the practice office needs root")
