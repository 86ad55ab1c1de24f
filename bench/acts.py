"""What is done to a practice office by hand, so that it breaks, and how that is taken back."""

from __future__ import annotations

from collections.abc import Callable

from bench.stage import Standing

__all__ = ["ESP", "IKE", "Act", "dropped", "kill", "let_through", "put_back", "rewritten", "shell", "start", "then"]

IKE = "udp dport 4500 @th,64,32 0"
"""IKE beside ESP bears four zeros in their place (RFC 3948, section 2.2)."""
ESP = "udp dport 4500 udp length > 9 @th,64,32 != 0"
"""All else but keep-alives, which are one byte long (RFC 3948, section 2.3)."""
_TABLE = "inet fosa_bench"
_CONNECTIONS = "/etc/swanctl/conf.d/fosa.conf"
_LOAD = "swanctl --load-conns >/dev/null"

Act = Callable[[Standing], None]


def shell(device: str, script: str) -> Act:
    """A script of a device's own shell; it must succeed."""
    return lambda there: there.device(device, "sh", "-c", script)


def then(*acts: Act) -> Act:
    """One after the other."""

    def act(there: Standing) -> None:
        for each in acts:
            each(there)

    return act


def kill(device: str, signal: str) -> Act:
    """A signal to a gateway's charon."""
    return shell(device, f'kill -{signal} "$(cat /run/fosa-lab/strongswan.pid)"')


def start(device: str) -> Act:
    """Start it again."""
    return lambda there: there.device(device, "systemctl", "start", "strongswan")


def dropped(match: str, *devices: str) -> Act:
    """Drop what comes in at these gateways, before fosa's own rules."""
    hook = "type filter hook prerouting priority -500"
    ruleset = f"table {_TABLE} {{\nchain in {{\n{hook}\n{match} drop\n}}\n}}\n"

    def act(there: Standing) -> None:
        for device in devices:
            there.device(device, "nft", ruleset)

    return act


def let_through(*devices: str) -> Act:
    """Drop it no more."""

    def act(there: Standing) -> None:
        for device in devices:
            there.device(device, "nft", f"delete table {_TABLE}")

    return act


def rewritten(tunnel: str, change: str, initiator: str, *devices: str) -> Act:
    """Change a tunnel's part of the gateways' configuration by hand (a command of sed), and set it up anew."""
    edit = (
        f"cp -p {_CONNECTIONS} /root/kept && sed -i '/^    {tunnel} {{/,/^    }}/ {change}' {_CONNECTIONS} && {_LOAD}"
    )
    return then(*(shell(device, edit) for device in devices), _reopened(tunnel, initiator))


def put_back(tunnel: str, initiator: str, *devices: str) -> Act:
    """As it was written before."""
    script = f"cp -p /root/kept {_CONNECTIONS} && {_LOAD}"
    return then(*(shell(device, script) for device in devices), _reopened(tunnel, initiator))


def _reopened(tunnel: str, initiator: str) -> Act:
    return shell(initiator, f"swanctl --terminate --ike {tunnel} --timeout 5 >/dev/null 2>&1; true")
