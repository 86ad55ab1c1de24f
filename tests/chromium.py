"""The unpacked Chromium, driven by Playwright; as a program it pictures a page: URL FILE [WIDTH [HEIGHT]] [dark]."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from api.settings import Settings
from tests.unpacked import as_installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium", "photograph"]

_PROGRAM = "/usr/lib/chromium/chromium"


@contextmanager
def chromium(state: Path) -> Iterator[Browser]:
    """A browser without a window. Needs root, for the files that are laid over the machine's."""
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = Path(folder) / "chromium"
        program.write_text(f'#!/bin/sh\nexec {shlex.join(as_installed(state, [_PROGRAM]))} "$@"\n', encoding="utf-8")
        program.chmod(0o700)
        # Root may not use its sandbox; what it shows here is ours.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def photograph(state: Path, url: str, file: Path, size: tuple[int, int] = (1280, 1000), *, dark: bool = False) -> None:
    """Write a picture of what a reader sees first."""
    with chromium(state) as browser:
        width, height = size
        page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            device_scale_factor=1.5,
        )
        page.goto(url, wait_until="load")
        # The stream of changes never ends: wait for its first news instead of for a quiet network.
        page.wait_for_timeout(1500)
        page.screenshot(path=file)


if __name__ == "__main__":
    _url, _file, *_more = sys.argv[1:]
    _numbers = [int(each) for each in _more if each.isdecimal()]
    photograph(
        Settings.from_environ(os.environ).state,
        _url,
        Path(_file),
        ((_numbers or [1280])[0], (_numbers[1:] or [1000])[0]),
        dark="dark" in _more,
    )
