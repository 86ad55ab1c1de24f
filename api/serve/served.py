"""A served office as a whole: its lock, its door, its three parts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.desk.place import bind
from api.held import references
from api.serve.accounts import accounts
from api.serve.lock import locked
from api.serve.place import Place, prepare
from api.serve.supervisor import Part, Supervisor
from api.settings import Settings
from inventory.errors import InputError, InventoryError
from inventory.load import load
from inventory.model import Office
from inventory.secrets import PASSWORD_FILE
from inventory.words import gettext as _

__all__ = ["Door", "Wish", "serve"]

_PLAIN = ("FOSA_LANG", "LANG", "LC_ALL", "LC_MESSAGES", "PATH", "TZ", "PYDANTIC_DISABLE_PLUGINS")
"""What of the environment every part gets."""
_OF_THE_WORK = ("FOSA_CHECKPOINTS",)
_STEP_S = 30.0
"""So long the work may take to end: the step it is in comes to its end first."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where readers come in."""

    address: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"

    def open(self) -> socket.socket:
        """The listening socket. It outlives an edge: readers wait for the next one instead of being refused."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self.address, self.port))
            listening.listen(1024)
        except OSError as error:
            listening.close()
            text = _("{door} cannot be listened on: {why}; choose another port with --port")
            raise InputError(text.format(door=self, why=error.strerror)) from error
        return listening


@dataclass(frozen=True, slots=True)
class Wish:
    """How an office is to be served."""

    settings: Settings
    door: Door
    inside: tuple[str, ...] = ()
    """Words before the command lines of who speaks to devices: in a practice office from the manager's network."""
    stands: Callable[[], bool] = lambda: True
    """Whether what is served is still there."""


def serve(wish: Wish, environ: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Serve until told to end; the exit code. InputError when it cannot be begun: then nothing was started."""
    settings = wish.settings
    office = load(settings.inventory).require()
    who, place = accounts(settings), Place.of(settings.state)
    with wish.door.open() as listening:
        prepare(settings, who)
        with locked(place), _desk(place) as desk:
            entrances = (listening.fileno(), desk.fileno())
            supervisor = Supervisor(_parts(wish, _environs(office, environ), entrances), say)
            say(_("http://{door}/ shows the office; end it with Ctrl-C or SIGTERM").format(door=wish.door))
            try:
                return asyncio.run(supervisor.run(lambda: _sound(settings, say), wish.stands))
            finally:
                place.socket.unlink(missing_ok=True)


@contextlib.contextmanager
def _desk(place: Place) -> Iterator[socket.socket]:
    """The desk's socket. It outlives a work: who asks while there is none waits for the next one."""
    try:
        desk = bind(place.desk)
    except OSError as error:
        text = _("{path}: cannot be used by fosa serve: {why}")
        raise InputError(text.format(path=place.desk, why=error.strerror)) from error
    with desk:
        try:
            yield desk
        finally:
            place.desk.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Environs:
    """What each part gets of the environment."""

    watch: Mapping[str, str]
    edge: Mapping[str, str]
    work: Mapping[str, str]


def _environs(office: Office, environ: Mapping[str, str]) -> _Environs:
    """The watch gets the read accounts' secrets and no other, the work all that the inventory names, the edge none."""
    edge = {name: environ[name] for name in _PLAIN if name in environ}

    def with_secrets(refs: Iterable[str]) -> dict[str, str]:
        parts = (ref.partition(":") for ref in refs)
        names = {name for kind, _colon, name in parts if kind == "env"} | {PASSWORD_FILE}
        return {**edge, **{name: environ[name] for name in names if name in environ}}

    work = with_secrets(references(office))
    work |= {name: environ[name] for name in _OF_THE_WORK if name in environ}
    reading = (ref for device in office.managed for ref in office.read_with(device))
    return _Environs(with_secrets(reading), edge, work)


def _parts(wish: Wish, environs: _Environs, entrances: tuple[int, int]) -> Sequence[Part]:
    settings, (listening, desk) = wish.settings, entrances
    shared = {
        "FOSA_STATE": str(settings.state),
        "FOSA_INVENTORY": str(settings.inventory),
        "FOSA_WATCH_USER": settings.watch_user,
        "FOSA_EDGE_USER": settings.edge_user,
        "FOSA_WORK_USER": settings.work_user,
    }
    written = {
        "FOSA_STORE": settings.store,
        "FOSA_LEDGER": settings.ledger,
        "FOSA_WORK_STORE": settings.work_store,
        "FOSA_EXECUTOR": settings.executor,
    }
    parent = ("--parent", str(os.getpid()))
    python = (sys.executable, "-P", "-m")
    return (
        Part(
            "watch",
            (*wish.inside, *python, "api.serve.watcher", *parent),
            {**environs.watch, **shared, "FOSA_STORE": settings.store},
        ),
        Part(
            "work",
            (*wish.inside, *python, "api.serve.worker", "--listening", str(desk), *parent),
            {**environs.work, **shared, **written},
            (desk,),
            grace_s=_STEP_S,
        ),
        Part(
            "edge",
            (*python, "api.serve.edge", "--listening", str(listening), *parent),
            {**environs.edge, **shared, "FOSA_STORE": settings.edge_store},
            (listening,),
        ),
    )


def _sound(settings: Settings, say: Callable[[str], None]) -> bool:
    try:
        load(settings.inventory).require()
    except InventoryError as error:
        say(str(error))
        say(_("the inventory read before goes on being watched"))
        return False
    return True
