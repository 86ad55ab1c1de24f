"""Our import names are short words: nobody else in the environment may use them."""

import importlib
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("inventory", "templates", "playbooks", "monitor", "api", "lab")


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_ships_a_package_of_this_name(name: str) -> None:
    assert set(packages_distributions().get(name, ())) <= {"fosa"}
    assert name not in sys.stdlib_module_names


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_ours_typed_and_says_what_it_is_for(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__doc__
    assert package.__file__ is not None
    assert Path(package.__file__).parent == ROOT / name
    assert (ROOT / name / "py.typed").is_file()
