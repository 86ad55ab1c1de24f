"""The report as a file: whole by itself, in both languages, every strange text escaped, never passed off as law."""

from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from api.reports.html import html
from inventory import words
from inventory.sentence import say
from inventory.words import Language
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Evidence, Finding, Report, Result, Severity
from monitor.compliance.report.shape import groups, score
from monitor.compliance.report.text import lines
from tests.monitor.compliance.cases import CHARON, NOW, TODAY, Changed, facts_of, pila

WARSAW = ZoneInfo("Europe/Warsaw")
PLANTED = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def report_of() -> Report:
    """Piła with a weak proposal on one gateway and another that was not read."""
    weak = Changed(CHARON, "proposals = aes256gcm16-prfsha384-ecp384", "proposals = 3des-md5-modp1024")
    subjects = [
        Subject(pila().device("gw-k"), facts_of(pila(), "gw-k")),
        Subject(pila().device("gw-b"), facts_of(pila(), "gw-b", weak)),
        Subject(pila().device("gw-c"), None, problem=say("gw-c was not read")),
    ]
    return check(pila(), subjects, Question(Basis.INTENDED, NOW, TODAY), catalogue())


def _spoken(report: Report, language: Language) -> str:
    with words.speaking(language):
        return html(report, catalogue(), WARSAW, "1.2.3")


class _Tags(HTMLParser):
    """Every tag with its attributes, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _named(tags: _Tags, name: str) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in tags.found if tag == name]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_file_loads_nothing_and_runs_nothing(language: Language) -> None:
    tags = _Tags(_spoken(report_of(), language))
    assert not tags.open
    assert not {"script", "img", "link", "iframe", "object", "form"} & {tag for tag, _attributes in tags.found}
    assert all((link["href"] or "").startswith("#") for link in _named(tags, "a"))
    assert not any(name.startswith("on") or name == "src" for _tag, given in tags.found for name in given)
    assert _named(tags, "html") == [{"lang": language}]


def test_its_links_lead_somewhere_and_its_tables_have_headings() -> None:
    tags = _Tags(_spoken(report_of(), "en"))
    places = {given["id"] for _tag, given in tags.found if "id" in given}
    assert {(link["href"] or "").removeprefix("#") for link in _named(tags, "a")} == places
    assert all(heading.get("scope") in {"row", "col"} for heading in _named(tags, "th"))


def test_it_says_that_the_catalogue_is_a_draft_in_the_readers_language() -> None:
    assert "The wording is a paraphrase" in _spoken(report_of(), "en").replace("the wording", "The wording")
    assert "Nie jest to tekst prawa." in _spoken(report_of(), "pl")
    assert "Repealed on 25 May 2018" in _spoken(report_of(), "en")


def test_coverage_stands_beside_the_score() -> None:
    text = _spoken(report_of(), "en")
    coverage = report_of().coverage
    assert f"<b>{coverage.decided} / {coverage.pairs}</b>" in text
    assert f"<b>2 / {len(pila().managed)}</b>" in text
    assert "gw-c was not read" in text


def test_a_failed_rule_shows_line_text_fix_and_hash() -> None:
    text = _spoken(report_of(), "en")
    section = facts_of(pila(), "gw-k").section(CHARON)
    assert section is not None
    assert "<code>proposals = 3des-md5-modp1024</code>" in text
    assert f"{CHARON}, line 9" in text
    assert section.sha256 in text
    assert "Offer only what the office&#39;s crypto profile allows" in text


def test_planted_tags_are_shown_and_never_run() -> None:
    evidence = Evidence(basis=Basis.LIVE, source=PLANTED, line=1, text=PLANTED, sha256=PLANTED, read_at=None)
    finding = Finding(
        rule="VP-01",
        rule_version=1,
        severity=Severity.LOW,
        asset=PLANTED,
        result=Result.FAIL,
        message=say("{x}", x=PLANTED),
        fix=say("{x}", x=PLANTED),
        evidence=(evidence,),
    )
    planted = report_of().model_copy(
        update={"title": PLANTED, "profile": PLANTED, "findings": (finding,), "problems": (say("{x}", x=PLANTED),)}
    )
    text = _spoken(planted, "pl")
    assert "<script>" not in text
    assert "<img" not in text
    assert text.count("&lt;script&gt;") >= 9


def test_the_worst_is_told_first_and_what_devices_share_is_told_once() -> None:
    found = groups(report_of())
    assert [group.rule for group in found if group.result is Result.FAIL] == ["VP-02"]
    assert found[0].result is Result.FAIL
    told = [group for group in found if group.rule == "TM-01"]
    assert [(group.result, group.assets) for group in told] == [
        (Result.UNKNOWN, ("gw-c",)),
        (Result.PASS, ("gw-k", "gw-b")),
    ]


def test_the_score_counts_what_was_decided_and_what_was_not() -> None:
    counted, coverage = score(report_of()), report_of().coverage
    assert (counted.failed, counted.fine) == (1, 25)
    assert counted.decided == coverage.decided
    assert counted.open == coverage.pairs - coverage.decided


def test_lines_name_every_clause_with_what_it_waits_for() -> None:
    told = "\n".join(text for text, _style in lines(report_of(), catalogue(), WARSAW))
    assert all(clause.label in told for clause in catalogue().clauses)
    assert "gw-b file /etc/swanctl/conf.d/fosa.conf:9: proposals = 3des-md5-modp1024" in told
    assert "not met             KRI 2024 § 16 ust. 1 (KRI 2012 § 16 ust. 1)" in told
    assert "failed: VP-02; not known: VP-03; no rule yet: VP-10, CR-02" in told
