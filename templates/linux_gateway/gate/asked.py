"""When platforms last answered domain systems, as the firewall has taken note of it."""

from __future__ import annotations

import json
import re

from .errors import GateError
from .managed import NFTABLES
from .tools import must, run

LIST = ["nft", "-j", "list", "set", "inet", "fosa", "asked"]
BEGINNING = "0.0.0.0"  # noqa: S104  no address to listen at: what the firewall's own element bears
FILLED = re.compile(
    r"(\tset asked \{\n(?:\t\t(?!elements)[^\n]*\n)*\t\tflags dynamic,timeout\n(?:\t\t(?!elements)[^\n]*\n)*)"
    r"\t\telements = \{[^}]*\}\n"
)


def settled(ruleset: str) -> str:
    """A listed ruleset without what packets have put into the one set that is theirs."""
    return FILLED.sub(r"\1", ruleset)


def asked() -> dict[str, object]:
    """Who asked whom how many seconds ago, and since when that is noted (`since_s`; null: longer than is kept)."""
    listed = run(LIST)
    if listed.code:
        raise GateError("not_noted", "this firewall takes no note of who asks a platform", NFTABLES)
    found, since = [], None
    for one, other, age in entries(must(listed, "internal", NFTABLES)):
        if one == BEGINNING:
            since = age
        else:
            found.append({"from": one, "to": other, "age_s": age})
    return {"asked": found, "since_s": since}


def entries(text: str) -> list[tuple[str, str, int]]:
    """Both addresses and the age of every element; GateError where nft says something else."""
    try:
        [noted] = [item["set"] for item in json.loads(text)["nftables"] if "set" in item]
        elements = [item["elem"] for item in noted.get("elem", [])]
        return [(*item["val"]["concat"], noted["timeout"] - item["expires"]) for item in elements]
    except (ValueError, KeyError, TypeError) as error:
        raise GateError("internal", "nft lists its set in another form than is known", NFTABLES) from error
