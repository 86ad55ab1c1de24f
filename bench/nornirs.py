"""What is typed, by nornir and its netmiko plugin: run by bench/drivers.py with the Python of bench/peers.py.

Standard input: the hosts, port, account and lines as JSON. Prints the seconds it took, imports left out.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any


def main() -> None:
    """Read, run, print."""
    core, inventory = importlib.import_module("nornir.core"), importlib.import_module("nornir.core.inventory")
    runners = importlib.import_module("nornir.plugins.runners")
    registered = importlib.import_module("nornir.core.plugins.connections").ConnectionPluginRegister
    tasks = importlib.import_module("nornir_netmiko.tasks")
    registered.auto_register()
    given = json.load(sys.stdin)
    begun = time.perf_counter()
    account = {"username": given["user"], "password": given["password"], "port": given["port"]}
    hosts = {name: inventory.Host(name=name, hostname=name, platform="cisco_ios", **account) for name in given["hosts"]}
    crowd = core.Nornir(
        inventory=inventory.Inventory(hosts=inventory.Hosts(hosts)),
        runner=runners.ThreadedRunner(num_workers=given["workers"]),
    )

    def push(task: Any) -> None:  # noqa: ANN401  nornir is not here when types are checked
        task.run(task=tasks.netmiko_send_config, config_commands=given["lines"])
        task.run(task=tasks.netmiko_save_config)
        task.host.close_connections()

    failed = crowd.run(task=push).failed_hosts
    seconds = time.perf_counter() - begun
    assert not failed, failed
    print(seconds)


if __name__ == "__main__":
    main()
