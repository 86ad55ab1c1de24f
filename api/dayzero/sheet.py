"""The break-glass sheet of a gateway: one paper that works when nothing of fosa does, in Polish and in English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.dayzero.fingerprint import fingerprint
from api.markup import markup
from inventory.errors import RenderError
from inventory.model import Contact, Device, Office, Platform
from inventory.words import LANGUAGES, Language, language, speaking
from inventory.words import gettext as _
from templates.linux_gateway import sheet as linux_gateway

__all__ = ["Certificate", "Sheet", "html", "lines", "sheet"]

_PARTS: Mapping[Platform, Callable[[Office, Device, dt.date], tuple[linux_gateway.Part, ...]]] = {
    Platform.LINUX_GATEWAY: linux_gateway.parts,
}
_TEMPLATES = Path(__file__).parent / "templates"
_BLANK = "…" * 12
"""Where a person writes what the inventory does not know."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate on the gateway, as facts."""

    subject: str
    serial: str
    not_after: dt.date


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the paper. It holds no secret, and no reference to one."""

    office: Office
    device: Device
    parts: tuple[linux_gateway.Part, ...]
    printed_on: dt.date
    certificates: tuple[Certificate, ...] | None = None
    """None: nobody could be asked when it was printed."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part, spoken; each step with what is typed."""

    title: str
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """The sheet in one language."""

    language: str
    title: str
    lead: str
    entry: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[_Part, ...]
    contacts: tuple[tuple[str, str], ...]
    words: Mapping[str, str] = field(default_factory=dict)


def sheet(office: Office, device: Device, today: dt.date, certificates: tuple[Certificate, ...] | None = None) -> Sheet:
    """The sheet of a gateway; RenderError when the inventory does not say enough, and for any other device."""
    if device.platform is None or device.platform not in _PARTS:
        raise RenderError(_("there is no sheet for {name}: it is no gateway").format(name=device.name))
    return Sheet(office, device, _PARTS[device.platform](office, device, today), today, certificates)


def html(printed: Sheet) -> str:
    """One HTML file with a page in each language, to be printed; nothing in it is loaded from anywhere."""
    pages = [_spoken(printed, language) for language in LANGUAGES]
    return markup(_TEMPLATES).get_template("sheet.html").render(pages=pages)


def lines(printed: Sheet) -> Iterator[tuple[str, str]]:
    """The page in the language in use, as lines with their style."""
    page = _page(printed, language())
    yield page.title, "bold"
    yield from ((text, "") for text in (page.lead, page.entry, ""))
    for name, value in page.facts:
        yield f"{name:28} {value}", ""
    for part in page.parts:
        yield "", ""
        yield part.title, "bold"
        for number, (text, command) in enumerate(part.steps, 1):
            yield f"{number}. {text}", ""
            if command:
                yield f"     {command}", "cyan"
    yield "", ""
    yield page.words["contacts"], "bold"
    for name, how in page.contacts:
        yield f"{name}: {how}", ""


def _spoken(printed: Sheet, language: Language) -> _Page:
    with speaking(language):
        return _page(printed, language)


def _page(printed: Sheet, language: Language) -> _Page:
    device = printed.device
    return _Page(
        language=language,
        title=_("Break-glass sheet: {device}").format(device=device.name),
        lead=_("For the console of {device}, when fosa or its host is dead. Printed on {day}.").format(
            device=device.name, day=printed.printed_on.isoformat()
        ),
        entry=_(
            "The tunnels and the firewall go on without fosa: do nothing that is not needed. Screen and keyboard, or"
            " the serial cable, at the box; log in as root; the password is in the sealed envelope. Every line below"
            " is typed as root."
        ),
        facts=tuple(_facts(printed)),
        parts=tuple(
            _Part(str(part.title), tuple((str(step.text), step.command) for step in part.steps))
            for part in printed.parts
        ),
        contacts=tuple((contact.title, _how(contact)) for contact in printed.office.contacts),
        words={"facts": _("What is what"), "contacts": _("Whom to call"), "notes": _("Notes")},
    )


def _facts(printed: Sheet) -> Iterator[tuple[str, str]]:
    office, device = printed.office, printed.device
    building = office.building(device.building)
    room = next((room.title for room in office.rooms if room.name == device.room), None)
    yield _("Where"), ", ".join(part for part in (building.title, building.street, room) if part)
    box = " ".join(part for part in (device.vendor, device.model) if part)
    yield _("Box and serial number"), ", ".join(part for part in (box, device.serial) if part) or _BLANK
    yield _("Its address"), str(device.address or _BLANK)
    manager = office.device(office.network.manager)
    yield _("The manager, where fosa runs"), f"{manager.name} {manager.address or ''}".strip()
    for wan in office.wans:
        if wan.device == device.name:
            address = f"{wan.address}/{wan.prefix_length}" if wan.address else _("changing address")
            via = _("by way of {gateway}").format(gateway=wan.gateway) if wan.gateway else ""
            yield (
                _("Line {name}").format(name=wan.name),
                " ".join(filter(None, (wan.provider, wan.interface, address, via))),
            )
    for tunnel in office.tunnels_of(device.name):
        far = tunnel.far_end_of(device.name)
        yield _("Tunnel {name}").format(name=tunnel.name), _("to {far}").format(far=far.identity if far else _BLANK)
    access = office.access_to(device.name)
    key = access.read.host_key if access else None
    yield _("Fingerprint of its host key"), fingerprint(key) if key else _("not pinned yet")
    yield from _certificates(printed.certificates)


def _certificates(certificates: tuple[Certificate, ...] | None) -> Iterator[tuple[str, str]]:
    if certificates is None:
        yield _("Certificates"), _("not known when this was printed: fosa serve could not be asked")
    for each in certificates or ():
        text = _("serial number {serial}, valid until {day}").format(serial=each.serial, day=each.not_after.isoformat())
        yield _("Certificate {subject}").format(subject=each.subject), text


def _how(contact: Contact) -> str:
    return ", ".join(part for part in (contact.phone or _BLANK, contact.email, contact.hours) if part)
