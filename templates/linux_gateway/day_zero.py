"""Day 0 of a gateway: the script a person runs on its console, once, before fosa can reach it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import RenderError
from inventory.model import Device, Office
from inventory.words import gettext as _
from templates.environment import fill_template
from templates.filters import Fragment, whole_text
from templates.linux_gateway.gate.managed import AUTHORITY, CERTIFICATE, KEY, NFTABLES, REVOCATIONS, SSHD, SWANCTL
from templates.linux_gateway.programs import Programs
from templates.linux_gateway.text import managed_file
from templates.linux_gateway.view import Gateway, gateway_view

__all__ = ["CERTIFICATES", "FIRST_STATE", "ManagerKeys", "script"]

CERTIFICATES = (CERTIFICATE, KEY, AUTHORITY, REVOCATIONS)
"""What a person brings to the gateway before the script runs."""

FIRST_STATE = "/usr/local/lib/fosa/day-zero"
"""Where the first firewall and sshd's first configuration stay, for a person at the console."""

_FIRST_FILES = (NFTABLES, SSHD)
_TUNNELS = Path(__file__).with_name("tunnels.sh")
_PUBLIC_KEY = re.compile(r"(ssh-ed25519|ecdsa-sha2-nistp384|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]{40,1200}={0,2}")
_END = "END-OF-{}"
_GATE_FOLDER = "/usr/local/lib/fosa/gate.d.new/gate"
_LINES_FOLDER = "/usr/local/lib/fosa/lines.d/lines"


@dataclass(frozen=True, slots=True)
class ManagerKeys:
    """The manager's two public keys as in authorized_keys; a comment behind them is left out."""

    read: str
    write: str


@dataclass(frozen=True, slots=True)
class _Login:
    """One of the two accounts."""

    name: str
    verb: str
    key: Fragment


@dataclass(frozen=True, slots=True)
class _Embedded:
    """A file the script writes. `end` is the line its text cannot contain."""

    path: str
    mode: Fragment
    end: str
    text: Fragment


def script(office: Office, device: Device, keys: ManagerKeys, *, today: dt.date, programs: Programs) -> str:
    """The script. It holds no secret; it can be run again at any time before the first push."""
    view = gateway_view(office, device, today)
    return fill_template(
        "linux_gateway/day_zero.sh.j2",
        gateway=view,
        certificates=CERTIFICATES,
        logins=(
            _Login("fosa-read", "read", _public_key(keys.read)),
            _Login("fosa-write", "write", _public_key(keys.write)),
        ),
        gate_files=_folder(_GATE_FOLDER, programs.gate),
        files=(*_files(view), *_lines(view, programs.lines)),
        first_state=FIRST_STATE,
        first_files=_FIRST_FILES,
    )


def _files(view: Gateway) -> tuple[_Embedded, ...]:
    swanctl, sshd = managed_file(SWANCTL), managed_file(SSHD)
    return (
        _embedded("/usr/local/lib/fosa/network", 0o755, _text("network.sh.j2", view)),
        _embedded("/usr/local/lib/fosa/tunnels", 0o755, _TUNNELS.read_text(encoding="utf-8")),
        *_pair(view),
        _embedded(NFTABLES, 0o644, _text("nftables_day_zero.conf.j2", view)),
        _embedded("/etc/strongswan.d/fosa.conf", 0o644, _text("strongswan.conf.j2", view)),
        _embedded(swanctl.path, swanctl.mode, _text(swanctl.template, view)),
        _embedded(sshd.path, sshd.mode, _text(sshd.template, view)),
    )


def _lines(view: Gateway, program: Mapping[str, str]) -> tuple[_Embedded, ...]:
    """What keeps tunnels and the default route on lines that carry, where there is a choice."""
    if not view.lines_json:
        return ()
    return (
        *_folder(_LINES_FOLDER, program),
        _embedded("/etc/fosa/lines.json", 0o644, view.lines_json + "\n"),
    )


def _folder(path: str, program: Mapping[str, str]) -> tuple[_Embedded, ...]:
    return tuple(_embedded(f"{path}/{name}", 0o644, program[name]) for name in sorted(program))


def _pair(view: Gateway) -> tuple[_Embedded, ...]:
    """What decides which of two gateways works."""
    if view.shared is None:
        return ()
    return (_embedded("/etc/keepalived/keepalived.conf", 0o644, _text("keepalived.conf.j2", view)),)


def _text(template: str, view: Gateway) -> str:
    return fill_template(f"linux_gateway/{template}", gateway=view)


def _embedded(path: str, mode: int, text: str) -> _Embedded:
    end = _END.format(path.rsplit("/", 1)[-1])
    return _Embedded(path, Fragment(f"{mode:04o}"), end, whole_text(text.rstrip("\n"), end=end))


def _public_key(text: str) -> Fragment:
    if (match := _PUBLIC_KEY.match(text)) is None:
        raise RenderError(_("this is not a public key fosa can use: {text}").format(text=repr(text)[:60]))
    return Fragment(match[0])
