"""Drivers: how a device of each platform is spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from inventory.model import Access, Device, Office
from inventory.secrets import SecretStore
from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import Driver, Failure, FailureKind
from playbooks.drivers.gateway import Account, Carrier, GatewayDriver, Question

__all__ = ["CarrierKind", "open_driver"]


class CarrierKind(StrEnum):
    """Who carries questions to a gateway."""

    SSH = "ssh"
    ANSIBLE = "ansible"


def open_driver(office: Office, device: Device, secrets: SecretStore, carrier: CarrierKind, runs: Path) -> Driver:
    """The driver of a managed device. What is wrong with the way to it shows as a Failure when it is used.

    `runs` is where Ansible's private folders are made for the time of a run, and what is kept of changes to switches.
    """
    assert device.platform is not None  # noqa: S101  only managed devices have drivers
    access = office.access_to(device.name)
    if device.platform.switch:
        return _switch(office, device, secrets, runs)
    return GatewayDriver(_NoWay(device.name) if access is None else _carrier(access, secrets, carrier, runs))


def _switch(office: Office, device: Device, secrets: SecretStore, runs: Path) -> Driver:
    from playbooks.drivers.cli.driver import CliDriver, Place
    from playbooks.drivers.cli.mask import marker
    from playbooks.drivers.switches import DIALECTS

    assert device.platform is not None  # noqa: S101  only managed devices have drivers
    access = office.access_to(device.name)
    if access is None or office.switching is None:
        # Says at every question that there is no way.
        return GatewayDriver(_NoWay(device.name))
    place = Place(
        device, access, secrets, runs / "candidates" / device.name, marker(secrets, office.switching.mask_key)
    )
    return CliDriver(place, DIALECTS[device.platform])


def _carrier(access: Access, secrets: SecretStore, kind: CarrierKind, runs: Path) -> Carrier:
    from playbooks.drivers.linux import SshCarrier

    reader = SshCarrier(access, secrets)
    match kind:
        case CarrierKind.SSH:
            return reader
        case CarrierKind.ANSIBLE:
            from playbooks.drivers.ansible import AnsibleCarrier

            return _ByAccount(reader, AnsibleCarrier(access, secrets, runs))
    assert_never(kind)


@dataclass(frozen=True, slots=True)
class _ByAccount:
    """Ansible carries changes; questions that only read go by SSH, which is thirty times as fast."""

    read: Carrier
    write: Carrier

    def ask(self, question: Question) -> str | Failure:
        """By the carrier of the account."""
        carrier = self.read if question.account is Account.READ else self.write
        return carrier.ask(question)


class _NoWay:
    """The carrier of a device the inventory names no accounts for."""

    def __init__(self, device: str) -> None:
        self._device = device

    def ask(self, question: Question) -> Failure:
        """Always the same."""
        text = N_("the inventory does not say how to reach {device} ({verb})")
        return Failure(FailureKind.UNREACHABLE, say(text, device=self._device, verb=question.verb))
