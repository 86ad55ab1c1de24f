"""The carrier by ansible-runner: the roles a person runs by hand, one step at a time, in a folder that is deleted."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from inventory.errors import DriverError, SecretError
from inventory.model import Access, Login
from inventory.secrets import SecretStore
from inventory.sentence import say
from inventory.words import gettext as _
from inventory.words import noted as N_
from playbooks.drivers.base import Failure, FailureKind
from playbooks.drivers.bundle import sealed
from playbooks.drivers.gateway import Account, Question
from playbooks.drivers.pinned import host_variables, known_hosts
from templates.secret import references

__all__ = ["AnsibleCarrier"]

_HERE = Path(__file__).resolve().parents[1]
_ROLES = ("stage", "commit", "confirm", "revert")
_SECONDS = 150
# A run's folder notes the environment it had: whatever is not needed there is emptied before.
_ENVIRONMENT = frozenset(("HOME", "LANG", "LOGNAME", "TERM", "TMPDIR", "TZ", "USER", "PYTHONPATH", "VIRTUAL_ENV"))

Result: TypeAlias = dict[str, object]


class AnsibleCarrier:
    """Reaches a gate by Ansible. Each question is a run of its own, hence a connection of its own."""

    def __init__(self, access: Access, secrets: SecretStore, folder: Path) -> None:
        """`folder`: where the private folder of each run is made for the time of it."""
        self._access = access
        self._secrets = secrets
        self._folder = folder

    def ask(self, question: Question) -> str | Failure:
        """The gate's answer. DriverError when Ansible is not installed."""
        _runner()
        login = self._access.read if question.account is Account.READ else self._access.write
        if login.host_key is None:
            text = N_("the inventory has no host key for {device}; fosa never learns one by itself")
            return Failure(FailureKind.HOST_KEY, say(text, device=self._access.device))
        try:
            with _private(self._folder) as folder, _offered(folder, self._known(question)):
                return self._run(question, login, folder)
        except SecretError as error:
            return Failure(FailureKind.AUTHENTICATION, str(error))

    def _known(self, question: Question) -> dict[str, str]:
        """The secrets a question needs."""
        texts = [file.text for file in question.bundle.files] if question.bundle else []
        refs = frozenset(ref for text in texts for ref in references(text))
        return {ref: self._secrets.get(ref).get_secret_value() for ref in refs}

    def _run(self, question: Question, login: Login, folder: Path) -> str | Failure:
        (folder / "known_hosts").write_text(known_hosts([login]))
        variables = host_variables(login, folder / "known_hosts", self._key(login, folder))
        words = question.words.split(" ")
        variables |= {"fosa_role": question.verb if question.verb in _ROLES else "ask", "fosa_words": question.words}
        variables |= dict(zip(("fosa_token", "fosa_revert_after"), words[1:], strict=False))
        if question.bundle is not None:
            (folder / "bundle.json").write_text(sealed(question.bundle))
            variables |= {"fosa_bundle": str(folder / "bundle.json"), "fosa_pipe": str(folder / "pipe")}
        results = _play(folder, {"all": {"hosts": {self._access.device: variables}}})
        return _answer(f"{login.user}@{login.address}", results)

    def _key(self, login: Login, folder: Path) -> Path:
        """The private key as a file: in place where it is one, else in the private folder."""
        secret = self._secrets.get(login.key).get_secret_value()
        kind, _colon, rest = login.key.partition(":")
        if kind == "file":
            return (self._secrets.folder / rest).resolve()
        path = folder / "key"
        path.touch(mode=0o600)
        path.write_text(secret if secret.endswith("\n") else f"{secret}\n")
        return path


def _runner() -> None:
    """DriverError where Ansible is missing; it is an extra because the service itself runs without."""
    try:
        import ansible  # noqa: F401
        import ansible_runner  # noqa: F401
    except ImportError as error:
        raise DriverError(_("Ansible is not installed here; install it with: pip install 'fosa[ansible]'")) from error


@contextmanager
def _private(parent: Path) -> Iterator[Path]:
    """A folder only we can read, gone afterwards; those of runs that were killed go too."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _turn(parent):
        for left in parent.glob("run-*"):
            _sweep(left)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
        owner = (folder / "owner").open("w")
        fcntl.flock(owner, fcntl.LOCK_EX)
    with owner:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _turn(parent: Path) -> Iterator[None]:
    """One at a time: a folder that has no owner yet is not one that was left."""
    with (parent / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _sweep(folder: Path) -> None:
    try:
        with (folder / "owner").open("a") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        # Its owner lives.
        return


@contextmanager
def _offered(folder: Path, known: dict[str, str]) -> Iterator[None]:
    """Secrets in a pipe: the play can read them once, and no disk ever sees them."""
    os.mkfifo(folder / "pipe", 0o600)
    # Open for both, so that neither side waits for the other.
    descriptor = os.open(folder / "pipe", os.O_RDWR | os.O_NONBLOCK)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 1 << 17)
        os.write(descriptor, f"{json.dumps(known)}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _play(folder: Path, inventory: dict[str, object]) -> list[Result]:
    """Run the one-step play; the results of its gate tasks, and why a host could not be reached."""
    import ansible_runner

    results: list[Result] = []
    stop, done = threading.Event(), threading.Event()

    def heard(event: dict[str, object]) -> bool:
        data = event.get("event_data")
        if isinstance(data, dict) and isinstance(result := data.get("res"), dict):
            if event.get("event") == "runner_on_unreachable":
                results.append({"unreachable": True, **result})
            elif "answer" in result or result.get("msg"):
                results.append(result)
        return False  # nothing of it is kept on the disk

    thread, _run = ansible_runner.run_async(
        private_data_dir=str(folder),
        inventory=inventory,
        playbook=str(_HERE / "one.yml"),
        envvars=_environment(folder),
        settings={"job_timeout": _SECONDS, "pexpect_timeout": 1, "suppress_ansible_output": True},
        quiet=True,
        suppress_env_files=True,
        event_handler=heard,
        cancel_callback=stop.is_set,
        finished_callback=lambda _runner: done.set(),
    )
    try:
        _await(done, thread)
    finally:
        stop.set()
        _await(done, thread)
    return results


def _await(done: threading.Event, thread: threading.Thread) -> None:
    """Wait for a run. Not by join: a thread whose join is interrupted by Ctrl-C counts as ended in Python 3.11."""
    while not done.wait(0.1) and thread.is_alive():
        pass


def _environment(folder: Path) -> dict[str, str]:
    kept = {name for name in os.environ if name in _ENVIRONMENT or name.startswith("LC_")}
    return {
        **{name: "" for name in os.environ if name not in kept},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(_HERE / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
    }


def _answer(place: str, results: list[Result]) -> str | Failure:
    for result in reversed(results):
        if "answer" in result:
            return json.dumps(result["answer"])
    text = str(results[-1].get("msg", "")) if results else _("Ansible gave no result")
    if "Host key verification failed" in text or "IDENTIFICATION HAS CHANGED" in text:
        return Failure(FailureKind.HOST_KEY, say(N_("{place}: the host key is not the pinned one"), place=place))
    if "Permission denied" in text:
        return Failure(FailureKind.AUTHENTICATION, say(N_("{place}: the device does not accept the key"), place=place))
    unreachable = bool(results) and bool(results[-1].get("unreachable"))
    kind = FailureKind.UNREACHABLE if unreachable else FailureKind.PROTOCOL
    return Failure(kind, say(N_("{place}: {why}"), place=place, why=" ".join(text.split())))
