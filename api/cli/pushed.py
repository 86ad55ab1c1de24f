"""`fosa push` where a service runs: propose, approve if the office lets the author do so, follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.cli.decide import agreed
from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.office import settings
from api.cli.output import Output
from inventory.errors import ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.desk.client import Client
    from api.plans.verbs import Shown

__all__ = ["Asked", "push_served", "served"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be pushed."""

    devices: tuple[str, ...]
    why: str
    inventory: str | None
    """Of the inventory at hand: see `api.plans.verbs.Proposal`."""
    yes: bool = False
    summary: bool = False


def served() -> Client | None:
    """The desk of the service that runs for this state folder; None where there is none.

    RefusedError when there is one that does not know who asks: nobody gets round it.
    """
    from api.serve.place import Place

    if not Place.of(settings().state).desk.exists():
        return None
    from api.desk.verb import Nothing
    from api.plans.verbs import FREEZES

    client = desk()
    try:
        client.call(FREEZES, Nothing())
    except ServiceError as error:
        # A socket that nobody listens at is left from a service that was killed. One that hangs must not be got round.
        if isinstance(error.__cause__, FileNotFoundError | ConnectionRefusedError):
            return None
        raise
    return client


def push_served(client: Client, asked: Asked, output: Output) -> int:
    """The exit code: 2 while the plan waits for somebody or for the window."""
    from api.cli.planned import show_plan
    from api.plans.verbs import PROPOSE, Proposal

    answer = client.call(PROPOSE, Proposal(devices=asked.devices, why=asked.why, inventory=asked.inventory))
    for sentence in answer.left_out:
        output.problem(str(sentence))
    if answer.shown is None:
        output.result(answer.model_dump(mode="json"))
        output.line(_("nothing to do: every device that answered runs what it should"))
        return Exit.FAILED if answer.left_out else Exit.DONE
    show_plan(answer.shown, output, summary=asked.summary)
    return _approved(client, answer.shown, output, yes=asked.yes)


def _approved(client: Client, shown: Shown, output: Output, *, yes: bool) -> int:
    from api.plans.verbs import APPROVE, Approving

    plan = shown.plan
    if plan.four_eyes:
        output.result(shown.model_dump(mode="json"))
        output.line(_("somebody else must approve it: fosa approve {plan}").format(plan=plan.id), "yellow")
        return Exit.DIFFERENCE
    question = _("Change {devices}?").format(devices=", ".join(device.name for device in plan.devices))
    if not agreed(question, output, yes=yes):
        output.line(_("the plan waits: fosa approve {plan}, or fosa withdraw {plan}").format(plan=plan.id))
        return Exit.DIFFERENCE
    stands = client.call(APPROVE, Approving(plan=plan.id, digest=shown.digest))
    if stands.waits_for is not None:
        output.result(stands.model_dump(mode="json"))
        output.line(f"{stands.waits_for}; fosa follow {plan.id}", "yellow")
        return Exit.DIFFERENCE
    return _followed(client, plan.id, output)


def _followed(client: Client, plan: str, output: Output) -> int:
    from api.changes.model import ChangeState
    from api.cli.follow import follow_change

    change = follow_change(client, plan, output)
    output.result(change.model_dump(mode="json"))
    return Exit.DONE if change.state is ChangeState.DONE else Exit.FAILED
