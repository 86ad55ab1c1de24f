"""Giving privileges up, for good: account, capabilities, and any way of getting them back."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

from api.serve.accounts import Account

__all__ = ["die_with", "drop"]

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = Path("/proc/sys/kernel/cap_last_cap")

_libc = ctypes.CDLL(None, use_errno=True)


def drop(account: Account | None) -> None:
    """Become the account (None: stay who we are), without a capability, and never again with one.

    Before any other thread runs: capabilities are a thread's own. Raises OSError when the kernel refuses; then nothing
    may go on.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    if account is not None:
        for capability in range(int(_LAST_CAPABILITY.read_text()) + 1):
            _prctl(_PR_CAPBSET_DROP, capability)
        os.setgroups([])
        os.setresgid(account.gid, account.gid, account.gid)
        os.setresuid(account.uid, account.uid, account.uid)
        # Programs that look for "the user" find one, also where the account is only a number.
        os.environ.update(USER=account.name, LOGNAME=account.name, HOME="/nonexistent")
    _without_capabilities()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    # Keys are in this memory: no debugger of the same account, no core file.
    _prctl(_PR_SET_DUMPABLE, 0)
    os.umask(0o027)


def die_with(parent: int) -> None:
    """End with the process that started this one, however that ends. After `drop`, which would undo it.

    `parent` is its number, 0 for none; SystemExit when it is gone already.
    """
    if not parent:
        return
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _without_capabilities() -> None:
    header, data = _Header(_CAPABILITY_VERSION_3, 0), (_Data * 2)()
    if _libc.capset(ctypes.byref(header), ctypes.byref(data)):
        _refused("capset")


def _prctl(option: int, *arguments: int) -> None:
    words = [*arguments, 0, 0, 0, 0][:4]
    if _libc.prctl(option, *(ctypes.c_ulong(word) for word in words)):
        _refused("prctl")


def _refused(call: str) -> None:
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number), call)
