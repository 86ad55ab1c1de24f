"""The action `gate`: one request to a gateway's gate over Ansible's own connection; no module runs on the device."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

# By hand Ansible may run from an environment of its own.
_PROJECT = str(Path(__file__).resolve().parents[2])
if _PROJECT not in sys.path:
    sys.path.append(_PROJECT)

from inventory.errors import FosaError  # noqa: E402
from inventory.secrets import SecretStore  # noqa: E402
from playbooks.drivers.bundle import opened  # noqa: E402

if TYPE_CHECKING:
    from pydantic import SecretStr

_CHANGES = ("commit", "revert")


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core ships no types
    """`words` is the request, `bundle` the file with the device's files; its secrets are filled in on the way out."""

    _supports_check_mode = False
    _VALID_ARGS = frozenset(("words", "bundle"))

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the gate answered, as `answer`; failed when it says no."""
        super().run(tmp, task_vars)
        words, bundle = str(self._task.args["words"]), str(self._task.args.get("bundle") or "")
        given = self._given(bundle, task_vars or {}) if bundle else None
        code, out, fault = self._connection.exec_command(words, in_data=given, sudoable=False)
        try:
            answer = json.loads(out)
        except ValueError:
            said = fault.decode("utf-8", "replace").strip()[-500:]
            raise AnsibleActionFail(f"the gate gave no answer (exit code {code}): {said}") from None
        if answer.get("ok") is True:
            return {"changed": words.startswith(_CHANGES), "answer": answer}
        where = f"{answer['where']}: " if answer.get("where") else ""
        return {"failed": True, "msg": f"{where}{answer.get('text', '')} ({answer.get('code', '')})", "answer": answer}

    def _given(self, bundle: str, task_vars: dict[str, Any]) -> bytes:
        try:
            return opened(Path(bundle).read_text(), _source(task_vars))
        except (FosaError, OSError) as error:
            raise AnsibleActionFail(str(error)) from None


def _source(task_vars: dict[str, Any]) -> Callable[[str], SecretStr]:
    """Where secrets come from: a pipe from fosa, which knows them, or by hand the inventory folder."""
    if not (pipe := task_vars.get("fosa_pipe")):
        return SecretStore(Path(str(task_vars["fosa_inventory"]))).get

    from pydantic import SecretStr

    with Path(str(pipe)).open() as file:
        known: dict[str, str] = json.loads(file.readline())
    return lambda ref: SecretStr(known[ref])
