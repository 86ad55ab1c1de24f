"""Errors of the service as RFC 9457 writes them: one JSON object that says what, where and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from inventory.errors import ConflictError, FosaError, InputError, RefusedError, ServiceError

__all__ = ["MEDIA_TYPE", "Problem", "add_handlers", "documented", "problem", "status_of"]

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong."""

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field("", description="What went wrong here, for people.")


def problem(status: int, detail: str = "", headers: dict[str, str] | None = None) -> Response:
    """The answer that says so."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def status_of(error: FosaError) -> int:
    """The HTTP status that goes with an error of the desk."""
    match error:
        case ConflictError():
            return 409
        case InputError():
            return 400
        case RefusedError():
            return 403
        case ServiceError():
            return 503
        case _:
            return 500


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses for the description of a route."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def add_handlers(app: FastAPI) -> None:
    """Let every error of the service look so."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _broken)


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers) if error.headers else None
    return problem(error.status_code, str(error.detail), headers)


async def _invalid(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    places = ("{}: {}".format(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors())
    return problem(422, "; ".join(places))


async def _broken(_request: Request, _error: Exception) -> Response:
    # The server writes the error itself to its log; a reader is told nothing of our insides.
    return problem(500, "an internal fault; the log of the edge has it")
