"""What counts as proof of the two accounts, and what does not: the gate's own grammar answers."""

import json
from dataclasses import dataclass

import pytest

from api.dayzero.proof import Proof, Proved, prove_over
from playbooks.drivers.base import Failure, FailureKind
from playbooks.drivers.gateway import Account, Question
from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.request import parse

ANSWERS: dict[str, dict[str, object]] = {"fetch": {"sections": {}}, "status": {"tunnels": {}, "units": {}, "armed": ""}}


@dataclass(frozen=True)
class Gate:
    """Takes what the grammar of the accounts takes. `role_of` says as whom the keys really log in."""

    role_of: dict[Account, str]

    def ask(self, question: Question) -> str | Failure:
        try:
            request = parse(self.role_of[question.account], question.words)
        except GateError as error:
            return json.dumps({"ok": False, "code": error.code, "text": error.text})
        return json.dumps({"ok": True, **ANSWERS.get(request.verb, {})})


@dataclass(frozen=True)
class Silent:
    """Answers one account only."""

    answers: Account
    kind: FailureKind

    def ask(self, question: Question) -> str | Failure:
        if question.account is self.answers:
            return Gate({Account.READ: "read", Account.WRITE: "write"}).ask(question)
        return Failure(self.kind, "no way")


def proved(proof: Proof) -> list[Proved]:
    return [check.proved for check in proof.checks]


def test_two_accounts_that_are_what_they_should_be_are_proved() -> None:
    proof = prove_over(Gate({Account.READ: "read", Account.WRITE: "write"}))
    assert proof.whole
    assert proof.status is not None


def test_a_read_key_that_may_write_is_no_proof() -> None:
    proof = prove_over(Gate({Account.READ: "write", Account.WRITE: "write"}))
    assert not proof.whole
    assert [str(check.what) for check in proof.checks if check.proved is Proved.NO] == [
        "the read account may change nothing"
    ]


def test_a_write_key_that_may_only_read_is_no_proof() -> None:
    proof = prove_over(Gate({Account.READ: "read", Account.WRITE: "read"}))
    assert proved(proof)[3] is Proved.NO
    assert not proof.whole


@pytest.mark.parametrize(
    ("kind", "said"), [(FailureKind.UNREACHABLE, Proved.UNKNOWN), (FailureKind.AUTHENTICATION, Proved.NO)]
)
def test_an_account_that_does_not_answer_proves_nothing(kind: FailureKind, said: Proved) -> None:
    proof = prove_over(Silent(Account.READ, kind))
    # Silence is no refusal: whether the other account would be refused is not known.
    assert proved(proof) == [Proved.YES, Proved.YES, Proved.YES, said, Proved.UNKNOWN]
    assert not proof.whole
    dark = prove_over(Silent(Account.WRITE, kind))
    assert proved(dark)[:3] == [said, said, Proved.UNKNOWN]
    assert dark.status is None
