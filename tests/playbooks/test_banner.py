"""Banners that are typed: whole, and never with a sign in them that would end them."""

import string

from playbooks.remediation.banner import rewritten
from templates.switch.banner import Banner


def banner(*lines: str, kind: str = "motd") -> Banner:
    return Banner(kind, lines, 1)


def test_only_what_differs_is_typed_and_what_is_not_wanted_goes() -> None:
    have = [banner("one"), banner("old", kind="exec"), banner("gone", kind="last-login")]
    want = [banner("one"), banner("new", "lines", kind="exec")]
    assert list(rewritten(have, want, "^%")) == ["banner exec ^\nnew\nlines\n^", "no banner last-login"]


def test_no_banner_holds_the_sign_it_ends_with() -> None:
    art = banner("^^^ %%% ~~~ ### !!!", "reload")
    (typed,) = rewritten([], [art], "^%~#!")
    sign = typed.splitlines()[-1]
    assert typed == f"banner motd {sign}\n^^^ %%% ~~~ ### !!!\nreload\n{sign}"
    assert typed.count(sign) == 2
    assert list(rewritten([banner("old")], [banner(string.printable.strip())], "^%")) == []
