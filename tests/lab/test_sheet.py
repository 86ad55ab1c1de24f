"""Every line of the break-glass sheet, typed at the console of a real gateway while nothing of fosa runs."""

import datetime as dt
import subprocess
from collections.abc import Callable

import pytest

from inventory.secrets import SecretStore
from lab.device import Device
from lab.practice import Practice
from playbooks.drivers.bundle import opened, sealed
from templates.linux_gateway import sheet
from templates.render import render

pytestmark = pytest.mark.lab

GATE = "/usr/local/lib/fosa/gate"
TODAY = dt.datetime.now(dt.UTC).date()
WaitFor = Callable[[Callable[[], bool], float], None]


def typed(practice: Practice, device: str, what: str) -> str:
    """The one command of the sheet with these words in it."""
    parts = sheet.parts(practice.office, practice.office.device(device), TODAY)
    (found,) = (step.command for part in parts for step in part.steps if what in step.command)
    return found


def at_console(device: Device, command: str) -> subprocess.CompletedProcess[str]:
    return device.run(["/bin/sh", "-c", command])


def armed(practice: Practice, device: str, token: str) -> None:
    """A pushed configuration that waits for its confirmation, which will not come: its manager is dead."""
    box = practice.device(device)
    bundle = render(practice.office, practice.office.device(device), TODAY)
    raw = opened(sealed(bundle), SecretStore(practice.paths.office).get).decode()
    for words, text in ((f"stage {token}", raw), (f"commit {token} 600", "")):
        done = box.run([GATE, "write", words], text=text)
        assert done.returncode == 0, done.stdout


def reaches(practice: Practice, device: str) -> bool:
    """Whether the manager's host gets an SSH server's greeting from a gateway."""
    probe = (
        "import socket,sys; s=socket.create_connection((sys.argv[1],22),1); s.settimeout(2); print(s.recv(4).decode())"
    )
    address = str(practice.office.device(device).address)
    argv = practice.manager_command(["python3", "-c", probe, address])
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=20).stdout == "SSH-\n"


@pytest.mark.parametrize("device", ["gw-k", "gw-b"])
def test_every_command_does_what_it_should_and_the_office_comes_back(
    small: Practice, wait_for: WaitFor, device: str
) -> None:
    for part in sheet.parts(small.office, small.office.device(device), TODAY):
        for step in part.steps:
            if step.command:
                wait_for(lambda: "INSTALLED" in small.device(device).run(["swanctl", "--list-sas"]).stdout, 20)
                done = at_console(small.device(device), step.command)
                assert done.returncode == 0, (step.command, done.stdout, done.stderr)
                assert done.stdout or not step.command.startswith(("ip", "nft list", "swanctl --list", "hostname"))
    wait_for(lambda: reaches(small, device), 20)


def test_a_change_nobody_confirms_is_taken_back_at_the_console(small: Practice) -> None:
    box = small.device("gw-b")
    before = box.must(["nft", "-s", "list", "ruleset"])
    armed(small, "gw-b", "sheetrevert1")
    assert box.must(["nft", "-s", "list", "ruleset"]) != before
    done = at_console(box, typed(small, "gw-b", "revert"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert box.must(["nft", "-s", "list", "ruleset"]) == before
    assert "sheetrevert1.reverted" in at_console(box, typed(small, "gw-b", "ls -lt")).stdout


def test_a_locked_door_opens_again(small: Practice, wait_for: WaitFor) -> None:
    box = small.device("gw-b")
    armed(small, "gw-b", "sheetdoor1")
    box.must([GATE, "write", "confirm sheetdoor1"])
    wait_for(lambda: reaches(small, "gw-b"), 20)
    configured = box.must(["nft", "-s", "list", "ruleset"])

    # Somebody typed a wall in by hand.
    box.must(["nft", "insert rule inet fosa input tcp dport 22 drop"])
    assert not reaches(small, "gw-b")
    assert at_console(box, typed(small, "gw-b", "nft -f /etc/nftables.conf")).returncode == 0
    assert box.must(["nft", "-s", "list", "ruleset"]) == configured
    wait_for(lambda: reaches(small, "gw-b"), 20)

    # The configuration itself is the wall, and sshd's is broken too: back to the first day.
    box.must(["/bin/sh", "-c", "echo 'flush ruleset' >/etc/nftables.conf; echo nonsense >/etc/ssh/sshd_config"])
    wall = "add chain inet fosa input { type filter hook input priority 0; policy drop; }"
    box.must(["nft", f"flush ruleset; add table inet fosa; {wall}"])
    box.run(["systemctl", "restart", "ssh"])
    assert not reaches(small, "gw-b")
    for what in ("nft -f /usr/local", "cp "):
        done = at_console(box, typed(small, "gw-b", what))
        assert done.returncode == 0, done.stderr
    wait_for(lambda: reaches(small, "gw-b"), 20)
