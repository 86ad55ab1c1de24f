"""The language of what people read, and the errors that carry it."""

import pytest

from inventory import errors, words
from inventory.faults import Fault, Severity


def test_speaks_english_until_told_otherwise() -> None:
    assert words.language() == "en"
    assert words.gettext("is missing") == "is missing"
    assert [words.ngettext("{n} file", "{n} files", n) for n in (0, 1, 2)] == ["{n} files", "{n} file", "{n} files"]


def test_falls_back_to_english_for_a_text_without_translation() -> None:
    words.use("pl")
    assert words.language() == "pl"
    assert words.gettext("a text that no catalogue has") == "a text that no catalogue has"
    assert words.ngettext("{n} foo of none", "{n} foos of none", 1) == "{n} foo of none"


@pytest.mark.parametrize(
    ("file", "line", "key", "text"),
    [
        ("a.yaml", 3, "devices[x].zone", "a.yaml:3: devices[x].zone: is missing"),
        ("a.yaml", 3, "", "a.yaml:3: is missing"),
        ("a.yaml", 0, "", "a.yaml: is missing"),
    ],
)
def test_writes_a_fault_as_file_line_key_and_message(file: str, line: int, key: str, text: str) -> None:
    assert str(Fault(file, line, key, Severity.ERROR, "is missing")) == text


def test_every_error_is_drawn_in_the_tree() -> None:
    tree = errors.__doc__ or ""
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), errors.FosaError)
        assert f" {name}" in tree
