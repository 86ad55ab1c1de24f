"""The rows of a list of equipment as devices; what is unclear of a row is told, and no row is lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from api.imports import cells
from api.imports.cells import Cell, CellError
from api.imports.model import Found, Source, Unclear
from api.imports.table import Table
from api.imports.vocabulary import Column, Other, column_of, kind_of, status_of, total
from inventory.model import DeviceKind
from inventory.plain import Value
from inventory.words import gettext as _

__all__ = ["read_list"]

_SEARCHED = 30
"""Rows in which the headings are looked for; above them stand titles."""
_TELLING = frozenset({Column.SERIAL, Column.MAC, Column.HOST, Column.KIND, Column.MODEL, Column.LABEL, Column.ADDRESS})

_NAMES = ((Column.HOST, cells.name), (Column.LABEL, cells.host))
_FIELDS: tuple[tuple[Column, str, Callable[[Cell], Value]], ...] = (
    (Column.VENDOR, "vendor", lambda cell: None if cells.nothing(cell) else cells.text(cell)),
    (Column.MODEL, "model", lambda cell: None if cells.nothing(cell) else cells.text(cell)),
    (Column.FIRMWARE, "firmware", lambda cell: None if cells.nothing(cell) else cells.text(cell)),
    (Column.SERIAL, "serial", cells.serial),
    (Column.MAC, "mac", cells.mac),
    (Column.ADDRESS, "address", cells.address),
    (Column.SUPPORT, "support_end", cells.date),
    (Column.OWNER, "owner", lambda cell: None if cells.nothing(cell) else cells.text(cell)),
)


@dataclass(slots=True)
class _Row:
    """One row while it is being read."""

    where: str
    cells: Mapping[Column, Cell]
    doubts: list[Unclear] = field(default_factory=list)

    def text(self, column: Column) -> str:
        return cells.text(self.cells.get(column))

    @property
    def what(self) -> str:
        """What a person finds the row by."""
        parts = (Column.LABEL, Column.HOST, Column.KIND, Column.VENDOR, Column.MODEL, Column.SERIAL)
        return ", ".join(dict.fromkeys(said for each in parts if (said := self.text(each))))[:70]

    def unclear(self, why: str, todo: str, *, taken: bool) -> None:
        self.doubts.append(Unclear(self.where, self.what, why, todo, taken))


def read_list(tables: tuple[Table, ...], *, people: bool) -> Source:
    """Every device of these sheets. With `people` names of people become the owners of devices."""
    found: list[Found] = []
    unclear: list[Unclear] = []
    notes: list[str] = []
    for table in tables:
        heads = _headings(table) if table.visible else None
        if heads is None:
            if any(any(row) for _number, row in table.rows):
                text = (
                    _("{table}: passed over, because it is hidden")
                    if not table.visible
                    else _("{table}: passed over, because no row of headings is understood in it")
                )
                notes.append(text.format(table=table.name))
            continue
        notes += _columns_left(table, heads, people=people)
        hosts = _hosts(table, heads)
        for number, row in table.rows:
            if number > heads.row and any(not cells.nothing(cell) for cell in row):
                where = _("{table}, row {number}").format(table=table.name, number=number)
                one = _Row(where, {column: row[k] for column, k in heads.columns.items() if k < len(row)})
                device = _device(one, hosts, notes, people=people)
                found += [device] if device is not None else []
                unclear += one.doubts
    return Source(tuple(found), tuple(unclear), tuple(notes))


# ---- Headings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Headings:
    row: int
    columns: Mapping[Column, int]
    left: tuple[str, ...]
    """Those nobody understands."""


def _headings(table: Table) -> _Headings | None:
    """The row with the most headings that are understood, three at least, one of them telling a device from others."""
    best: _Headings | None = None
    for number, row in table.rows[:_SEARCHED]:
        columns: dict[Column, int] = {}
        left = []
        for place, cell in enumerate(row):
            said = cells.text(cell)
            column = column_of(said)
            if column is not None and column not in columns:
                columns[column] = place
            elif said:
                left.append(said)
        if len(columns) >= 3 and _TELLING & columns.keys() and (best is None or len(columns) > len(best.columns)):
            best = _Headings(number, columns, tuple(left))
    return best


def _columns_left(table: Table, heads: _Headings, *, people: bool) -> Iterator[str]:
    if heads.left:
        yield _("{table}: columns not taken: {names}").format(table=table.name, names=", ".join(heads.left))
    if Column.PERSON in heads.columns and not people:
        yield _("{table}: names of people are not taken; --people takes them as owners").format(table=table.name)


def _hosts(table: Table, heads: _Headings) -> frozenset[str]:
    """The names that are one device's alone: what stands at several devices is a description."""
    counted: dict[str, int] = {}
    for _number, row in table.rows:
        for column, read in _NAMES:
            place = heads.columns.get(column)
            name = read(row[place]) if place is not None and place < len(row) else None
            if name is not None:
                counted[name] = counted.get(name, 0) + 1
    return frozenset(name for name, count in counted.items() if count == 1)


# ---- Rows ------------------------------------------------------------------------------------------------------------


def _device(row: _Row, hosts: frozenset[str], notes: list[str], *, people: bool) -> Found | None:
    if any(total(cells.text(cell)) for cell in row.cells.values()):
        notes.append(_("{where}: passed over, a line of sums").format(where=row.where))
        return None
    kind = _kind(row, notes)
    if kind is None:
        return None
    fields = dict(_fields(row))
    if people and "owner" not in fields and not cells.nothing(row.cells.get(Column.PERSON)):
        fields["owner"] = row.text(Column.PERSON)
    names = (read(row.cells.get(column)) for column, read in _NAMES)
    name = next((each for each in names if each is not None and each in hosts), "")
    if not name and "serial" not in fields and "mac" not in fields:
        row.unclear(
            _("no serial number, no MAC address and no name of its own tells it from others"),
            _("add one of them to the list"),
            taken=False,
        )
        return None
    return Found(row.where, row.what, kind, name, row.text(Column.BUILDING), row.text(Column.ROOM), fields)


def _kind(row: _Row, notes: list[str]) -> DeviceKind | None:
    said = [row.text(column) for column in (Column.KIND, Column.LABEL, Column.MODEL)]
    kind = next((found for each in said if each and (found := kind_of(each)) is not None), None)
    if isinstance(kind, DeviceKind):
        return kind
    if kind is Other.NO_DEVICE:
        notes.append(
            _("{where} ({what}): passed over, it has no address in a network").format(where=row.where, what=row.what)
        )
        return None
    todo = _("write in the list which it is: {kinds}").format(kinds=", ".join(DeviceKind))
    if kind is Other.ROUTER:
        row.unclear(_("a router may be the office's own firewall or a provider's box"), todo, taken=False)
    else:
        row.unclear(_("what kind of device it is cannot be told"), todo, taken=False)
    return None


def _fields(row: _Row) -> Iterator[tuple[str, Value]]:
    for column, key, read in _FIELDS:
        value = _read(row, column, read)
        if value is not None:
            yield key, value
    if status := row.text(Column.STATUS):
        known = status_of(status)
        if known is None:
            row.unclear(
                _("what {text} means for its status cannot be told").format(text=status),
                _("it counts as in use; set its status in the inventory"),
                taken=True,
            )
        else:
            yield "status", known.value
    bought = _read(row, Column.BOUGHT, cells.date)
    paid = _read(row, Column.PRICE, cells.price)
    if paid is not None and cells.nothing(row.cells.get(Column.BOUGHT)):
        row.unclear(_("a price without the day of purchase"), _("add the day to the list"), taken=True)
    if bought is not None:
        budget = row.text(Column.BUDGET)
        yield (
            "bought",
            {
                "date": bought,
                **({} if paid is None else {"price_pln": paid}),
                **({"budget": budget} if budget else {}),
            },
        )


def _read(row: _Row, column: Column, read: Callable[[Cell], Value]) -> Value:
    cell = row.cells.get(column)
    if isinstance(cell, str) and cell.startswith("#") and cell.endswith(("!", "?", "/A")):
        row.unclear(_("the cell shows an error: {text}").format(text=cell), _("repair the formula"), taken=True)
        return None
    try:
        return read(cell)
    except CellError as error:
        row.unclear(error.why, error.todo, taken=True)
        return None
