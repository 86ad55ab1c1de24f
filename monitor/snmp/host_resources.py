"""HOST-RESOURCES-MIB (RFC 2790), and for Linux hosts memory and processor of UCD-SNMP-MIB: loads and storage."""

from __future__ import annotations

from monitor.snmp.model import Load, Storage
from monitor.snmp.values import Answers, Table, distinct, number, text

__all__ = ["DEVICE", "OFTEN", "SCALARS", "SELDOM", "loads", "printer_title", "storages"]

_STORAGE = Table("1.3.6.1.2.1.25.2.3.1", (2, 3, 4, 5, 6), 7)
"""hrStorageType, -Descr, -AllocationUnits, -Size, -Used."""
_PROCESSOR = Table("1.3.6.1.2.1.25.3.3.1", (2,), 2)
"""hrProcessorLoad, in percent over the last minute."""
DEVICE = Table("1.3.6.1.2.1.25.3.2.1", (2, 3), 6)
"""hrDeviceType, hrDeviceDescr."""
OFTEN, SELDOM = (_STORAGE, _PROCESSOR), (DEVICE,)

_TOTAL, _FREE, _BUFFERS, _CACHED, _IDLE = (
    f"1.3.6.1.4.1.2021.{rest}.0" for rest in ("4.5", "4.6", "4.14", "4.15", "11.11")
)
"""memTotalReal, memAvailReal, memBuffer, memCached, each in KiB; ssCpuIdle in percent."""
SCALARS = (_TOTAL, _FREE, _BUFFERS, _CACHED, _IDLE)

_RAM, _DISK, _FLASH = (f"1.3.6.1.2.1.25.2.1.{kind}" for kind in (2, 4, 9))
_PRINTER = "1.3.6.1.2.1.25.3.1.5"
_MOST = 128


def storages(answers: Answers) -> tuple[Storage, ...]:
    """Memory, disks and flash; what is neither (buffers, swap, mounts of the network) is left out."""
    found: list[tuple[str, bool, int, int]] = []
    for index, (kind, title, unit, size, used) in answers.rows(_STORAGE):
        sort, each = text(kind).lstrip("."), number(unit, 1, 2**31) or 1
        whole, taken = number(size, 1, 2**31), number(used, 0, 2**31)
        if sort in {_RAM, _DISK, _FLASH} and whole is not None and taken is not None and len(found) < _MOST:
            found.append((text(title) or f"storage {index}", sort == _RAM, each * whole, each * min(taken, whole)))
    named = zip(distinct(name for name, *_rest in found), found, strict=True)
    said = tuple(Storage(name=name, memory=m, size_bytes=size, used_bytes=used) for name, (_n, m, size, used) in named)
    return said or _ucd_memory(answers)


def loads(answers: Answers) -> tuple[Load, ...]:
    """Each processor's."""
    found = [
        (index, percent)
        for index, value in list(answers.column(_PROCESSOR, 2).items())[:_MOST]
        if (percent := number(value, most=100)) is not None
    ]
    idle = number(answers.scalars.get(_IDLE), most=100)
    if not found and idle is not None:
        return (Load(name="cpu", ratio=1 - idle / 100),)
    return tuple(Load(name=f"cpu{n}", ratio=percent / 100) for n, (_index, percent) in enumerate(found))


def printer_title(answers: Answers) -> str:
    """What a printer calls itself; empty for other devices."""
    for _index, (kind, title) in answers.rows(DEVICE):
        if text(kind).lstrip(".") == _PRINTER:
            return text(title)
    return ""


def _ucd_memory(answers: Answers) -> tuple[Storage, ...]:
    total, free, buffers, cached = (number(answers.scalars.get(oid), most=2**40) for oid in SCALARS[:4])
    if not total or free is None:
        return ()
    taken = max(0, total - free - (buffers or 0) - (cached or 0))
    return (Storage(name="memory", memory=True, size_bytes=1024 * total, used_bytes=1024 * taken),)
