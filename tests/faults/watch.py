"""The faults the watch is there for: seconds from each to the metrics, the cause named, false alarms, and back. Needs
root.

Beside it what Debian's prometheus-blackbox-exporter sees of the same fault at the same time, asked once a second, and
what strongSwan as shipped does.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import line_faults
import office_faults
import own_faults
import platform_faults
from blackbox import blackbox
from breaking import Fault, Taken, tried
from hurried import EVERY_S, hurried
from scene import Scene
from table import Row, run_table

from bench.stage import standing
from lab.paths import LabPaths
from tests.slots import lab_name

__all__ = ["FAULTS", "main"]

FAULTS: tuple[Fault, ...] = (*line_faults.FAULTS, *office_faults.FAULTS, *platform_faults.FAULTS, *own_faults.FAULTS)
_DEVICES = frozenset({"sw-b-1", "prn-k-05"})
_TAKEN: list[Taken] = []


def _built(whole: contextlib.ExitStack) -> Scene:
    """Stands until the stack is closed, which must be before the process ends: threads run in it."""
    there = whole.enter_context(standing(lab_name("watch")))
    paths = LabPaths.of(there.name, there.state)
    folder = Path(whole.enter_context(tempfile.TemporaryDirectory(prefix="fosa-fault-")))
    box = whole.enter_context(blackbox(there, folder, _modules(paths.office)))
    manager = paths.prefix + there.office.network.manager
    return Scene(there, box, whole.enter_context(hurried(paths.office, manager, _DEVICES)))


def _modules(office: Path) -> dict[str, object]:
    """As its users write them: patience as its own defaults have it, but for pings, which it is to lose sooner."""
    own = str(office / "secrets" / "csizs-client.pem")
    tls = {"ca_file": str(office / "platform" / "ca.pem"), "cert_file": own, "key_file": own}
    host = platform_faults.HOST
    right = {"fail_if_none_matches_regexp": [rf".*\s{platform_faults.ADDRESS}"]}
    return {
        "icmp": {"prober": "icmp", "timeout": "1s", "icmp": {"preferred_ip_protocol": "ip4"}},
        "platform": {
            "prober": "http",
            "timeout": "5s",
            "http": {
                "preferred_ip_protocol": "ip4",
                "headers": {"Host": host},
                "tls_config": {**tls, "server_name": host},
            },
        },
        "names": {
            "prober": "dns",
            "timeout": "5s",
            "dns": {"query_name": host, "query_type": "A", "validate_answer_rrs": right},
        },
    }


def _row(fault: Fault, scene: Callable[[], Scene]) -> Row:
    def check() -> str:
        taken = tried(scene(), fault)
        _TAKEN.append(taken)
        return f"metric {taken.metric_s:.2f} s: {taken.cause}; back {taken.back_s:.2f} s; blackbox {_box(taken)}"

    return Row(fault.name, check, fault.quick)


def _box(taken: Taken) -> str:
    if not taken.box_asked:
        return "cannot see"
    return "did not see" if taken.box_s is None else f"{taken.box_s:.1f} s"


def _markdown() -> str:
    """What came of it, as README has it."""
    head = "| fault | in the metrics after | cause | well again after | blackbox exporter | strongSwan as shipped |"
    lines = [head, "|---|---|---|---|---|---|"]
    for taken in _TAKEN:
        seen = f"{taken.metric_s:.1f} s"
        if taken.own_pace_s is not None:
            seen += f" (at its own pace {taken.own_pace_s:.0f} s at most)"
        cells = (taken.fault, seen, taken.cause, f"{taken.back_s:.1f} s", _box(taken), taken.charon)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Run the rows asked for; the last line is JSON."""
    with contextlib.ExitStack() as whole:
        scene = functools.cache(lambda: _built(whole))
        code = run_table([_row(fault, scene) for fault in FAULTS])
    print(f"\nWhere a pace of its own stands beside it, fosa was asked every {EVERY_S:g} s.\n\n{_markdown()}")
    print(json.dumps([asdict(taken) for taken in _TAKEN], ensure_ascii=False))
    return code


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("needs root: it builds a practice office")
    sys.exit(main())
