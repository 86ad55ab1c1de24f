"""Piła with gateways in memory that have keys, and an authority."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from api.desk.verb import Verb
from api.keys import verbs
from api.keys.handlers import handlers
from api.keys.looking import OWN
from api.people.model import Caller
from inventory.model import Device
from inventory.model.base import Value
from playbooks.drivers.base import Failure
from playbooks.drivers.keys import KeyHolder
from tests.api.keys.holders import MemoryKeys, request
from tests.api.plans.offices import JAN, Tried, tried

__all__ = ["PASSPHRASE", "Keyed"]

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)

PASSPHRASE = "nine tall poplars stand"


@dataclass
class Keyed:
    """One office whose keys are looked after."""

    tried: Tried
    keys: dict[str, MemoryKeys] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path) -> Keyed:
        """No authority yet, no certificate anywhere."""
        made = cls(tried(folder))
        made.keys = {device.name: MemoryKeys() for device in made.tried.office.gateways}
        return made

    def holder(self, device: Device) -> KeyHolder | Failure:
        return self.keys[device.name]

    def ask(self, verb: Verb[Asked, Answer], asked: Asked, caller: Caller = JAN) -> Answer:
        return cast("Answer", handlers(self.tried.context, self.holder)[verb.name].handle(caller, asked))

    def create(self) -> verbs.Register:
        return self.ask(verbs.CREATE, verbs.Creating(title="MOPS", passphrase=PASSPHRASE))

    def sign(self, device: str) -> verbs.Signed:
        return self.ask(verbs.SIGN, verbs.Signing(device=device, request=request(device), passphrase=PASSPHRASE))

    def equip(self) -> None:
        """An authority, and a certificate of it on every gateway."""
        self.create()
        for name, holder in self.keys.items():
            signed = self.sign(name)
            holder.files = {
                OWN: signed.certificate,
                "/etc/swanctl/x509ca/office-ca.pem": signed.authority,
                "/etc/swanctl/x509crl/office.crl.pem": signed.revocations,
            }
