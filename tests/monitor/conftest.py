"""The practice office of the lab's own tests."""

from tests.lab.conftest import configured, pila

__all__ = ["configured", "pila"]
