"""What single cells of a list say: dates, prices, addresses, serial numbers; or why that cannot be told."""

from __future__ import annotations

import datetime as dt
import re
from ipaddress import AddressValueError, IPv4Address
from typing import TypeAlias

from api.imports.vocabulary import folded
from inventory.words import gettext as _

__all__ = ["Cell", "CellError", "address", "date", "host", "mac", "name", "nothing", "price", "serial", "text"]

Cell: TypeAlias = str | int | float | bool | dt.date | None

_NOTHING = frozenset({"", "brak", "nie dotyczy", "nd", "n d", "n a", "none", "null", "nieznany", "nieznana", "x", "0"})
_FACTORY = frozenset({"to be filled by o e m", "default string", "system serial number", "not specified", "123456789"})
_EXACT = 10**15
"""Beyond this a spreadsheet has rounded a number."""
_EPOCH = dt.date(1899, 12, 30)
_MAC = re.compile(r"[0-9A-Fa-f]{12}")
_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}")


class CellError(Exception):
    """A cell that cannot be taken: why, and what to do. Turned into an `Unclear` by who reads the row."""

    def __init__(self, why: str, todo: str) -> None:
        super().__init__(why)
        self.why, self.todo = why, todo


def text(cell: Cell) -> str:
    """As a person would read it: one line, whole numbers without a fraction."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else str(cell)
    said = " ".join(str(cell).split())
    return "".join(c for c in said if c.isprintable())[:300].strip()


def nothing(cell: Cell) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, `brak`, `n/d`."""
    return folded(text(cell)) in _NOTHING


def serial(cell: Cell) -> str | None:
    """A serial number; None where there is none."""
    said = text(cell)
    if nothing(cell) or folded(said) in _FACTORY:
        return None
    if (isinstance(cell, float | int) and abs(cell) >= _EXACT) or re.fullmatch(r"\d[.,]\d+E\+?\d+", said):
        raise CellError(
            _("the spreadsheet has rounded the serial number: {text}").format(text=said),
            _("type it from the device, in a cell formatted as text"),
        )
    return said


def mac(cell: Cell) -> str | None:
    """A MAC address as the inventory writes it; None where there is none."""
    said = text(cell)
    if nothing(cell):
        return None
    bare = re.sub(r"[\s:.-]", "", said)
    if _MAC.fullmatch(bare) is None:
        why = _("{text} is no MAC address") if len(bare) <= 14 else _("{text} is not one MAC address")
        raise CellError(why.format(text=said), _("write the one of the network card, twelve digits 0-9 and A-F"))
    return ":".join(bare[place : place + 2] for place in range(0, 12, 2)).lower()


def address(cell: Cell) -> str | None:
    """An IPv4 address; None where there is none, or it is given anew each time."""
    said = text(cell)
    if nothing(cell) or "dhcp" in folded(said):
        return None
    try:
        return str(IPv4Address(said))
    except AddressValueError:
        raise CellError(
            _("{text} is no IPv4 address").format(text=said), _("write it as four numbers, or nothing")
        ) from None


def name(cell: Cell) -> str | None:
    """The name a device has in the network, as the inventory can hold it: in small letters, without its domain."""
    said = text(cell).lower().partition(".")[0]
    return said if _NAME.fullmatch(said) else None


def host(cell: Cell) -> str | None:
    """The same of what may as well be a description: a name has a digit and no space."""
    said = name(cell)
    return said if said is not None and any(c.isdigit() for c in said) else None


def date(cell: Cell) -> str | None:
    """A day as ISO 8601 writes it; None where there is none."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 30000 < cell < 60000:
        return (_EPOCH + dt.timedelta(days=int(cell))).isoformat()
    said = text(cell).removesuffix("r.").removesuffix("r").strip()
    if nothing(cell):
        return None
    forms = {
        r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[-.](?P<m>\d{1,2})[-.](?P<y>\d{4})",
        # Day or month first: only where no doubt is possible.
        r"(?P<d>1[3-9]|2\d|3[01])/(?P<m>\d{1,2})/(?P<y>\d{4})",
    }
    for form in forms:
        if (match := re.fullmatch(form, said)) is not None:
            try:
                return dt.date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
            except ValueError:
                break
    raise CellError(_("{text} is not one certain day").format(text=said), _("write it as 2027-12-31"))


def price(cell: Cell) -> float | None:
    """An amount in PLN; None where there is none."""
    if nothing(cell) and cell != 0:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell < 0:
            raise CellError(_("{text} is less than nothing").format(text=cell), _("write what was paid"))
        return float(round(cell, 2))
    said = re.sub(r"(?i)\s|zł|zl|pln", "", text(cell))
    grouped = re.fullmatch(r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<part>\d{1,2}|-+))?", said)
    plain = re.fullmatch(r"(?P<whole>\d+)(?:\.(?P<part>\d{1,2}))?", said)
    match = plain or grouped
    if match is None:
        raise CellError(_("{text} is not one certain amount").format(text=text(cell)), _("write it as 1234.50"))
    part = (match["part"] or "").strip("-").ljust(2, "0")
    return float(f"{match['whole'].replace('.', '')}.{part}")
