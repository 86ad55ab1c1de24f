"""A device of the lab is a small machine of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.errors import LabError
from lab.practice import Practice

pytestmark = pytest.mark.lab

# Bits of include/uapi/linux/capability.h: what reaches the machine past every namespace.
_CAP_SYS_MODULE, _CAP_SYS_RAWIO, _CAP_SYS_BOOT, _CAP_SYS_TIME = 16, 17, 22, 25


def test_it_has_a_root_of_its_own(small: Practice) -> None:
    gateway = small.device("gw-b")
    assert gateway.must(["hostname"]).strip() == "gw-b"
    assert gateway.must(["cat", "/proc/1/comm"]).strip() == "sh"
    assert set(gateway.must(["ls", "/"]).split()) <= {
        *(
            "bin",
            "dev",
            "etc",
            "lib",
            "lib32",
            "lib64",
            "libx32",
            "proc",
            "root",
            "run",
            "sbin",
            "sys",
            "tmp",
            "usr",
            "var",
        )
    }
    assert gateway.run(["touch", "/usr/bin/x"]).returncode != 0
    assert "gw-b" not in Path("/etc/hostname").read_text()


@pytest.mark.parametrize("how", ["init", "console"])
def test_it_cannot_touch_the_clock_the_modules_or_the_power_of_the_machine(small: Practice, how: str) -> None:
    status = "/proc/1/status" if how == "init" else "/proc/self/status"
    lines = small.device("gw-b").must(["cat", status]).splitlines()
    sets = {line.split(":")[0]: int(line.split()[1], 16) for line in lines if line.startswith("Cap")}
    withheld = sum(1 << bit for bit in (_CAP_SYS_MODULE, _CAP_SYS_RAWIO, _CAP_SYS_BOOT, _CAP_SYS_TIME))
    assert sets["CapBnd"] & withheld == 0
    assert sets["CapEff"] & withheld == 0
    assert sets["CapEff"] != 0


def test_it_cannot_write_kernel_switches_that_are_the_machines(small: Practice) -> None:
    gateway = small.device("gw-b")
    assert gateway.run(["sh", "-c", "echo 1 >/proc/sys/kernel/panic"]).returncode != 0
    gateway.must(["sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"])


def test_its_accounts_may_run_the_gate_as_root_and_nothing_else(small: Practice) -> None:
    gateway = small.device("gw-b")
    become = ["setpriv", "--reuid", "fosa-read", "--regid", "fosa-read", "--clear-groups", "sudo", "-n"]
    asked = gateway.run([*become, "/usr/local/lib/fosa/gate", "read", "status"])
    assert '"ok"' in asked.stdout, asked.stderr
    assert gateway.run([*become, "/usr/local/lib/fosa/gate", "write", "status"]).returncode != 0
    assert gateway.run([*become, "/usr/bin/id"]).returncode != 0


def test_its_services_are_started_and_stopped_as_under_systemd(small: Practice) -> None:
    gateway = small.device("gw-b")
    assert gateway.must(["systemctl", "is-active", "ssh", "strongswan"]).split() == ["active", "active"]
    gateway.must(["systemctl", "restart", "ssh"])
    gateway.must(["systemctl", "reload", "ssh.service"])
    gateway.must(["systemctl", "stop", "ssh"])
    assert gateway.run(["systemctl", "is-active", "ssh"]).stdout.strip() == "inactive"
    assert gateway.run(["systemctl", "reload", "ssh"]).returncode != 0
    assert gateway.run(["systemctl", "start", "nonsense"]).returncode == 5
    gateway.must(["systemctl", "start", "ssh"])


def test_a_power_cut_takes_everything_but_the_disk(
    small: Practice, tunnels: Callable[[Practice], set[str]], wait_for: Callable[[Callable[[], bool], float], None]
) -> None:
    gateway = small.device("gw-b")
    gateway.must(["sh", "-c", "echo kept >/var/lib/kept; echo lost >/run/lost; echo lost >/tmp/lost"])
    gateway.must(["nft", "add", "table", "inet", "typed_by_hand"])
    gateway.power_cut()
    with pytest.raises(LabError, match="gw-b is off"):
        gateway.run(["true"])
    gateway.start()
    assert gateway.must(["cat", "/var/lib/kept"]).strip() == "kept"
    assert gateway.run(["ls", "/run/lost", "/tmp/lost"]).stdout == ""
    assert "typed_by_hand" not in gateway.must(["nft", "list", "ruleset"])
    wait_for(lambda: "k-b" in tunnels(small), 40)


def test_what_does_not_boot_says_why(small: Practice) -> None:
    gateway = small.device("log-k")
    gateway.power_cut()
    layers, gateway.plant = gateway.plant, type(gateway.plant)(gateway.plant.enter, "/nowhere:/usr")
    try:
        with pytest.raises(LabError, match=r"log-k does not start: mount: "):
            gateway.start()
    finally:
        gateway.destroy()
        gateway.plant = layers
        gateway.start()
