"""What a device answered, and how its values are taken: strangers' words are cleaned and bounded, numbers checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Answers", "Table", "Value", "distinct", "hexadecimal", "index_text", "number", "text"]

Value = int | float | str | bytes | None
"""As the library gives it: octets as bytes, identifiers and addresses as text."""

TEXT_CHARS = 64
_SPACE = str.maketrans(dict.fromkeys("\t\r\n\v\f", " "))


@dataclass(frozen=True, slots=True)
class Table:
    """A conceptual table, and what of it is read."""

    entry: str
    """The identifier of its entry: `1.3.6.1.2.1.2.2.1`."""
    columns: tuple[int, ...]
    """Those that are read; the first decides which rows there are."""
    width: int
    """How many columns it has: a short table is read whole, which takes fewer questions."""
    tries: int = 1
    """So many of the columns are tried before the table counts as absent: some agents leave out the first."""

    def column(self, number: int) -> str:
        """The identifier of a column."""
        return f"{self.entry}.{number}"


@dataclass(slots=True)
class Answers:
    """Everything a device answered: scalars by identifier, columns by identifier and then by index."""

    scalars: dict[str, Value] = field(default_factory=dict)
    columns: dict[str, dict[str, Value]] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Mapping[str, Value], tables: Iterable[Table]) -> Answers:
        """Sorted from one flat mapping."""
        answers = cls()
        entries = tuple((f"{table.entry}.", table) for table in tables)
        for oid, value in found.items():
            for start, table in entries:
                if oid.startswith(start):
                    answers.take(table, ((oid, value),))
            answers.scalars[oid] = value
        return answers

    def take(self, table: Table, cells: Iterable[tuple[str, Value]]) -> None:
        """Take cells of a table in, by their whole identifiers; those of a column best in one run."""
        start, column, end, into = len(table.entry) + 1, "?", 1, {}
        for oid, value in cells:
            if oid[:end] != column:
                column = f"{table.entry}.{oid[start:].partition('.')[0]}."
                end, into = len(column), self.columns.setdefault(column[:-1], {})
            into[oid[end:]] = value

    def column(self, table: Table, number: int) -> Mapping[str, Value]:
        """A column by index; empty when the device has none."""
        return self.columns.get(table.column(number), {})

    def rows(self, table: Table) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Each row that the first column names: its index, and its cells in the table's order."""
        first, *others = (self.column(table, number) for number in table.columns)
        for index, value in first.items():
            yield index, (value, *(other.get(index) for other in others))

    def over(self, older: Answers) -> Answers:
        """These, and behind them what was read before."""
        return Answers(older.scalars | self.scalars, older.columns | self.columns)


def text(value: Value, chars: int = TEXT_CHARS) -> str:
    """A stranger's text on one line: what is not UTF-8 is read as Latin-1, what cannot be printed is `·`; bounded."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        head = value[: 4 * chars].rstrip(b"\0")
        try:
            said = head.decode()
        except UnicodeDecodeError:
            said = head.decode("latin-1")
    else:
        said = str(value)
    said = " ".join(said.translate(_SPACE).split())[: chars + 1]
    if not said.isprintable():
        said = "".join(c if c.isprintable() else "·" for c in said)
    return said if len(said) <= chars else f"{said[: chars - 1]}…"


def number(value: Value, least: int = 0, most: int = 2**64 - 1) -> int | None:
    """A whole number within its bounds; None for everything else, also for a number out of them."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    return None


def hexadecimal(value: Value, most: int = 32) -> str:
    """Octets as `3c:e5:a6:37:df:da`; a text that is one is left as it is."""
    if isinstance(value, bytes) and (len(value) == 6 or not text(value).replace(":", "").isalnum()):
        return value[:most].hex(":")
    return text(value)


def index_text(index: str) -> str:
    """An index that is a text behind its length (RFC 2578, section 7.7): `3.118.112.110` is `vpn`."""
    parts = index.split(".")
    if not all(part.isdecimal() and len(part) <= 3 and int(part) < 256 for part in parts):
        return text(index)
    octets = bytes(map(int, parts))
    return text(octets[1:]) if octets and octets[0] == len(octets) - 1 else text(index)


def distinct(names: Iterable[str]) -> Iterator[str]:
    """The names, each at most once: one that comes again is given a number."""
    seen: dict[str, int] = {}
    taken: set[str] = set()
    for name in names:
        one, turn = name, seen.get(name, 0)
        while one in taken:
            turn += 1
            one = f"{name} ({turn + 1})"
        seen[name] = turn
        taken.add(one)
        yield one
