"""Faults of gateways, pushes and the practice office: one clear message each, and the office runs as before."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from standing import (
    NAME,
    STATE,
    changed_office,
    console,
    from_manager,
    log_lines,
    office_folder,
    stopped_by,
    until,
)
from table import Answer, Row, expect, fosa

from lab import namespace
from lab import office as practice
from tests.slots import lab_name

__all__ = ["ROWS"]

GATEWAYS = ("gw-k", "gw-b", "gw-c")
ANOTHER_FLOW = ("flows.yaml", "services: [web, dns]", "services: [web, dns, ssh]")
"""A small harmless change: guests may use ssh to the internet."""


def _clear(answer: Answer, code: int, message: str) -> str:
    expect(f"exit code {code}", holds=answer.code == code, seen=f"{answer.code}\n{answer.text}")
    expect("no traceback", holds="Traceback" not in answer.text, seen=answer.text)
    lines = [line for line in answer.text.splitlines() if re.search(message, line)]
    expect(f"one line like {message!r}", holds=len(lines) == 1, seen=answer.text)
    return lines[0].strip()


def _in_order(*devices: str) -> None:
    """Everything runs what the office's own inventory says."""
    answer = from_manager("plan", *devices)
    expect("no difference afterwards", holds=answer.code == 0, seen=answer.text)


def _unreachable_gateway() -> str:
    office_folder()
    console("gw-c", "systemctl", "stop", "ssh")
    try:
        one = _clear(from_manager("plan"), 1, r"^gw-c: .*10\.64\.32\.1")
        for device in GATEWAYS:
            console(device, "systemctl", "stop", "ssh")
        every = from_manager("plan")
        expect("exit code 4 when nothing answers", holds=every.code == 4, seen=f"{every.code}\n{every.text}")
    finally:
        for device in GATEWAYS:
            console(device, "systemctl", "start", "ssh")
    _in_order()
    return one


def _wrong_host_key() -> str:
    access = (office_folder() / "access.yaml").read_text(encoding="utf-8")
    keys = re.findall(r"host_key: (.*)", access)
    folder = changed_office("access.yaml", keys[2], keys[4])
    return _clear(from_manager("plan", "gw-b", inventory=folder), 1, r"gw-b: .*host key is not the pinned one")


def _read_key_writes() -> str:
    folder = office_folder()
    known = Path(folder) / "known_hosts"
    key = re.findall(r"host_key: (.*)", (folder / "access.yaml").read_text(encoding="utf-8"))[0]
    known.write_text(f"10.64.0.1 {key}\n", encoding="utf-8")
    words = [
        "ssh",
        "-F",
        "/dev/null",
        "-o",
        f"UserKnownHostsFile={known}",
        "-o",
        "StrictHostKeyChecking=yes",
        "-o",
        "BatchMode=yes",
    ]
    words += [
        "-o",
        "IdentitiesOnly=yes",
        "-i",
        str(folder / "secrets/manager-read"),
        "fosa-read@10.64.0.1",
        "commit abcdefgh 60",
    ]
    done = subprocess.run(
        practice.manager_command(NAME, STATE, words), capture_output=True, text=True, timeout=60, check=False
    )
    known.unlink()
    expect(
        "a refusal",
        holds=done.returncode == 77 and '"code": "refused"' in done.stdout.replace('":"', '": "'),
        seen=done,
    )
    logged = until(
        lambda: (
            re.search(r"gw-k .*refused.*commit abcdefgh 60|gw-k .*commit abcdefgh 60.*refused", log_lines()) is not None
        ),
        10,
    )
    expect("the refusal on the log server", holds=logged, seen=log_lines()[-2000:])
    return done.stdout.strip()


def _full_disk() -> str:
    folder = changed_office(*ANOTHER_FLOW)
    console("gw-b", "mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", "/var/lib/fosa")
    try:
        message = _clear(
            from_manager("push", "--yes", "--summary", "gw-b", inventory=folder), 1, r"gw-b +failed: .*(space|full)"
        )
    finally:
        console("gw-b", "umount", "/var/lib/fosa")
    _in_order("gw-b")
    return message


def _refused_by_nft() -> str:
    script = Path(__file__).with_name("broken_bundle.py")
    argv = practice.manager_command(NAME, STATE, [sys.executable, str(script), str(office_folder())])
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    said = re.search(r"^/etc/nftables\.conf:\d+:.* syntax error, .*", done.stdout, re.MULTILINE)
    expect("nft's own words about the line", holds=done.returncode == 0 and said is not None, seen=done)
    _in_order("gw-b")
    return said[0] if said else ""


def _rule_by_hand() -> str:
    office_folder()
    console("gw-b", "nft", "insert", "rule", "inet", "fosa", "input", "tcp", "dport", "9999", "accept")
    message = _clear(from_manager("plan", "gw-b"), 2, r"^-.*dport 9999")
    pushed = from_manager("push", "--yes", "--summary", "gw-b")
    expect("the push to put it right", holds=pushed.code == 0, seen=pushed.text)
    _in_order("gw-b")
    return message


def _ctrl_c() -> str:
    folder = changed_office(*ANOTHER_FLOW)
    answer = stopped_by(signal.SIGINT, "looking from outside", "push", "--yes", "--summary", inventory=folder)
    message = _clear(answer, 130, r"gw-b +interrupted \(it runs as before\)")
    _in_order()
    return message


def _killed_manager() -> str:
    folder = changed_office(*ANOTHER_FLOW)
    words = ("push", "--yes", "--summary", "--revert-after", "10", "--carrier", "ssh", "gw-b")
    stopped_by(signal.SIGKILL, "looking from outside", *words, inventory=folder)
    back = until(lambda: from_manager("plan", "gw-b").code == 0, 30)
    expect("gw-b to take the change back by itself", holds=back)
    return "fosa killed in the middle: gw-b took the change back by itself"


def _cut_own_way() -> str:
    """New proposals on B alone shut the only way to B: the tunnel that carries the push."""
    folder = changed_office("tunnels.yaml", "  - name: k-b\n", "  - name: k-b\n    ike: [aes256-sha384-ecp384]\n")
    words = ("push", "--yes", "--summary", "--revert-after", "20", "gw-b")
    begun = time.monotonic()
    message = _clear(from_manager(*words, inventory=folder), 1, r"gw-b +failed: ")
    back = until(lambda: from_manager("plan", "gw-b").code == 0, 90)
    expect("gw-b to come back by itself", holds=back, seen=from_manager("plan", "gw-b").text)
    return f"{message}; back {time.monotonic() - begun:.0f} s after the push began"


def _demo_twice() -> str:
    office_folder()
    message = _clear(fosa("demo", "--once", "--name", NAME), 1, rf"{NAME} is up already")
    _in_order()
    return message


def _creator_killed() -> str:
    name = lab_name("kill")
    practice.down(name, STATE)
    now = practice.up(Path(__file__).parents[2] / "inventory" / "examples" / "pila", name, STATE)
    os.kill(now.keeper, signal.SIGKILL)
    expect("a dead owner to be noticed", holds=until(lambda: practice.status(name, STATE) is None, 10))
    again = fosa("lab", "up", "--name", name)
    expect("the next up to sweep and build", holds=again.code == 0, seen=again.text)
    os.kill(practice.status(name, STATE).keeper, signal.SIGKILL)  # type: ignore[union-attr]
    until(lambda: practice.status(name, STATE) is None, 10)
    answer = fosa("lab", "down", "--name", name)
    left = [n for n in namespace.existing() if n.startswith(f"fosa-{name}-")]
    expect(
        "nothing left",
        holds=answer.code == 0 and not left and not (STATE / "labs" / name).exists(),
        seen=(answer.text, left),
    )
    return answer.out.strip()


ROWS = (
    Row("unreachable-gateway", _unreachable_gateway),
    Row("wrong-host-key", _wrong_host_key),
    Row("read-key-writes", _read_key_writes),
    Row("full-disk", _full_disk),
    Row("refused-by-nft", _refused_by_nft),
    Row("rule-by-hand", _rule_by_hand, quick=True),
    Row("ctrl-c", _ctrl_c),
    Row("killed-manager", _killed_manager),
    Row("cut-own-way", _cut_own_way),
    Row("demo-twice", _demo_twice),
    Row("creator-killed", _creator_killed),
)
