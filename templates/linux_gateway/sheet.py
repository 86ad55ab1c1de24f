"""What a person types at a gateway's console when fosa is dead: nothing here needs fosa, or holds a secret."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.errors import RenderError
from inventory.model import Device, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from templates.filters import UnsafeValueError, typed
from templates.linux_gateway.day_zero import FIRST_STATE
from templates.linux_gateway.view import Gateway, gateway_view

__all__ = ["HOST_KEY", "Part", "Step", "parts"]

HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"
_GATE = "/usr/local/lib/fosa/gate"
_STATE = "/var/lib/fosa"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do; `command` is typed as root at the console, empty where there is nothing to type."""

    text: Sentence
    command: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What to do in one kind of trouble, in this order."""

    title: Sentence
    steps: tuple[Step, ...]


def parts(office: Office, device: Device, today: dt.date) -> tuple[Part, ...]:
    """Everything for one gateway. RenderError when the inventory does not say enough."""
    view = gateway_view(office, device, today)
    try:
        return (
            Part(say(N_("See how it is")), tuple(_look())),
            Part(say(N_("The office was cut off by a change")), tuple(_take_back(office))),
            Part(say(N_("The manager does not get in any longer")), tuple(_open(view))),
            Part(say(N_("A tunnel does not come up")), tuple(_tunnels(view))),
            Part(say(N_("Afterwards")), tuple(_afterwards(view))),
        )
    except UnsafeValueError as error:
        raise RenderError(f"{device.name}: {error}") from error


def _look() -> Iterator[Step]:
    yield Step(say(N_("Is it this box? Its name.")), "hostname")
    yield Step(say(N_("The fingerprint of its host key: the one printed on this sheet.")), f"ssh-keygen -lf {HOST_KEY}")
    text = N_("Tunnels, services, and under “armed” the change that waits for its confirmation.")
    yield Step(say(text), f"{_GATE} read status | python3 -m json.tool")
    yield Step(
        say(N_("Its ports and addresses: a line without an address or DOWN is a cable or a provider.")), "ip -br addr"
    )
    yield Step(say(N_("Where it sends what: the line of “default” is the way to the internet.")), "ip route")
    yield Step(say(N_("Its tunnels: ESTABLISHED and INSTALLED is good.")), "swanctl --list-sas")
    yield Step(say(N_("Its firewall.")), "nft list ruleset")
    yield Step(say(N_("What became of the last changes.")), f"ls -lt {_STATE}/armed {_STATE}/done")


def _take_back(office: Office) -> Iterator[Step]:
    text = N_("Wait: within {n} seconds of a change the gateway takes it back by itself, when nobody confirms it.")
    yield Step(say(text, n=office.changes.revert_after_s))
    yield Step(
        say(N_("Take it back at once; without a change that waits, this does nothing.")),
        f'for c in $(ls {_STATE}/armed); do {_GATE} write "revert ${{c%.reverting}}"; done',
    )
    text = N_("Or switch it off and on: before it loads a firewall it takes back what nobody has confirmed.")
    yield Step(say(text))


def _open(view: Gateway) -> Iterator[Step]:
    yield Step(say(N_("Load the configured firewall again: rules typed in by hand are gone then.")), _load("/etc"))
    yield Step(say(N_("Start the SSH server again.")), "systemctl restart ssh")
    text = N_(
        "If that is not enough: the firewall of the first day. It lets the tunnels and the manager ({manager}) in, and"
        " nothing else: nobody in the building can work with it. The line above loads the configured one again."
    )
    yield Step(say(text, manager=typed(view.services.manager)), _load(FIRST_STATE))
    yield Step(
        say(N_("And the SSH server's configuration of the first day.")),
        f"cp {FIRST_STATE}/sshd_config /etc/ssh/sshd_config && systemctl restart ssh",
    )


def _load(folder: str) -> str:
    return f"nft -f {folder}/nftables.conf"


def _tunnels(view: Gateway) -> Iterator[Step]:
    yield Step(say(N_("Load the tunnels' configuration and keys again.")), "swanctl --load-all --noprompt")
    for tunnel in view.connections:
        if tunnel.initiates:
            text = N_("Close the tunnel {tunnel} and open it anew; when it does not come up, this says why.")
            yield Step(say(text, tunnel=tunnel.name), _reopen(typed(tunnel.name)))
        else:
            yield Step(say(N_("The tunnel {tunnel} is opened by its other end: go there."), tunnel=tunnel.name))
    yield Step(say(N_("The certificates it has, and until when they are valid.")), "swanctl --list-certs")
    yield Step(
        say(N_("Start everything of the tunnels anew; all of them are down for seconds.")),
        "systemctl restart strongswan",
    )


def _reopen(name: str) -> str:
    return f"swanctl --terminate --ike {name} --timeout 5; swanctl --initiate --child {name} --timeout 10"


def _afterwards(view: Gateway) -> Iterator[Step]:
    yield Step(say(N_("Write down what you typed, and when.")))
    text = N_(
        "When fosa works again: “fosa drift {device}” shows what differs here, and offers to keep it or put it back."
    )
    yield Step(say(text, device=view.name))
    text = N_(
        "Another box in the place of this one: “fosa replace {device} --out FILE” writes the script for its console;"
        " bring it with the certificates it asks for, run it there as root, compare the fingerprint it shows in the end"
        " with “fosa replace {device} --console”."
    )
    yield Step(say(text, device=view.name))
