"""What pydantic refuses, said in plain sentences: what is allowed and what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Network
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Union, get_args, get_origin

from pydantic import BaseModel, StringConstraints

from inventory.model import Office, base, channel, policy, question, switching, switchport, tunnel
from inventory.plain import Path, Value, describe
from inventory.words import gettext as _
from inventory.words import ngettext

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["explain", "path_of"]


def path_of(error: ErrorDetails) -> Path:
    """Where an error is; pydantic adds a word of its own behind a wrong key of a mapping."""
    return tuple(step for step in error["loc"] if step != "[key]")


def explain(error: ErrorDetails, found: Value) -> str | None:
    """One sentence for one error; `found` is the value at its path.

    None for an error that only follows from others. Never quotes what stands in the place of a secret's reference.
    """
    path, kind, context = path_of(error), error["type"], error.get("ctx", {})
    if error["loc"][-1] == "[key]":
        found = str(path[-1])
    match kind:
        case "missing":
            return _("is missing") if isinstance(path[-1], str) else _entries(path)
        case "extra_forbidden":
            return _unknown_key(path)
        case "too_short" | "too_long":
            return _count(path, context, found)
    if _secret(path):
        return _("must say where the secret is: env:NAME, file:PATH or vault:PATH#KEY; what stands here is not shown")
    allowed = _allowed(kind, path, context, found)
    return _("{allowed}; found {found}").format(allowed=allowed, found=describe(found)) if allowed else error["msg"]


def _allowed(kind: str, path: Path, context: dict[str, object], found: Value) -> str | None:
    if kind == "enum":
        return _("must be one of: {values}").format(values=", ".join(_values(path)))
    if kind == "string_pattern_mismatch":
        return _pattern(str(context.get("pattern")), path)
    if kind == "value_error":
        return _refused_by_model(str(context.get("error")), path, found)
    if kind == "string_type":
        return _("must be text") if found is None or isinstance(found, list | dict) else _("must be text in quotes")
    template = _plain().get(kind)
    return None if template is None else template.format(**context)


def _plain() -> dict[str, str]:
    date, time = _("must be a date such as 2027-12-31"), _("must be a time such as 07:30")
    moment = _("must be a moment with its offset such as 2027-12-31T18:00:00+01:00")
    number, mapping = _("must be a number such as 1234.50"), _("must be a mapping of keys and values")
    return {
        "int_type": _("must be a whole number"),
        "int_parsing_size": _("must be a smaller number"),
        "bool_type": _("must be true or false"),
        "tuple_type": _("must be a list"),
        "dict_type": mapping,
        "model_type": mapping,
        **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), date),
        **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"), moment),
        **dict.fromkeys(("time_type", "time_parsing"), time),
        **dict.fromkeys(("decimal_type", "decimal_parsing", "finite_number"), number),
        "greater_than": _("must be more than {gt}"),
        "greater_than_equal": _("must be at least {ge}"),
        "less_than_equal": _("must be at most {le}"),
        "string_too_short": _("must have at least {min_length} character"),
        "string_too_long": _("must have at most {max_length} characters"),
        "ip_v4_address": _("must be an IPv4 address such as 10.64.0.1"),
        "ip_v4_network": _("must be an IPv4 network such as 10.64.0.0/20"),
        "ip_v6_network": _("must be an IPv6 network such as 2001:db8:40::/64"),
    }


def _refused_by_model(why: str, path: Path, found: Value) -> str:
    """What a validator said: the model's own, or that of a type of `ipaddress`."""
    if why.endswith("has host bits set"):
        network = IPv4Interface(str(found)).network if re.fullmatch(r"[0-9./]+", str(found)) else found
        return _("must be the address of the network itself, here {network}").format(network=network)
    known = {
        "must be text": _("must be text in quotes"),
        "must be one line of printable characters": _("must be one line of printable characters"),
    }
    kinds = {
        IPv4Address: _plain()["ip_v4_address"],
        IPv4Network: _plain()["ip_v4_network"],
        IPv6Network: _plain()["ip_v6_network"],
    }
    kind = _bare(_type_at(path))[0]
    return known.get(why) or next((sentence for each, sentence in kinds.items() if kind is each), why)


def _pattern(pattern: str, path: Path) -> str | None:
    known = {
        base.Name: _("must be a name: small letters, digits and hyphens, a letter first, at most 31 characters"),
        base.Fqdn: _("must be a full domain name in small letters, such as gw-k.mops.example"),
        base.InterfaceName: _("must be an interface: small letters, digits, dots and hyphens, at most 15 characters"),
        base.Mac: _("must be a MAC address in small letters, such as 52:54:00:12:34:56"),
        base.HostKey: _("must be a public host key, such as: ssh-ed25519 AAAA…"),
        tunnel.Proposal: _("must be a proposal in strongSwan's words, such as aes256gcm16-prfsha384-ecp384"),
        channel.KeyPin: _("must be the SHA-256 of a public key in Base64, 44 characters that end in ="),
        channel.PublicFile: _("must be a file of the inventory folder, such as public:ca/platform.pem"),
        question.WebPath: _("must be the part of a web address behind the host, such as /slowniki?wsdl"),
        question.XmlName: _("must be an XML name: letters, digits, dots, hyphens and underscores"),
        question.Sha256: _("must be a SHA-256: 64 digits and letters a to f"),
        question.FtpName: _("must be an account: letters, digits and _.@- only, at most 64 characters"),
        policy.ServicePort: _("must be a port such as tcp/443, udp/5000-5010 or icmp/echo"),
        policy.EndpointText: _(
            "must be zone:NAME, zone:NAME@BUILDING, device:NAME, channel:NAME, gateways or internet"
        ),
        switchport.PortPattern: _("must be a port, or a run of them: GigabitEthernet1/0/1, 1/1/[1-24]"),
        switching.BannerLine: _(
            "must be plain letters without accents, digits and .,:()/- only, at most 76 characters"
        ),
    }
    for kind, sentence in known.items():
        if pattern in set(_patterns(get_args(kind))):
            return sentence
    of_field = {
        "teryt": _("must be a TERYT code of 4, 6 or 7 digits in quotes"),
        "keso": _("must be a KESO code: capital letters, digits and hyphens, at most 20 characters"),
        "timezone": _("must be a time zone such as Europe/Warsaw"),
        "holidays": _("must be PL"),
    }
    return of_field.get(str(path[-1]))


def _unknown_key(path: Path) -> str:
    allowed = sorted(_keys(path[:-1]))
    if close := get_close_matches(str(path[-1]), allowed, n=1):
        return _("unknown key; did you mean {close}?").format(close=close[0])
    return _("unknown key; allowed: {keys}").format(keys=", ".join(allowed))


def _count(path: Path, context: dict[str, object], found: Value) -> str | None:
    if "max_length" in context:
        return _entries(path)
    least = context.get("min_length")
    if isinstance(found, list | str) and isinstance(least, int):
        # Wrong items are dropped before they are counted: the list itself may be long enough.
        if len(found) >= least:
            return None
        return ngettext("must have at least {n} entry", "must have at least {n} entries", least).format(n=least)
    return _("has too few entries")


def _entries(path: Path) -> str:
    whole = path[:-1] if isinstance(path[-1], int) else path
    count = len(get_args(_bare(_type_at(whole))[0]))
    return ngettext("must have exactly {n} entry", "must have exactly {n} entries", count).format(n=count)


def _values(path: Path) -> list[str]:
    # A wrong key of a mapping has the path of its value; the keys' type is then the enum that is meant.
    for kind in (_bare(_type_at(path))[0], *get_args(_bare(_type_at(path[:-1]))[0])):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return [str(member.value) for member in kind]
    return []


def _keys(path: Path) -> Iterator[str]:
    kind = _bare(_type_at(path))[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            yield info.alias or name


def _secret(path: Path) -> bool:
    return set(_patterns(get_args(base.SecretRef))) <= set(_patterns(_bare(_type_at(path))[1]))


def _patterns(metadata: tuple[object, ...]) -> Iterator[str]:
    for item in metadata:
        if isinstance(item, StringConstraints) and isinstance(item.pattern, re.Pattern):
            yield item.pattern.pattern


def _type_at(path: Path) -> object:
    """The annotation of the model at a path, None where the model has nothing there."""
    kind: object = Office
    for step in path:
        kind = _inside(_bare(kind)[0], step)
    return kind


def _inside(kind: object, step: str | int) -> object:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            if step == (info.alias or name):
                return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
        return None
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return arguments[1]
    if get_origin(kind) is tuple and isinstance(step, int):
        return arguments[0] if arguments[-1] is Ellipsis else arguments[min(step, len(arguments) - 1)]
    return None


def _bare(kind: object) -> tuple[object, tuple[object, ...]]:
    """An annotation without `Annotated` and `| None`, and the metadata found on the way."""
    metadata: tuple[object, ...] = ()
    while True:
        arguments = get_args(kind)
        if get_origin(kind) is Annotated:
            metadata += arguments[1:]
        elif get_origin(kind) in {Union, UnionType} and len(arguments) == 2:  # X | None
            arguments = tuple(argument for argument in arguments if argument is not type(None))
        else:
            return kind, metadata
        kind = arguments[0]
