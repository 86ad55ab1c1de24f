"""The frozen base of every inventory value and the checked scalar types.

Every string that can reach a device's configuration has one of the types below: none of them can hold a line break, a
quote, a brace or a semicolon, so no value of an inventory can add a line or a rule to an output.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

__all__ = [
    "Address",
    "Fqdn",
    "HostKey",
    "InterfaceName",
    "Mac",
    "Name",
    "Network",
    "Network6",
    "PortNumber",
    "SecretRef",
    "Text",
    "Value",
]


class Value(BaseModel):
    """A frozen value that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, ser_json_inf_nan="null")


def _one_line(text: str) -> str:
    if any(not (c.isprintable()) for c in text):
        raise ValueError("must be one line of printable characters")
    return text


def _strict_text(value: object) -> object:
    """YAML gives `10.0` and `true` as their own types; an address or a name must be written as text."""
    if not isinstance(value, str | IPv4Address | IPv4Network | IPv6Network):
        raise ValueError("must be text")  # noqa: TRY004  pydantic wants ValueError
    return value


Name = Annotated[str, StringConstraints(pattern=re.compile(r"^[a-z][a-z0-9-]{0,30}\Z"))]
"""An identifier people use and that may stand in a configuration: `gw-k`, `prn-b-07`."""

Fqdn = Annotated[
    str,
    StringConstraints(
        pattern=re.compile(
            r"^(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\Z"
        )
    ),
]
"""A full domain name in lower case, at least two labels."""

InterfaceName = Annotated[str, StringConstraints(pattern=re.compile(r"^[a-z][a-z0-9.-]{0,14}\Z"))]
"""A network interface as the kernel names it, at most 15 characters."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_one_line)]
"""One line for people. Never rendered into a device's configuration."""

Mac = Annotated[str, StringConstraints(pattern=re.compile(r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z"))]

HostKey = Annotated[
    str,
    StringConstraints(
        pattern=re.compile(r"^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]{40,1200}={0,2}\Z")
    ),
]
"""A pinned public host key as in known_hosts, without host and comment."""

SecretRef = Annotated[
    str, StringConstraints(pattern=re.compile(r"^(env:[A-Z_][A-Z0-9_]*|(file|vault):[A-Za-z0-9_./#-]+)\Z"))
]
"""Where a secret is, never the secret: `env:NAME`, `file:PATH` or `vault:PATH#KEY`."""

PortNumber = Annotated[int, Field(ge=1, le=65535, strict=True)]
Address = Annotated[IPv4Address, BeforeValidator(_strict_text)]
Network = Annotated[IPv4Network, BeforeValidator(_strict_text)]
Network6 = Annotated[IPv6Network, BeforeValidator(_strict_text)]
