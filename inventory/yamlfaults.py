"""Why a YAML text is refused: characters, tabs and what libyaml says, in plain words."""

from __future__ import annotations

import re

from yaml import YAMLError

from inventory.words import gettext as _
from inventory.words import ngettext

__all__ = ["StopReading", "refuse_characters", "syntax"]

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=[^\s#])", re.MULTILINE)


class StopReading(Exception):  # noqa: N818  not an error: the end of reading, with the reason
    """The text cannot be read on; where and why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line, self.message = line, message


def refuse_characters(text: str) -> None:
    """Raise StopReading for what has no place in a text file, and for tabs where YAML wants spaces."""
    if match := _NOT_TEXT.search(text):
        code = f"U+{ord(match[0]):04X}"
        line = text.count("\n", 0, match.start()) + 1
        raise StopReading(line, _("the character {code} does not belong in a text file").format(code=code))
    if tabs := [match.start() for match in _TAB_INDENT.finditer(text)]:
        raise StopReading(text.count("\n", 0, tabs[0]) + 1, _tabs_message(len(tabs)))


def _tabs_message(count: int) -> str:
    return ngettext(
        "the line begins with a tab; YAML is indented with spaces",
        "this and other lines ({n} in all) begin with a tab; YAML is indented with spaces",
        count,
    ).format(n=count)


def syntax(error: YAMLError, text: str) -> StopReading:
    """What libyaml has against the text, at the line where a person has to look."""
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    begin = getattr(error, "context_mark", None)
    if mark is None or (begin is not None and problem == "found unexpected end of stream"):
        mark = begin
    if mark is None:
        return StopReading(1, _("not YAML: {why}").format(why=error))
    why = _why(str(problem or error), text[mark.index : mark.index + 1])
    if begin is not None and "flow" in str(getattr(error, "context", None)) and begin.line != mark.line:
        why = _("{why} (it began on line {line})").format(why=why, line=begin.line + 1)
    return StopReading(mark.line + 1, _("not YAML: {why}").format(why=why))


def _why(problem: str, character: str) -> str:
    """Plain words for what libyaml says most often; its own words for the rest."""
    if "cannot start any token" in problem:
        if character == "\t":
            return _("a tab stands where only spaces may stand")
        return _("{character} cannot begin a value; put the value in quotes").format(character=character)
    known = {
        "mapping values are not allowed in this context": _(
            "a colon too many, or wrong indentation; put a text with a colon in quotes"
        ),
        "could not find expected ':'": _("a key without its colon"),
        "did not find expected key": _("wrong indentation, or a quote or comma is missing"),
        "did not find expected '-' indicator": _("wrong indentation: the list began further left or right"),
        "did not find expected ',' or ']'": _("a list in brackets is not closed, or a comma is missing"),
        "did not find expected ',' or '}'": _("a mapping in braces is not closed, or a comma is missing"),
        "did not find expected node content": _("a value is missing here, or a bracket or comma is too many"),
        "block sequence entries are not allowed in this context": _("a list item (-) stands where none may stand"),
        "found unexpected end of stream": _("a quote is not closed"),
        "did not find expected <document start>": _("something stands before the first key or after the last value"),
    }
    return known.get(problem, problem)
