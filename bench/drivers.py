"""Logging in to 50 and 200 switches, 20 lines, saving: fosa, and beside it what others use, in one run.

The switches are bench/fakeios.c. nornir and Ansible are in an environment of their own (bench/peers.py).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from pathlib import Path

import asyncssh
from netmiko import ConnectHandler
from pydantic import SecretStr

from bench.fakeios import PASSWORD, USER, Switches, switched_on
from bench.peers import ROOT, installed
from bench.report import Row, report, row
from inventory.model import Device, DeviceKind, Login
from inventory.secrets import SecretStore
from playbooks.drivers.cli.line import logged_in
from playbooks.drivers.cli.session import Way
from playbooks.drivers.cli.terminal import Terminal

SIZES = (50, 200)
RATE = 45
"""Devices a second that must be reached on two cores."""
THREADS, RUNS = 50, 3
FEW = 10
"""Devices for Ansible: it starts a process for each, and more would take minutes."""
SLOW_MS = (300, 10)
"""To let somebody in, and for a line: a switch with a weak processor at the end of a tunnel."""
LINES = tuple(
    line
    for port in range(1, 6)
    for line in (
        f"interface GigabitEthernet1/0/{port}",
        f"description desk {port}",
        f"switchport access vlan {10 + port}",
        "spanning-tree portfast",
    )
)
_REFUSED = re.compile(r"^% .*", re.MULTILINE)
_DEVICE = Device(name="sw", kind=DeviceKind.SWITCH, building="k")

Tool = Callable[[Switches], float]
"""Does it to every switch; seconds."""


def main() -> None:
    """Measure and print."""
    commands = installed()
    many: dict[str, Tool] = {
        "fosa: pinned key, netmiko logs in": _fosa,
        "netmiko alone": _netmiko,
        "nornir + netmiko": lambda switches: _nornir(commands, switches),
        "asyncssh alone, no platform known": _asyncssh,
    }
    rows: list[Row] = []
    ratios: dict[str, float] = {}
    for size in SIZES:
        with switched_on(size) as switches:
            rows += _rows(many, switches, f"{size} switches", size / RATE)
        ratios |= {f"{size} switches: {row_.name.partition(': ')[2]} / fosa": _ratio(row_, rows) for row_ in rows[-3:]}
    with switched_on(SIZES[0], *SLOW_MS) as switches:
        rows += _rows(many, switches, f"{SIZES[0]} slow switches", None)
    with switched_on(FEW) as switches:
        few: dict[str, Tool] = {"fosa": _fosa, "Ansible network_cli": lambda given: _ansible(commands, given)}
        rows += _rows(few, switches, f"{FEW} switches", None)
        ratios["10 switches: Ansible / fosa"] = rows[-1].median_s / rows[-2].median_s
    report(rows, ratios)


def _rows(tools: dict[str, Tool], switches: Switches, what: str, target_s: float | None) -> list[Row]:
    """The tools in turn, again and again: whatever else the machine does happens to all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in tools}
    for turn in range(1 + RUNS):
        for name, tool in tools.items():
            took = _proved(tool, switches)
            seconds[name] += [took] if turn else []
    targets = {name: target_s if name.startswith("fosa") else None for name in tools}
    return [row(f"{what}: {name}", took, targets[name]) for name, took in seconds.items()]


def _ratio(one: Row, rows: Sequence[Row]) -> float:
    size = one.name.partition(" ")[0]
    ours = next(each for each in rows if each.name.startswith(f"{size} switches: fosa"))
    return one.median_s / ours.median_s


def _proved(tool: Tool, switches: Switches) -> float:
    """It counts only when every switch has been given every line, and has been saved."""
    before, took, after = switches.done(), tool(switches), switches.done()
    size = len(switches.addresses)
    assert after.lines - before.lines == size * len(LINES), "not every line was typed"
    assert after.saves - before.saves == size, "not every switch was saved"
    return took


# ---- By threads ------------------------------------------------------------------------------------------------------


class _Known(SecretStore):
    """The one password."""

    def get(self, ref: str) -> SecretStr:  # noqa: ARG002  there is one
        return SecretStr(PASSWORD)


def _fosa(switches: Switches) -> float:
    secrets = _Known(ROOT)

    def push(address: IPv4Address) -> None:
        login = Login(address=address, port=switches.port, user=USER, host_key=switches.host_key, key="file:password")
        with logged_in(Way(_DEVICE, login, secrets), "cisco_ios") as connection:
            terminal = Terminal(connection, _REFUSED, hidden=str)
            terminal.typed(["configure terminal", *LINES, "end"])
            assert "[OK]" in terminal.asked("write memory")

    return _threads(push, switches)


def _netmiko(switches: Switches) -> float:
    def push(address: IPv4Address) -> None:
        with ConnectHandler(
            device_type="cisco_ios", host=str(address), port=switches.port, username=USER, password=PASSWORD
        ) as connection:
            connection.send_config_set(LINES)
            assert "[OK]" in connection.save_config()

    return _threads(push, switches)


def _threads(push: Callable[[IPv4Address], None], switches: Switches) -> float:
    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(push, switches.addresses))
    return time.perf_counter() - begun


def _nornir(commands: Path, switches: Switches) -> float:
    given = {
        "hosts": [str(address) for address in switches.addresses],
        "port": switches.port,
        "user": USER,
        "password": PASSWORD,
        "lines": LINES,
        "workers": THREADS,
    }
    words = [commands / "python", ROOT / "bench" / "nornirs.py"]
    with tempfile.TemporaryDirectory() as folder:  # nornir writes its log where it is started
        done = subprocess.run(words, input=json.dumps(given), check=True, text=True, stdout=subprocess.PIPE, cwd=folder)
    return float(done.stdout)


# ---- Without threads -------------------------------------------------------------------------------------------------


def _asyncssh(switches: Switches) -> float:
    """A bare terminal: one line, its prompt, the next."""

    async def push(address: IPv4Address) -> None:
        options = asyncssh.SSHClientConnectionOptions(username=USER, password=PASSWORD, known_hosts=None, config=None)
        async with asyncssh.connect(str(address), switches.port, options=options, client_keys=None) as connection:
            channel = await connection.create_process(term_type="vt100")
            await channel.stdout.readuntil("#")
            for line in ("terminal length 0", "configure terminal", *LINES, "end", "write memory"):
                channel.stdin.write(f"{line}\n")
                await channel.stdout.readuntil("#")

    async def everybody() -> None:
        await asyncio.gather(*(push(address) for address in switches.addresses))

    begun = time.perf_counter()
    asyncio.run(everybody())
    return time.perf_counter() - begun


# ---- Ansible ---------------------------------------------------------------------------------------------------------


def _ansible(commands: Path, switches: Switches) -> float:
    """One play, one task; its start is part of it, as it is for whoever waits for it."""
    hosts = "\n".join(str(address) for address in switches.addresses)
    account = {
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": "libssh",
        "ansible_host_key_checking": False,
        "ansible_port": switches.port,
        "ansible_user": USER,
        "ansible_password": PASSWORD,
    }
    task = {"cisco.ios.ios_config": {"src": "push.cfg", "match": "none", "save_when": "always"}}
    play = [{"hosts": "all", "gather_facts": False, "vars": account, "tasks": [task]}]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Indented: of lines that are alike and stand under nothing it would type one.
        text = "".join(f"{line}\n" if line.startswith("interface") else f" {line}\n" for line in LINES)
        (folder / "push.cfg").write_text(text, encoding="utf-8")
        (folder / "hosts").write_text(f"{hosts}\n", encoding="utf-8")
        (folder / "play.json").write_text(json.dumps(play), encoding="utf-8")
        words = [str(commands / "ansible-playbook"), "-i", "hosts", "-f", str(len(switches.addresses)), "play.json"]
        surroundings = {**os.environ, "ANSIBLE_HOME": name, "PATH": f"{commands}:{os.environ['PATH']}"}
        begun = time.perf_counter()
        done = subprocess.run(words, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
        took = time.perf_counter() - begun
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return took


if __name__ == "__main__":
    main()
