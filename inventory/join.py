"""Several files made one mapping, with the file and line of every value kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from inventory.faults import Fault, Severity
from inventory.plain import Path, Value, describe, key_text
from inventory.words import gettext as _
from inventory.yamltext import Document, Mark

__all__ = ["Joined", "join"]


@dataclass(slots=True)
class Joined:
    """The whole inventory as plain values. `folder` stands in where no file can be named."""

    folder: str
    values: dict[str, Value] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _places: dict[str, tuple[str, Mark]] = field(default_factory=dict)
    _items: dict[str, list[tuple[str, Mark]]] = field(default_factory=dict)

    def fault(self, path: Path, severity: Severity, message: str) -> Fault:
        """A fault at a path; for a missing key the line is that of the mapping it is missing in."""
        file, line = self._find(path)
        return Fault(file, line, key_text(self.values, path), severity, message)

    def put(self, file: str, key: str, value: Value, mark: Mark) -> None:
        """Set a key that may stand once in all files."""
        if key not in self.values:
            self.values[key] = value
            self._places[key] = (file, mark)
            return
        first, at = self._places[key]
        message = _("the key may stand once; it stands in {file}:{line} already").format(file=first, line=at.line)
        self.faults.append(Fault(file, mark.line, key_text({}, (key,)), Severity.ERROR, message))

    def extend(self, file: str, key: str, value: Value, mark: Mark) -> None:
        """Add the items of a list to those of the files before. An empty value adds none."""
        whole = self.values.setdefault(key, [])
        self._places.setdefault(key, (file, mark))
        if isinstance(value, list) and isinstance(whole, list):
            whole.extend(value)
            self._items.setdefault(key, []).extend((file, item) for item in mark.items)
        elif value is not None:
            message = _("must be a list; found {found}").format(found=describe(value))
            self.faults.append(Fault(file, mark.line, key, Severity.ERROR, message))

    def at(self, path: Path) -> Value:
        """The value at a path, None where there is none."""
        value: Value = self.values
        for step in path:
            if isinstance(step, int):
                value = value[step] if isinstance(value, list) and step < len(value) else None
            else:
                value = value.get(step) if isinstance(value, dict) else None
        return value

    def _find(self, path: Path) -> tuple[str, int]:
        match path:
            case [str(key), int(index), *rest] if index < len(self._items.get(key, ())):
                file, mark = self._items[key][index]
            case [str(key), *rest] if key in self._places:
                file, mark = self._places[key]
            case _:
                return self.folder, 0
        return file, _line(mark, rest)


def _line(mark: Mark, rest: Iterable[str | int]) -> int:
    for step in rest:
        inner = mark.at(step)
        if inner is None:
            break
        mark = inner
    return mark.line


def join(folder: str, documents: Iterable[tuple[str, Document]], lists: frozenset[str]) -> Joined:
    """Join the documents. The items of `lists` are put one after the other; every other key may stand once."""
    joined = Joined(folder)
    for file, document in documents:
        joined.faults.extend(document.faults)
        if isinstance(document.value, dict):
            for key, value in document.value.items():
                add = joined.extend if key in lists else joined.put
                add(file, key, value, document.mark.keys[key])
        elif document.value is not None:
            message = _("a file of an inventory is a mapping, such as: devices: [...]")
            joined.faults.append(Fault(file, document.mark.line, "", Severity.ERROR, message))
    return joined
