"""A gateway's day 0 on a machine with a real systemd and Debian's own units, and what its dead-man does there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from inventory.load import load
from lab.dayzero import day_zero
from lab.pki import Authority
from tests.systemd import Machine, booted

pytestmark = [pytest.mark.lab, pytest.mark.timeout(120)]

UNITS = ("fosa-network", "fosa-tunnels", "nftables", "ssh", "strongswan")
CARDS = ("wan0", "vlan10", "vlan30")
MANAGER, GATEWAY = "10.70.0.10", "10.70.0.1"
RULES = "/etc/nftables.conf"
MANAGED = (RULES, "/etc/ssh/sshd_config", "/etc/swanctl/conf.d/fosa.conf")
NEW_RULE = "\ntable inet added { }\n"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway after day 0, and its manager's network beside it."""

    machine: Machine

    def plug_in(self) -> None:
        """Its cards, and the manager's host at the other end of one."""
        machine = self.machine
        for card in CARDS:
            machine.told("ip", "link", "add", card, "type", "veth", "peer", "name", f"{card}-far")
            machine.told("ip", "link", "set", f"{card}-far", "up")
        machine.told("ip", "netns", "add", "manager")
        machine.told("ip", "link", "set", "vlan10-far", "netns", "manager")
        machine.told("ip", "-n", "manager", "address", "add", f"{MANAGER}/24", "dev", "vlan10-far")
        machine.told("ip", "-n", "manager", "link", "set", "vlan10-far", "up")

    def until_up(self) -> None:
        """Wait until everything runs that day 0 enabled."""
        self.machine.until(lambda: set(self.states().values()) == {"active"})

    def states(self) -> dict[str, str]:
        """What systemd says of the units."""
        return {unit: self.machine.run("systemctl", "is-active", unit).stdout.strip() for unit in UNITS}

    def ask(self, words: str, text: str = "") -> dict[str, object]:
        """The gate's answer to the manager, over SSH. A server that reads its file anew lets nobody in for a moment."""
        self.machine.until(self.open)
        options = ("-F", "/dev/null", "-i", "/root/write", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no")
        ssh = ("ssh", *options, "-o", "UserKnownHostsFile=/dev/null", f"fosa-write@{GATEWAY}", words)
        done = self.machine.run("nsenter", "--net=/run/netns/manager", *ssh, text=text)
        assert done.stdout, (done.stderr, self.machine.journal("ssh"))
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    def open(self) -> bool:
        """Whether something listens for the manager."""
        there = f"</dev/tcp/{GATEWAY}/22"
        return self.machine.run("nsenter", "--net=/run/netns/manager", "bash", "-c", there).returncode == 0

    def arm(self, token: str, seconds: int) -> None:
        """Stage and commit one more table of rules."""
        files = [{"path": path, "mode": 0o600, "text": self.machine.path(path).read_text()} for path in MANAGED]
        files[0]["text"] = f"{files[0]['text']}{NEW_RULE}"
        assert self.ask(f"stage {token}", json.dumps({"files": files}))["ok"]
        assert self.ask(f"commit {token} {seconds}")["ok"]
        assert self.has_new_rules()

    def has_new_rules(self) -> bool:
        """Whether the kernel has them."""
        return "table inet added" in self.machine.told("nft", "list", "ruleset")

    def old_file(self) -> bool:
        """Whether the file is as day 0 left it."""
        return NEW_RULE not in self.machine.path(RULES).read_text()


@pytest.fixture(scope="module")
def gateway(state: Path, two: Path) -> Iterator[Gateway]:
    office = load(two).require()
    device = office.device("gw-k")
    read, write = (Ed25519PrivateKey.generate() for _ in range(2))
    public = [key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() for key in (read, write)]
    authority = Authority("office", dt.datetime.now(dt.UTC))
    own = authority.issue("gw-k.two.example")
    brought = {
        "/etc/swanctl/x509/gateway.pem": own.certificate,
        "/etc/swanctl/private/gateway.pem": own.key,
        "/etc/swanctl/x509ca/office-ca.pem": authority.certificate,
        "/etc/swanctl/x509crl/office.crl.pem": authority.revocations(1),
        "/root/write": write.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
    }
    with booted(state / "daemons") as machine:
        # Debian's package makes it.
        machine.told("useradd", "--system", "--home-dir", "/run/sshd", "--shell", "/usr/sbin/nologin", "sshd")
        for path, text in brought.items():
            machine.path(path).parent.mkdir(parents=True, exist_ok=True)
            machine.path(path).write_text(text)
            machine.path(path).chmod(0o600)
        it = Gateway(machine)
        it.plug_in()
        machine.told("sh", "-s", text=day_zero(office, device, *public))
        machine.told("ln", "-sf", "/lib/systemd/system/multi-user.target", "/etc/systemd/system/default.target")
        yield it


def test_day_zero_leaves_everything_running_and_enabled(gateway: Gateway) -> None:
    gateway.until_up()
    assert gateway.ask("status")["ok"]
    enabled = gateway.machine.told("systemctl", "is-enabled", "fosa-boot", *UNITS)
    assert set(enabled.split()) == {"enabled"}
    own = [f"/etc/systemd/system/fosa-{unit}.service" for unit in ("boot", "network", "tunnels", "deadman@")]
    verified = gateway.machine.run("systemd-analyze", "verify", "--man=no", *own)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_dead_man_outlives_the_ssh_server(gateway: Gateway) -> None:
    gateway.arm("aaaaaaaa", 15)
    assert gateway.machine.shown("fosa-deadman@aaaaaaaa", "ActiveState") == "active"
    # Everything of the SSH server and of its sessions at once, then one of the dead-man's own halves.
    gateway.machine.told("systemctl", "kill", "--signal=KILL", "--kill-who=all", "ssh.service")
    gateway.machine.told("systemctl", "kill", "--signal=KILL", "--kill-who=main", "fosa-deadman@aaaaaaaa")
    gateway.machine.until(lambda: not gateway.has_new_rules())
    gateway.machine.until(gateway.old_file)
    gateway.until_up()
    assert gateway.ask("status")["ok"]


def test_a_confirmed_change_stays_and_leaves_no_dead_man(gateway: Gateway) -> None:
    gateway.arm("bbbbbbbb", 60)
    assert gateway.ask("confirm bbbbbbbb")["state"] == "confirmed"
    gateway.machine.until(lambda: gateway.machine.shown("fosa-deadman@bbbbbbbb", "ActiveState") == "inactive")
    assert gateway.has_new_rules()
    gateway.machine.path(RULES).write_text(gateway.machine.path(RULES).read_text().replace(NEW_RULE, ""))
    gateway.machine.told("systemctl", "reload", "nftables")


def test_after_a_power_cut_the_old_rules_are_loaded_first_and_late_cards_are_waited_for(gateway: Gateway) -> None:
    gateway.arm("cccccccc", 600)
    gateway.machine.power_cut()
    gateway.machine.switch_on()
    machine = gateway.machine
    machine.until(lambda: gateway.states()["strongswan"] == "active")
    # There is no card yet: nothing has an address, the SSH server cannot have its own.
    assert gateway.states()["fosa-network"] != "active"
    gateway.plug_in()
    gateway.until_up()
    assert (gateway.has_new_rules(), gateway.old_file()) == (False, True)
    assert gateway.ask("status")["ok"]
    said = machine.told("journalctl", "--no-pager", "--output=cat", "--unit=fosa-boot", "--unit=nftables")
    assert said.index('"reverted": ["cccccccc"]') < said.rindex("Starting nftables.service")
    finished = machine.shown("fosa-boot", "InactiveEnterTimestampMonotonic")
    assert int(finished) <= int(machine.shown("nftables", "ExecMainStartTimestampMonotonic"))


@pytest.mark.parametrize("unit", ["ssh", "strongswan", "fosa-tunnels"])
def test_what_is_killed_is_started_again(gateway: Gateway, unit: str) -> None:
    before = gateway.machine.shown(unit, "MainPID")
    gateway.machine.told("systemctl", "kill", "--signal=KILL", f"{unit}.service")
    gateway.machine.until(lambda: gateway.machine.shown(unit, "MainPID") not in {"0", before})
    gateway.until_up()
