"""Loading and rendering Piła: cold from the command line, in process, and beside Ansible's template module."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import measure, report, row
from inventory.load import load
from templates.render import RenderedFile, render

OFFICE = Path(__file__).parents[1] / "inventory" / "examples" / "pila"
BIN = Path(sys.executable).parent
TODAY = dt.date(2026, 11, 22)
REPEATS = 3


def main() -> None:
    """Measure and print."""
    office = load(OFFICE).require()
    devices = office.gateways
    cold_check = measure(lambda: _run("fosa", "check", str(OFFICE)), 7)
    cold_render = measure(lambda: _run("fosa", "render", "--inventory", str(OFFICE)), 7)
    loading = measure(lambda: load(OFFICE).require(), 15)
    rendering = measure(lambda: [render(office, device, TODAY) for device in devices], 30)
    ansible, ours = _beside_ansible()
    rows = (
        row("fosa check, cold", cold_check, 0.7),
        row("fosa render, cold", cold_render),
        row("load, in process", loading),
        row(f"render {len(devices)} gateways, in process", rendering, 0.05),
        row("render gw-k, in process", ours),
        row("as many files and lines, Ansible's template", ansible),
    )
    report(rows, {"Ansible's template module / ours": rows[5].median_s / rows[4].median_s})


def _beside_ansible() -> tuple[list[float], list[float]]:
    """Seconds a gateway (all its files) by Ansible's template module (local connection, no facts) and by ours.

    Ansible gets templates of as many lines made by a loop: ours need our own view objects. Two plays, one with the
    files once and one with them `REPEATS` times more, so that the start of the play falls out.
    """
    office = load(OFFICE).require()
    hub = office.gateways[0]
    files = render(office, hub, TODAY).files
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = _play(folder, files, 1), _play(folder, files, 1 + REPEATS)
        first = measure(lambda: _run("ansible-playbook", "-i", "localhost,", str(few)), 3)
        second = measure(lambda: _run("ansible-playbook", "-i", "localhost,", str(many)), 3)
    ansible = [(b - a) / REPEATS for a, b in zip(first, second, strict=True)]
    return ansible, measure(lambda: render(office, hub, TODAY), 30)


def _play(folder: Path, files: tuple[RenderedFile, ...], times: int) -> Path:
    (folder / "lines.j2").write_text("{% for row in rows %}\n{{ row }}\n{% endfor %}\n", encoding="utf-8")
    tasks = [
        {
            "ansible.builtin.template": {
                "src": str(folder / "lines.j2"),
                "dest": str(folder / f"out-{times}-{turn}-{number}"),
                "mode": "0600",
            },
            "vars": {"rows": file.text.replace("{", "(").replace("}", ")").splitlines()},
        }
        for turn in range(times)
        for number, file in enumerate(files)
    ]
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": sys.executable},
        "tasks": tasks,
    }
    path = folder / f"play-{times}.json"
    path.write_text(json.dumps([play]), encoding="utf-8")
    return path


def _run(command: str, *arguments: str) -> None:
    subprocess.run([str(BIN / command), *arguments], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
