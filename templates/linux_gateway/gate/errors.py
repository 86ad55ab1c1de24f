"""What can go wrong, in one class: the protocol's codes tell the kinds apart."""

from __future__ import annotations


class GateError(Exception):
    """A request that ends without what was asked; nothing is changed, or what was changed has been taken back."""

    def __init__(self, code: str, text: str, where: str = "") -> None:
        super().__init__(text)
        self.code, self.text, self.where = code, text, where
