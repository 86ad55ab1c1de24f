"""The report in a real browser: readable by everybody, also on a narrow screen."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from api.reports.html import html
from inventory import words
from inventory.words import Language
from monitor.compliance.catalogue.load import catalogue
from tests.api.test_report import WARSAW, report_of
from tests.chromium import chromium

pytestmark = pytest.mark.lab


def test_axe_finds_nothing_in_either_language(state: Path, tmp_path: Path) -> None:
    languages: tuple[Language, ...] = ("pl", "en")
    with chromium(state) as browser:
        for language in languages:
            with words.speaking(language):
                (tmp_path / "report.html").write_text(html(report_of(), catalogue(), WARSAW, "1"), encoding="utf-8")
            for width in (1280, 360):
                page = browser.new_page(viewport={"width": width, "height": 800})
                page.goto((tmp_path / "report.html").as_uri(), wait_until="load")
                found = Axe().run(page)
                assert found.violations_count == 0, f"{language}, {width}: {found.generate_report()}"
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                page.close()
