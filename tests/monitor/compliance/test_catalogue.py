"""The catalogue: loaded strictly, whole, and never shown as law."""

import shutil
from pathlib import Path

import pytest

from inventory import words
from inventory.errors import CatalogueError
from monitor.compliance.catalogue import load as loading
from monitor.compliance.catalogue.load import catalogue, load
from monitor.compliance.catalogue.model import LegalStatus

FOLDER = Path(loading.__file__).parent
SECTIONS = ("kri.yaml", "rodo.yaml", "nsc.yaml", "mswia2004.yaml")


def _changed(folder: Path, file: str, old: str, new: str) -> str:
    """What loading a catalogue with one text replaced is refused with."""
    for name in ("catalogue.yaml", *SECTIONS):
        shutil.copy(FOLDER / name, folder / name)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        load(folder, SECTIONS)
    return str(refused.value)


def test_the_shipped_catalogue_is_a_draft_and_says_so_in_both_languages() -> None:
    assert catalogue().draft
    assert "Draft" in str(catalogue().note)
    with words.speaking("pl"):
        assert "roboczy" in str(catalogue().note)


def test_every_clause_is_told_in_both_languages() -> None:
    for clause in catalogue().clauses:
        assert clause.statement.pl != clause.statement.en


def test_what_is_repealed_and_what_is_no_law_are_marked_as_such() -> None:
    statuses = {section.instrument.id: section.instrument.legal_status for section in catalogue().sections}
    assert statuses == {
        "kri": LegalStatus.IN_FORCE,
        "rodo": LegalStatus.IN_FORCE,
        "nsc800-53": LegalStatus.RECOMMENDED,
        "mswia2004": LegalStatus.REPEALED,
    }


def test_a_clause_of_the_framework_bears_the_label_of_today_and_the_one_before() -> None:
    clause = catalogue().clause("kri-19-2-12d")
    assert clause.label.startswith("KRI 2024 § 19")
    assert clause.former_label is not None
    assert clause.former_label.startswith("KRI 2012 § 20")


def test_a_clause_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        catalogue().clause("kri-99")


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("kri.yaml", "severity: high", "severity: grave", "kri.yaml:2"),
        ("kri.yaml", "decided_by: machine", "decided: machine", "clauses[0].decided"),
        ("rodo.yaml", "id: rodo-25-2", "id: rodo-5-1-f", "two clauses have this id"),
        ("kri.yaml", "sources: [s5]", "sources: [s9]", "the source s9 is not one of its instrument"),
        ("rodo.yaml", "rules: [FW-01, SEG-02, ID-09]", "rules: []", "clauses[1].rules"),
        ("rodo.yaml", "rules: [FW-01, SEG-02, ID-09]", "rules: [fw1]", "clauses[1].rules[0]"),
        ("catalogue.yaml", "draft: true", "draft: yes", "catalogue.yaml:4: draft"),
        ("mswia2004.yaml", "clauses:", "clauses: &a", "anchors"),
    ],
)
def test_what_the_schema_does_not_know_is_refused_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    assert expected in _changed(tmp_path, file, old, new)


def test_a_missing_file_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"catalogue\.yaml"):
        load(tmp_path, ())
