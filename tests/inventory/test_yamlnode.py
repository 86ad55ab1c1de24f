"""Pieces of YAML text: found as it is written, put in where they belong, and nothing else moves."""

from yaml import MappingNode, SequenceNode

from inventory.yamlnode import behind, child, end, entries, root, scalar, spliced

TEXT = """\
access:
  - device: gw-k  # the hub
    read: {port: 22}

  # The next one is not.
  - {device: "gw-b"}
  - only a text
rest: 1"""


def test_finds_the_entries_of_a_list_and_nothing_where_there_is_none() -> None:
    assert [scalar(entry, "device") for entry in entries(TEXT, "access")] == ["gw-k", "gw-b"]
    assert [scalar(entry, "read") for entry in entries(TEXT, "access")] == ["", ""]
    for text in ("", "- a\n", "rest: 1\n", "access: {a: 1}\n"):
        assert list(entries(text, "access")) == []


def test_a_block_ends_with_its_last_word_and_not_where_the_next_one_begins() -> None:
    first = next(entries(TEXT, "access"))
    assert TEXT[first.start_mark.index : end(first)].endswith("read: {port: 22}")
    top = root(TEXT)
    assert isinstance(top, MappingNode)
    listed = child(top, "access")
    assert isinstance(listed, SequenceNode)
    assert TEXT[: end(listed)].endswith("only a text")


def test_puts_pieces_in_whatever_their_order() -> None:
    first, second = entries(TEXT, "access")
    below = behind(TEXT, first, "    user: x\n")
    name = child(second, "device")
    assert name is not None
    after = spliced(TEXT, [below, (name.start_mark.index, name.end_mark.index, "gw-c")])
    assert after == TEXT.replace("22}\n", "22}\n    user: x\n").replace('"gw-b"', "gw-c")


def test_a_text_without_a_last_line_break_gets_one() -> None:
    top = root(TEXT)
    assert top is not None
    assert spliced(TEXT, [behind(TEXT, top, "more: 2\n")]) == f"{TEXT}\nmore: 2\n"
