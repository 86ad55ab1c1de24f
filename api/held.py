"""Secrets that were read before: for a process that has given up the right to read any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from inventory.errors import SecretError
from inventory.model import Office
from inventory.model.base import SecretRef
from inventory.secrets import SecretStore
from inventory.words import gettext as _

__all__ = ["HeldSecrets", "hold", "references"]

_MARK = get_args(SecretRef)[1]


class HeldSecrets(SecretStore):
    """What was read before, by reference; and of what could not be read, why."""

    def __init__(self, texts: Mapping[str, str], problems: Mapping[str, str] | None = None) -> None:
        """`problems`: sentences that hold no secret, by reference."""
        super().__init__(Path())
        self._texts, self._problems = dict(texts), dict(problems or {})

    def __repr__(self) -> str:
        return f"HeldSecrets({', '.join(self._texts)})"

    @property
    def texts(self) -> Mapping[str, str]:
        """The secrets themselves, by reference: for whoever hands them over."""
        return self._texts

    @property
    def refused(self) -> Mapping[str, str]:
        """Why there are none of the others, by reference."""
        return self._problems

    @property
    def problems(self) -> tuple[str, ...]:
        """Why there are secrets that are named and not held."""
        return tuple(self._problems.values())

    def get(self, ref: str) -> SecretStr:
        """The secret of a reference that was read before; SecretError for every other one."""
        if ref in self._problems:
            raise SecretError(self._problems[ref])
        if ref not in self._texts:
            raise SecretError(_("{ref}: not among the secrets this process holds").format(ref=ref))
        return SecretStr(self._texts[ref])


def hold(secrets: SecretStore, refs: Iterable[str]) -> HeldSecrets:
    """Read these secrets now. One that cannot be read is a problem when it is asked for, and stops nothing else."""
    texts, problems = {}, {}
    for ref in sorted(set(refs)):
        try:
            texts[ref] = secrets.get(ref).get_secret_value()
        except SecretError as error:
            problems[ref] = str(error)
    return HeldSecrets(texts, problems)


def references(office: Office) -> frozenset[str]:
    """Every secret the inventory names: keys of both accounts, shared keys, the SNMP user's."""
    return frozenset(_named(office))


def _named(value: object) -> Iterator[str]:
    match value:
        case BaseModel():
            for name, field in type(value).model_fields.items():
                inner = getattr(value, name)
                yield from _texts(inner) if _is_reference(field) else _named(inner)
        case Mapping():
            for inner in value.values():
                yield from _named(inner)
        case tuple() | list() | frozenset():
            for inner in value:
                yield from _named(inner)


def _texts(value: object) -> Iterator[str]:
    """The references themselves: one, or a list or a table of them."""
    match value:
        case str():
            yield value
        case Mapping():
            yield from value.values()
        case tuple() | list() | frozenset():
            yield from value


def _is_reference(field: FieldInfo) -> bool:
    """Whether it was declared as a SecretRef, optional or several. A text that only looks like one is none."""
    return _MARK in field.metadata or any(_MARK in get_args(kind)[1:] for kind in get_args(field.annotation))
