"""Stages a configuration that nft refuses on gw-b and prints the answer; no inventory can say such a thing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from pathlib import Path

from inventory.load import load
from inventory.secrets import SecretStore
from playbooks.drivers import CarrierKind, open_driver
from templates.render import RenderedFile, render


def _broken(file: RenderedFile) -> RenderedFile:
    if file.path != "/etc/nftables.conf":
        return file
    return dataclasses.replace(file, text=f"{file.text}table inet fosa {{ chain input {{ tcp dport ssh acept; }}; }}\n")


folder = Path(sys.argv[1])
office = load(folder).require()
device = office.device("gw-b")
bundle = render(office, device, dt.datetime.now(dt.UTC).date())
broken = dataclasses.replace(bundle, files=tuple(_broken(file) for file in bundle.files))
print(open_driver(office, device, SecretStore(folder), CarrierKind.SSH, folder.parent).stage("refusedbynft", broken))
