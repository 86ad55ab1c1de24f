"""The wheel holds every file the packages need, and the compiled catalogues."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("inventory", "templates", "playbooks", "monitor", "api", "lab")


def _needed() -> set[str]:
    """Everything in the packages except what Python makes itself."""
    files = (path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_packages(contents: set[str]) -> None:
    assert not _needed() - contents


def test_the_wheel_holds_a_compiled_catalogue_for_every_translation(contents: set[str]) -> None:
    sources = {name for name in contents if name.endswith(".po")}
    assert {name.removesuffix(".po") + ".mo" for name in sources} <= contents


def test_the_wheel_holds_nothing_but_the_packages_and_its_metadata(contents: set[str]) -> None:
    top = {name.split("/")[0] for name in contents if ".dist-info/" not in name}
    assert top == set(PACKAGES)
