"""NETCONF as Junos speaks it: RFC 6242's old framing, and Juniper's own operations, those PyEZ and NAPALM ask for."""

from __future__ import annotations

import asyncio
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lab.devices.juniper_junos.braces import braces
from lab.devices.juniper_junos.compare import compared
from lab.devices.juniper_junos.tree import BadLineError
from lab.devices.mischief import matches
from lab.devices.shell import Hangup, Restart

if TYPE_CHECKING:
    import asyncssh

    from lab.devices.juniper_junos.machine import Machine

__all__ = ["Netconf"]

_END = "]]>]]>"
_BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
_HELLO = (
    f'<hello xmlns="{_BASE}"><capabilities>'
    + "".join(
        f"<capability>{name}</capability>"
        for name in (
            "urn:ietf:params:netconf:base:1.0",
            "urn:ietf:params:netconf:capability:candidate:1.0",
            "urn:ietf:params:netconf:capability:confirmed-commit:1.0",
            "urn:ietf:params:netconf:capability:validate:1.0",
            "http://xml.juniper.net/netconf/junos/1.0",
        )
    )
    + "</capabilities><session-id>1</session-id></hello>"
)


class _RefusedError(Exception):
    """An operation that ends with an error; the answer is already XML."""


@dataclass(slots=True)
class Netconf:
    """One session."""

    device: Machine
    user: str = field(default="", init=False)

    async def serve(self, process: asyncssh.SSHServerProcess[str]) -> None:
        """Until somebody leaves. Raises Restart."""
        self.user = str(process.get_extra_info("username"))
        process.stdout.write(_HELLO + _END)
        heard = ""
        try:
            while data := await process.stdin.read(65536):
                *messages, heard = (heard + data).split(_END)
                for message in messages:
                    await self._answer(process, message.strip())
        except Hangup:
            pass
        finally:
            self._leave()
        process.exit(0)

    async def _answer(self, process: asyncssh.SSHServerProcess[str], message: str) -> None:
        rpc = ET.fromstring(message)  # noqa: S314  only drivers of this project speak to an emulator
        if _name(rpc) == "hello":
            return
        asked, number = rpc[0], escape(rpc.get("message-id", ""))
        said = " ".join([_name(asked), *(_name(each) for each in asked), *(each.text or "" for each in asked)])
        self.device.box.hear(said)
        mischief = self.device.mischief
        if mischief.slow_s:
            await asyncio.sleep(mischief.slow_s)
        try:
            refused = matches(mischief.refuse, said)
            answer = _error(mischief.says or "permission denied", _name(asked)) if refused else self._do(asked)
        except _RefusedError as error:
            answer = str(error)
        if matches(mischief.reboot, said):
            raise Restart
        if matches(mischief.drop, said):
            self._leave()
            self.device.box.dropped()
            process.channel.get_connection().abort()
            raise Hangup
        process.stdout.write(f'<rpc-reply xmlns="{_BASE}" message-id="{number}">{answer}</rpc-reply>{_END}')
        if _name(asked) == "close-session":
            raise Hangup

    def _do(self, asked: ET.Element) -> str:
        does: Mapping[str, Callable[[ET.Element], str]] = {
            "close-session": lambda _asked: "<ok/>",
            "commit-configuration": self._commit,
            "get-commit-revision-information": self._revision,
            "get-configuration": self._configuration,
            "get-software-information": self._software,
            "get-system-uptime-information": self._uptime,
            "load-configuration": self._load,
            "lock-configuration": self._lock,
            "unlock-configuration": self._unlock,
        }
        do = does.get(_name(asked))
        return _error("syntax error", _name(asked)) if do is None else do(asked)

    # ---- What it does ------------------------------------------------------------------------------------------------

    def _lock(self, _asked: ET.Element) -> str:
        if self.device.lock not in {None, id(self)}:
            raise _RefusedError(_error("configuration database locked by another session", ""))
        if self.device.loaded:
            raise _RefusedError(_error("configuration database modified", ""))
        self.device.lock = id(self)
        return "<ok/>"

    def _unlock(self, _asked: ET.Element) -> str:
        if self.device.lock != id(self):
            raise _RefusedError(_error("configuration database not locked", ""))
        self._leave()
        return "<ok/>"

    def _leave(self) -> None:
        """What was loaded under the lock and not committed goes with it."""
        if self.device.lock == id(self):
            self.device.lock = None
            self.device.discard()

    def _load(self, asked: ET.Element) -> str:
        number = asked.get("rollback")
        if number is not None:
            try:
                self.device.rollback(int(number))
            except IndexError:
                raise _RefusedError(_results(_error(f"rollback {number} not found", ""))) from None
            return _results("<ok/>")
        if asked.get("action") != "set":
            raise _RefusedError(_results(_error("this emulator loads set commands only", "")))
        lines = "".join(each.text or "" for each in asked).splitlines()
        try:
            self.device.load([line.strip() for line in lines if line.strip()])
        except BadLineError as error:
            severity = "warning" if str(error) == "statement not found" else "error"
            raise _RefusedError(_results(_error(str(error), error.word, severity))) from None
        return _results("<ok/>")

    def _commit(self, asked: ET.Element) -> str:
        words = {_name(each): (each.text or "").strip() for each in asked}
        if why := self.device.check():
            raise _RefusedError(_routing_engine(_error(why, "")))
        if "check" in words:
            return _routing_engine("<commit-check-success/>")
        # Ten minutes, where none are said (Juniper: "Commit the Candidate Configuration Only After Confirmation").
        minutes = int(words.get("confirm-timeout") or 10) if "confirmed" in words else None
        self.device.commit(self.user, minutes)
        return _routing_engine("<commit-success/>")

    # ---- What it tells -----------------------------------------------------------------------------------------------

    def _configuration(self, asked: ET.Element) -> str:
        committed = asked.get("database") == "committed"
        tree = self.device.running if committed else self.device.candidate
        if asked.get("compare") == "rollback":
            older = self.device.commits[int(asked.get("rollback") or 0)].tree
            text = escape(compared(older, self.device.candidate))
            return (
                "<configuration-information><configuration-output>\n"
                f"{text}</configuration-output></configuration-information>"
            )
        if asked.get("format") == "set":
            return f"<configuration-set>\n{escape(chr(10).join(tree.lines()))}\n</configuration-set>"
        return f"<configuration-text>\n{escape(braces(tree))}</configuration-text>"

    def _revision(self, _asked: ET.Element) -> str:
        newest = self.device.commits[0]
        comment = f"<comment>{escape(newest.comment)}</comment>" if newest.comment else ""
        return (
            "<commit-revision-information>"
            f"<revision>re0-{int(newest.at)}-{len(self.device.commits)}</revision><user>{escape(newest.user)}</user>"
            f'<client>netconf</client><date-time seconds="{int(newest.at)}">{time.ctime(newest.at)}</date-time>'
            f"{comment}</commit-revision-information>"
        )

    def _uptime(self, _asked: ET.Element) -> str:
        now = self.device.now
        return (
            f'<system-uptime-information><current-time><date-time seconds="{int(now)}">{time.ctime(now)}</date-time>'
            "</current-time></system-uptime-information>"
        )

    def _software(self, _asked: ET.Element) -> str:
        version = escape(self.device.running.value("version"))
        return (
            f"<software-information><host-name>{escape(self.device.hostname)}</host-name>"
            "<product-model>ex2300-c-12t</product-model><product-name>ex2300-c-12t</product-name>"
            f"<junos-version>{version}</junos-version></software-information>"
        )


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _error(message: str, word: str, severity: str = "error") -> str:
    """As RFC 6241, 4.3, has it, with Junos's words in it."""
    info = f"<error-info><bad-element>{escape(word)}</bad-element></error-info>" if word else ""
    return (
        "<rpc-error><error-type>protocol</error-type><error-tag>operation-failed</error-tag>"
        f"<error-severity>{severity}</error-severity><error-message>{escape(message)}</error-message>{info}</rpc-error>"
    )


def _results(inside: str) -> str:
    return f"<load-configuration-results>{inside}</load-configuration-results>"


def _routing_engine(inside: str) -> str:
    return f"<commit-results><routing-engine><name>re0</name>{inside}</routing-engine></commit-results>"
