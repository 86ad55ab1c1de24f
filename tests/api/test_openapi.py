"""The description of the read API is true: what it promises is what requests made from it meet."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case

from api.app import OPENAPI, create_app
from tests.api import stills
from tests.api.stills import Stills

HERE = {"Host": "localhost"}
schema = schemathesis.openapi.from_asgi(OPENAPI, create_app(Stills(stills.broken())), headers=HERE)


@schema.parametrize()
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_what_is_described_is_what_is_answered(case: Case[Any]) -> None:
    case.call_and_validate(headers=HERE)


def test_every_route_is_described() -> None:
    assert set(schema.raw_schema["paths"]) == {
        "/api/v1/office",
        "/api/v1/buildings",
        "/api/v1/devices",
        "/api/v1/devices/{name}",
        "/api/v1/tunnels",
        "/api/v1/tunnels/{name}",
        "/api/v1/links",
        "/api/v1/probes",
        "/api/v1/events",
        "/api/v1/sd/prometheus",
        "/api/v1/watch",
        "/api/v1/report",
        "/api/v1/findings",
        "/api/v1/clauses",
        "/healthz",
        "/metrics",
        "/debug/probe",
        "/debug/probe/{name}",
    }
