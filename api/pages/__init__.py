"""The pages for people: what the network is like now, what is wrong with it, who does what; and the plans for it."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import entry, joining, planning, revisions
from api.pages.frame import Frame
from api.pages.site import router
from api.picture import Pictures
from api.visit.visitors import Visitors

__all__ = ["desk_router", "router"]


def desk_router(pictures: Pictures, visitors: Visitors) -> APIRouter:
    """The pages by which people come in and decide."""
    frame, routes = Frame(pictures, visitors), APIRouter()
    routes.include_router(entry.router(frame, visitors))
    routes.include_router(joining.router(frame))
    routes.include_router(planning.router(frame, pictures))
    routes.include_router(revisions.router(frame, pictures))
    return routes
