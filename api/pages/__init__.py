"""The page for people: what the office's network is like now, what is wrong with it, and who is to do what."""

from __future__ import annotations

from api.pages.site import router

__all__ = ["router"]
