"""How RouterOS's text is read and written."""

from hypothesis import given
from hypothesis import strategies as st

from lab.devices.mikrotik_routeros.export import exported
from lab.devices.mikrotik_routeros.store import loaded
from templates.mikrotik_routeros.shown import normal
from templates.mikrotik_routeros.text import parsed, plain, quoted, script


@given(st.text(max_size=60))
def test_a_value_comes_back_as_it_was_written(value: str) -> None:
    said = quoted(value)
    assert plain(said) == value
    assert "\n" not in said
    entry = parsed(f"/ip service set ssh comment={said} port=22")
    assert entry is not None
    assert entry.said == {"comment": value, "port": "22"}


def test_reads_escapes_of_an_export() -> None:
    assert plain(r'"Zaj\C4\99te\_\"tu\" \$5\r\nkoniec\3F"') == 'Zajęte "tu" $5\r\nkoniec?'


@given(st.text(min_size=1, max_size=400).filter(lambda text: "\r" not in text))
def test_what_an_export_breaks_into_lines_is_the_same(comment: str) -> None:
    text = f"/interface bridge\nadd comment={quoted(comment)} name=bridge protocol-mode=none\n"
    shown = exported(loaded(text), sensitive=True)
    assert max(map(len, shown.splitlines())) <= 80
    assert normal(shown) == normal(text)


def test_a_command_may_be_written_with_slashes_with_spaces_or_in_its_menu() -> None:
    for text in ("/ip/service/set telnet disabled=yes", "/ip service set telnet disabled=yes",
                 "/ip service\nset telnet disabled=yes", "/ip\nservice set numbers=telnet disabled=yes",
                 "/ip/service\n# no telnet\ndisable telnet", "/ip service\nset [ find name=telnet ] disabled=yes",
                 "/ip service\nset [find where name=telnet] \\\n   disabled=yes"):  # fmt: skip
        assert script(text).odd == []
        assert normal(text) == "/ip service\nset telnet disabled=yes\n", text


def test_what_holds_by_default_is_not_shown() -> None:
    text = "/interface bridge port\nadd bridge=b interface=ether1 pvid=1 hw=yes edge=auto disabled=false\n"
    assert normal(text) == "/interface bridge port\nadd bridge=b hw=yes interface=ether1\n"
