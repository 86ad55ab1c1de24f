"""Drivers: how a device of each platform is spoken to."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

from inventory.model import Access, Device, Office, Platform
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from playbooks.drivers.base import Driver, Failure, FailureKind
from playbooks.drivers.gateway import Carrier, GatewayDriver, Question

__all__ = ["DRIVERS", "CarrierKind", "open_driver"]


class CarrierKind(StrEnum):
    """Who carries questions to a gateway."""

    SSH = "ssh"
    ANSIBLE = "ansible"


DRIVERS: dict[Platform, Callable[[Carrier], Driver]] = {Platform.LINUX_GATEWAY: GatewayDriver}


def open_driver(office: Office, device: Device, secrets: SecretStore, carrier: CarrierKind) -> Driver:
    """The driver of a managed device. What is wrong with the way to it shows as a Failure when it is used."""
    assert device.platform is not None  # noqa: S101  only managed devices have drivers
    access = office.access_to(device.name)
    return DRIVERS[device.platform](_NoWay(device.name) if access is None else _carrier(access, secrets, carrier))


def _carrier(access: Access, secrets: SecretStore, kind: CarrierKind) -> Carrier:
    if kind is CarrierKind.SSH:
        from playbooks.drivers.linux import SshCarrier

        return SshCarrier(access, secrets)
    if kind is CarrierKind.ANSIBLE:
        from playbooks.drivers.ansible import AnsibleCarrier

        return AnsibleCarrier(access, secrets)
    assert_never(kind)


class _NoWay:
    """The carrier of a device the inventory names no accounts for."""

    def __init__(self, device: str) -> None:
        self._device = device

    def ask(self, question: Question) -> Failure:
        """Always the same."""
        text = _("the inventory does not say how to reach {device} ({verb})")
        return Failure(FailureKind.UNREACHABLE, text.format(device=self._device, verb=question.verb))
