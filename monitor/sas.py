"""charon's security associations as readings: algorithms in the inventory's words, counters that run on."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from monitor.account import Account
from monitor.errors import NonsenseError
from monitor.packets import Section
from monitor.refused import Protocol, checked
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


class Ledger:
    """Keeps the tunnels of one gateway: what it lists becomes readings, over rekeyings and restarts of its charon."""

    def __init__(self, tunnels: Iterable[str], clock: Callable[[], float] = time.monotonic) -> None:
        """Other connections that a gateway may have are passed over."""
        self._accounts = {name: Account() for name in tunnels}
        self._clock = clock
        self._begun = False

    @checked(Protocol.VICI)
    def read(self, listed: Iterable[Section]) -> dict[str, SaReading]:
        """The readings of one whole `list-sas`; a tunnel without an IKE SA has none. Raises NonsenseError."""
        found: dict[str, list[Section]] = {name: [] for name in self._accounts}
        for message in listed:
            for name, sa in message.items():
                if (tunnel := _tunnel(name)) in found:
                    found[tunnel].append(_section(sa))
        readings = {}
        now = self._clock()
        for name, account in self._accounts.items():
            children = {_spis(child): _counts(child) for sa in found[name] for child in _children(sa, name)}
            account.note(children, now)
            if not self._begun:
                account.forget()
            standing = {_ike_spis(sa) for sa in found[name] if _word(sa, "state") in _ESTABLISHED}
            account.stand(standing, now, first=not self._begun)
            if found[name]:
                readings[name] = _reading(name, found[name], account, now)
            else:
                account.ask("", now)
        self._begun = True
        return readings

    def rekeyed(self, event: str, message: Section) -> None:
        """Count an `ike-rekey` or `child-rekey` event."""
        for name, told in message.items():
            if (account := self._accounts.get(_tunnel(name))) is not None:
                account.rekeys[event] += 1
                if event == "ike-rekey":
                    account.follow(_ike_spis(_section(_section(told).get("new", {}))))


def _tunnel(name: str) -> str:
    """Whose connection it is: the second way of `k-b` is called `k-b_2`."""
    return name.partition("_")[0]


def _reading(name: str, sas: list[Section], account: Account, now: float) -> SaReading:
    sa = max(sas, key=lambda one: _rank(one, name))
    child = _best_child(sa, name)
    total = account.total()
    still = account.still(now)
    return SaReading(
        ike_state=_word(sa, "state"),
        ike_version=_number(sa, "version"),
        ike=_algorithms(sa),
        child_state=_word(child, "state"),
        child=_algorithms(child),
        local_networks=_words(child, "local-ts"),
        remote_networks=_words(child, "remote-ts"),
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
        still_s=still.seconds,
        sent_still=still.sent,
        vain_s=still.vain_s,
        unanswered_s=account.ask(_ike_spis(sa) if _asks(sa) else "", now),
        setups=account.setups(now),
    )


def _asks(sa: Section) -> bool:
    """Whether a request of this end is under way: charon lists its task as active until it is answered."""
    return _word(sa, "state") in _ESTABLISHED and bool(_words(sa, "tasks-active"))


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


def _ike_spis(sa: Section) -> str:
    return f"{_word(sa, 'initiator-spi')}/{_word(sa, 'responder-spi')}"


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


# An office uses a handful of them, three times in two seconds and gateway.
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


def _words(section: Section, key: str) -> tuple[str, ...]:
    value = section.get(key, ())
    if not isinstance(value, tuple) or len(value) > 64:
        raise NonsenseError(f"{key} is not a list")
    return tuple(_word({key: word}, key) for word in value)
