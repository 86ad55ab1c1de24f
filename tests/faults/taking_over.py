"""One work dies for good while it changes the practice office; another goes on with it, over one PostgreSQL."""

from __future__ import annotations

import time

from changing import told
from office_change import DEVICES, office, served_again
from restoring import kill_manager
from standing import STATE
from table import Row, expect

from api.changes.model import ChangeState
from api.work.model import EXECUTORS
from inventory.course import Step
from tests.postgres import Postgres

__all__ = ["ROWS"]


def _taken_over(step: Step, *states: ChangeState) -> str:
    """The first is never started again; the second has another name, and the work's folder from a share."""
    server = Postgres(STATE)
    try:
        server.start()
        url = server.fresh()
        with office(url, "first") as here:
            here.renew()
            plan = here.begin(*DEVICES)
            here.reaches(plan, step)
            begun = time.monotonic()
            kill_manager(here)
            with served_again(here, url, "second"):
                change = here.true(plan)
                expect(f"it to be one of {states}", holds=change.state in states, seen=change)
                lost = here.ledger.get(EXECUTORS, "first")
                taker = (change.worker, lost.value.taken_by if lost else "")
                expect("the second to have taken over", holds=taker == ("second", "second"), seen=taker)
                return f"{change.worker} went on: {told(change, begun)}"
    finally:
        server.remove()


ROWS = (
    Row("work dies while it stages, another takes over", lambda: _taken_over(Step.STAGE, ChangeState.DONE)),
    Row(
        "work dies while it verifies, another takes over",
        lambda: _taken_over(Step.VERIFY, ChangeState.REVERTED, ChangeState.PARTLY),
    ),
)
