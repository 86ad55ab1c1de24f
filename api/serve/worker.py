"""The process that works: the desk, the ledger, the changes. It alone holds what can change a device.

    python -m api.serve.worker --listening DESCRIPTOR --parent PROCESS
    python -m api.serve.worker --listening DESCRIPTOR --secrets FILE

Started by the supervisor, which made the socket it listens on. It reads every secret the inventory names and then gives
up the right to read any; or by systemd under its own account, with what was handed over to it.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette

from api.desk.app import create_app
from api.desk.context import Context
from api.desk.desk import Desk
from api.desk.server import serve
from api.held import HeldSecrets, hold, references
from api.people.registry import Registry
from api.people.sealing import Seal
from api.serve.accounts import accounts, edges
from api.serve.closing import opened
from api.serve.doorkeeper import People
from api.serve.handlers import handlers
from api.serve.handover import received
from api.serve.part import begin
from api.serve.place import Place, sqlite_file
from api.serve.privileges import die_with, drop
from api.serve.progress import Progress
from api.serve.view import open_view, python_folders
from api.settings import Settings
from api.store.ledger import Ledger
from api.store.seat import Seat, take
from api.work.office import service
from inventory.load import load
from inventory.model import Device, Office
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Driver

__all__ = ["main"]

_SEAT_S = 5.0
_STEP_S = 20
"""So long the step in hand may take when the work is told to end; it is done again if it takes longer."""


def main(arguments: Sequence[str]) -> int:
    """Work until told to end."""
    parser = argparse.ArgumentParser(prog="work")
    parser.add_argument("--listening", type=int, required=True)
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--secrets", type=Path)
    asked = parser.parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    found = load(settings.inventory)
    office, speakers = found.require(), edges(settings)
    secrets = received(asked.secrets) if asked.secrets else hold(SecretStore(found.folder), references(office))
    for problem in secrets.problems:
        print(problem, file=sys.stderr)  # noqa: T201
    with socket.socket(fileno=asked.listening) as listening:
        listening.setblocking(False)
        _give_up_privileges(settings, asked.parent)
        seat = take(settings.work_store, settings.executor)
        try:
            return _work(_context(settings, office, secrets), _Door(listening, speakers, seat))
        finally:
            seat.leave()


@dataclass(frozen=True, slots=True)
class _Door:
    """Where people come in, who may speak for others, and the seat that must stay ours."""

    listening: socket.socket
    edges: frozenset[int]
    seat: Seat


def _work(context: Context, door: _Door) -> int:
    ledger, work = context.ledger, service(context)
    try:
        ledger.migrate()
        work.start()
        bound = opened(handlers(context), ledger, Place.of(context.settings.state).accounts)
        desk = Desk(bound, People(Registry(ledger, Seal.of(context.folder), context.clock)), ledger)
        return asyncio.run(_answer(create_app(desk, ledger, Progress(ledger).over, door.edges), door))
    finally:
        work.close(_STEP_S)
        ledger.close()


async def _answer(app: Starlette, door: _Door) -> int:
    """Until told to end (0), or until somebody else may be sitting in our seat (1)."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    serving = asyncio.create_task(serve(app, door.listening, ended))
    code = 0
    while not serving.done():
        await asyncio.wait([serving], timeout=_SEAT_S)
        if not await asyncio.to_thread(door.seat.held):
            print(_("the database has forgotten who works here; beginning anew"), file=sys.stderr)  # noqa: T201
            code = 1
            ended.set()
            break
    await serving
    return code


def _context(settings: Settings, office: Office, secrets: HeldSecrets) -> Context:
    folder = Place.of(settings.state).own

    def driver(device: Device) -> Driver:
        return open_driver(office, device, secrets, CarrierKind.SSH, folder / "runs")

    return Context(
        settings, office, Ledger(settings.ledger), secrets, driver, clock=lambda: dt.datetime.now(dt.UTC), folder=folder
    )


def _give_up_privileges(settings: Settings, parent: int) -> None:
    """Become the work's account: the secrets are read; nothing of the inventory's can be opened any more."""
    who = accounts(settings)
    if who is not None:
        place = Place.of(settings.state)
        files = [sqlite_file(url) for url in (settings.ledger, settings.work_store)]
        away = [Path(settings.checkpoints)] if settings.checkpoints and Path(settings.checkpoints).is_dir() else []
        needed = [*python_folders(), place.own, place.desk.parent, *away, *(file.parent for file in files if file)]
        open_view(who.work, needed, networked=True)
    drop(who.work if who else None)
    die_with(parent)


if __name__ == "__main__":
    begin(main, sys.argv[1:])
