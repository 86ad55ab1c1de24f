"""charon's security associations as readings: algorithms in the inventory's words, counters that run on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.errors import NonsenseError
from monitor.packets import Section
from monitor.results import Algorithms, SaReading

__all__ = ["Ledger", "carries", "established"]

_ESTABLISHED = frozenset({"ESTABLISHED", "REKEYING"})
_INSTALLED = frozenset({"INSTALLED", "UPDATING", "REKEYING"})
"""charon's words for a child that carries traffic: also while its successor is being agreed upon."""


def established(sa: SaReading) -> bool:
    """Whether the IKE SA stands."""
    return sa.ike_state in _ESTABLISHED


def carries(sa: SaReading) -> bool:
    """Whether traffic can go through it, as far as this end knows."""
    return established(sa) and sa.child_state in _INSTALLED


_COUNTED = ("bytes-in", "bytes-out", "packets-in", "packets-out")


@dataclass(slots=True)
class _Account:
    """What one tunnel has carried and how often it was rekeyed since the watch began."""

    gone: Counter[str] = field(default_factory=Counter)
    """Of SAs that are no more."""
    live: Mapping[str, Counter[str]] = field(default_factory=dict)
    """By both SPIs: an SA's own number starts again with charon, its SPIs do not."""
    rekeys: Counter[str] = field(default_factory=Counter)

    def note(self, children: Mapping[str, Counter[str]]) -> None:
        for spis, last in self.live.items():
            if spis not in children:
                self.gone.update(last)
        self.live = children

    def forget(self) -> None:
        """What was carried so far does not count."""
        for last in self.live.values():
            self.gone.subtract(last)

    def total(self) -> Counter[str]:
        """All it has carried."""
        total = Counter(self.gone)
        for last in self.live.values():
            total.update(last)
        return total


class Ledger:
    """Keeps the tunnels of one gateway: what it lists becomes readings, over rekeyings and restarts of its charon."""

    def __init__(self, tunnels: Iterable[str]) -> None:
        """Other connections that a gateway may have are passed over."""
        self._accounts = {name: _Account() for name in tunnels}
        self._begun = False

    def read(self, listed: Iterable[Section]) -> dict[str, SaReading]:
        """The readings of one whole `list-sas`; a tunnel without an IKE SA has none. Raises NonsenseError."""
        found: dict[str, list[Section]] = {name: [] for name in self._accounts}
        for message in listed:
            for name, sa in message.items():
                if name in found:
                    found[name].append(_section(sa))
        readings = {}
        for name, account in self._accounts.items():
            children = {_spis(child): _counts(child) for sa in found[name] for child in _children(sa, name)}
            account.note(children)
            if not self._begun:
                account.forget()
            if found[name]:
                readings[name] = _reading(name, found[name], account)
        self._begun = True
        return readings

    def rekeyed(self, event: str, message: Section) -> None:
        """Count an `ike-rekey` or `child-rekey` event."""
        for name in message:
            if name in self._accounts:
                self._accounts[name].rekeys[event] += 1


def _reading(name: str, sas: list[Section], account: _Account) -> SaReading:
    sa = max(sas, key=lambda one: _rank(one, name))
    child = _best_child(sa, name)
    total = account.total()
    return SaReading(
        ike_state=_word(sa, "state"),
        ike_version=_number(sa, "version"),
        ike=_algorithms(sa),
        child_state=_word(child, "state"),
        child=_algorithms(child),
        local_networks=_networks(child, "local-ts"),
        remote_networks=_networks(child, "remote-ts"),
        local_identity=_word(sa, "local-id"),
        remote_identity=_word(sa, "remote-id"),
        established_s=_number(sa, "established"),
        received_bytes=total["bytes-in"],
        sent_bytes=total["bytes-out"],
        received_packets=total["packets-in"],
        sent_packets=total["packets-out"],
        received_idle_s=_number(child, "use-in") if "use-in" in child else None,
        sent_idle_s=_number(child, "use-out") if "use-out" in child else None,
        ike_rekeys=account.rekeys["ike-rekey"],
        child_rekeys=account.rekeys["child-rekey"],
    )


def _rank(sa: Section, name: str) -> tuple[bool, bool, int]:
    """Of two SAs during a rekeying the one that carries; of two that do, the newer."""
    stands = _word(sa, "state") in _ESTABLISHED
    installed = _word(_best_child(sa, name), "state") in _INSTALLED
    return (stands and installed, stands, _number(sa, "uniqueid"))


def _best_child(sa: Section, name: str) -> Section:
    children = list(_children(sa, name))
    if not children:
        return {}
    return max(
        children,
        key=lambda child: (
            _word(child, "state") in _INSTALLED,
            _word(child, "state") == "INSTALLED",
            _number(child, "uniqueid"),
        ),
    )


def _children(sa: Section, name: str) -> Iterator[Section]:
    for child in _section(sa.get("child-sas", {})).values():
        section = _section(child)
        if _word(section, "name") == name:
            yield section


def _spis(child: Section) -> str:
    return f"{_word(child, 'spi-in')}/{_word(child, 'spi-out')}"


def _counts(child: Section) -> Counter[str]:
    return Counter({name: _number(child, name) for name in _COUNTED})


_NAMES = (
    (re.compile(r"AES_CBC"), r"aes"),
    (re.compile(r"(AES|CAMELLIA)_CTR"), r"\1ctr"),
    (re.compile(r"(AES|CAMELLIA)_(GCM|CCM)_([0-9]+)"), r"\1\2\3"),
    (re.compile(r"([A-Z0-9]+)_CBC"), r"\1"),
    (re.compile(r"CHACHA20_POLY1305"), r"chacha20poly1305"),
    (re.compile(r"(?:HMAC|AUTH_HMAC)_SHA2_([0-9]+)_[0-9]+"), r"sha\1"),
    (re.compile(r"HMAC_(SHA1|MD5)_[0-9]+"), r"\1"),
    (re.compile(r"AES_(XCBC|CMAC)_96"), r"aes\1"),
    (re.compile(r"PRF_HMAC_SHA2_([0-9]+)"), r"prfsha\1"),
    (re.compile(r"PRF_HMAC_(SHA1|MD5)"), r"prf\1"),
    (re.compile(r"PRF_AES128_(XCBC|CMAC)"), r"prfaes\1"),
    (re.compile(r"MODP_([0-9]+)_([0-9]+)"), r"modp\1s\2"),
    (re.compile(r"ECP_([0-9]+)_BP"), r"ecp\1bp"),
    (re.compile(r"CURVE_([0-9]+)"), r"curve\1"),
)
_SIZED = re.compile(r"(aes|camellia)(.*)")


def _algorithms(sa: Section) -> Algorithms | None:
    if "encr-alg" not in sa:
        return None
    return _named(*(_word(sa, key) for key in ("encr-alg", "encr-keysize", "integ-alg", "prf-alg", "dh-group")))


# An office uses a handful of them, twice a second and gateway.
@lru_cache(maxsize=256)
def _named(cipher: str, bits: str, integrity: str, prf: str, group: str) -> Algorithms:
    encryption = _sized(_inventory_word(cipher), bits)
    others = tuple(map(_inventory_word, (integrity, prf, group)))
    return Algorithms(
        proposal="-".join(part for part in (encryption, *others) if part),
        encryption=encryption,
        integrity=others[0],
        prf=others[1],
        group=others[2],
    )


def _inventory_word(name: str) -> str:
    """charon's name of an algorithm in the words of proposals; one nobody has heard of stays recognisable."""
    for pattern, word in _NAMES:
        if match := pattern.fullmatch(name):
            return match.expand(word).lower()
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _sized(word: str, bits: str) -> str:
    match = _SIZED.fullmatch(word)
    return f"{match[1]}{bits}{match[2]}" if match else word


def _section(value: object) -> Section:
    if not isinstance(value, dict):
        raise NonsenseError("a value where a section should be")
    return value


_TEXT_BYTES = 256
_UNPRINTABLE = re.compile(r"[^ -~\u00a0-\ud7ff\ue000-\ufffd]")


def _word(section: Section, key: str) -> str:
    """A value as text that cannot steer a terminal; empty when there is none."""
    value = section.get(key, b"")
    if not isinstance(value, bytes) or len(value) > _TEXT_BYTES:
        raise NonsenseError(f"{key} is not a word")
    return _UNPRINTABLE.sub("\ufffd", value.decode("utf-8", "replace"))


_NUMBER = re.compile(r"[0-9]{1,20}")


def _number(section: Section, key: str) -> int:
    """A count; 0 where there is none: an SA that is being set up or replaced lacks its times."""
    word = _word(section, key) or "0"
    if not _NUMBER.fullmatch(word):
        raise NonsenseError(f"{key} is not a number")
    return int(word)


def _networks(child: Section, key: str) -> tuple[str, ...]:
    value = child.get(key, ())
    if not isinstance(value, tuple) or len(value) > 64:
        raise NonsenseError(f"{key} is not a list")
    return tuple(_word({key: network}, key) for network in value)
