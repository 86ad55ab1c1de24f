"""The Polish catalogue: complete, faithful to its placeholders, compiled, and spoken when asked for."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.cli.lab import inside_environment
from inventory import words

ROOT = Path(__file__).parents[1]
PACKAGES = ("inventory", "templates", "playbooks", "monitor", "api", "lab")
FOSA = Path(sys.executable).parent / "fosa"
POLISH = ROOT / "inventory" / "locale" / "pl" / "LC_MESSAGES" / "fosa.po"
FUNCTIONS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


@cache
def _catalogue() -> Catalog:
    with POLISH.open("rb") as file:
        return read_po(file, locale="pl", abort_invalid=True)


def _messages() -> list[Message]:
    return [message for message in _catalogue() if message.id]


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


@cache
def _in_sources() -> frozenset[tuple[str, ...]]:
    """Every text, with its plural if it has one, that the packages ask a translation for."""
    found: set[tuple[str, ...]] = set()
    for name in PACKAGES:
        for _file, _line, text, _comments, _context in extract_from_dir(ROOT / name, keywords=FUNCTIONS):
            found.add(_forms(text))
    return frozenset(found)


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for name in PACKAGES:
        for path in sorted((ROOT / name).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def _fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def _run(arguments: list[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    spoken = {name: value for name, value in os.environ.items() if name not in {"LANG", "LC_ALL", "LC_MESSAGES"}}
    command = [str(FOSA), *arguments]
    return subprocess.run(command, env={**spoken, **environ}, capture_output=True, text=True, check=False)


def test_the_catalogue_holds_the_texts_of_the_sources_and_no_others() -> None:
    texts = {_forms(message.id) for message in _messages()}
    assert not _in_sources() - texts, "run scripts/words, then translate what is new"
    assert not texts - _in_sources(), "run scripts/words: these texts are gone"


def test_extraction_sees_every_text_a_source_asks_for() -> None:
    # It sees constants only, and on Python 3.11 nothing inside an f-string.
    seen = {text for forms in _in_sources() for text in forms}
    for place, call in _calls():
        texts = call.args[:2] if isinstance(call.func, ast.Name) and call.func.id == "ngettext" else call.args
        for argument in texts:
            assert isinstance(argument, ast.Constant), place
            assert argument.value in seen, place


def test_every_text_has_a_translation_that_nobody_doubts() -> None:
    assert not [message.id for message in _messages() if message.fuzzy or not all(_forms(message.string))]
    assert not _catalogue().obsolete


def test_every_translation_fills_the_same_placeholders() -> None:
    for message in _messages():
        one, many = (_forms(message.id) * 2)[:2]
        first, *others = _forms(message.string)
        assert _fields(first) == _fields(one), message.id
        for form in others:
            assert _fields(form) == _fields(many), message.id


def test_every_translation_ends_and_begins_like_its_text() -> None:
    for message in _messages():
        for form in _forms(message.string):
            text = _forms(message.id)[0]
            assert (form[-1] in ".:?") == (text[-1] in ".:?"), message.id
            assert form == form.strip(), message.id


def test_polish_has_three_forms_of_a_count() -> None:
    assert _catalogue().num_plurals == 3
    plural = [message for message in _messages() if message.pluralizable]
    assert plural
    assert all(len(_forms(message.string)) == 3 for message in plural)


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0 błędów"),
        (1, "1 błąd"),
        (2, "2 błędy"),
        (4, "4 błędy"),
        (5, "5 błędów"),
        (12, "12 błędów"),
        (21, "21 błędów"),
        (22, "22 błędy"),
        (112, "112 błędów"),
    ],
)
def test_a_count_takes_its_form(n: int, text: str) -> None:
    words.use("pl")
    assert words.ngettext("{n} error", "{n} errors", n).format(n=n) == text


def test_the_catalogue_names_no_person_no_date_and_no_tool() -> None:
    header = POLISH.read_text(encoding="utf-8").split("\n\n")[0]
    names = re.findall(r'^"([\w-]+):', header, re.MULTILINE)
    assert names == [
        "Project-Id-Version",
        "Language",
        "Plural-Forms",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]
    assert "@" not in header


def test_the_compiled_catalogue_is_the_one_in_the_sources() -> None:
    with POLISH.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in _messages():
        one, many = (_forms(message.id) * 2)[:2]
        if message.pluralizable:
            assert [compiled.ngettext(one, many, n) for n in (1, 2, 5)] == [*_forms(message.string)], (
                "run scripts/setup"
            )
        else:
            assert compiled.gettext(one) == message.string, "run scripts/setup"


@pytest.mark.parametrize(
    ("arguments", "environ", "says"),
    [
        (["--lang", "pl"], {}, "Wczytuje inwentarz i zgłasza naraz wszystkie błędy."),
        (["--lang=pl"], {}, "Wczytuje inwentarz i zgłasza naraz wszystkie błędy."),
        ([], {"FOSA_LANG": "pl"}, "Wczytuje inwentarz i zgłasza naraz wszystkie błędy."),
        ([], {"LANG": "pl_PL.UTF-8"}, "Wczytuje inwentarz i zgłasza naraz wszystkie błędy."),
        (["--lang", "en"], {"FOSA_LANG": "pl"}, "Load the inventory and report every fault at once."),
        ([], {"FOSA_LANG": "en", "LANG": "pl_PL.UTF-8"}, "Load the inventory and report every fault at once."),
        ([], {"FOSA_LANG": ""}, "Load the inventory and report every fault at once."),
    ],
)
def test_help_speaks_the_language_asked_for(arguments: list[str], environ: Mapping[str, str], says: str) -> None:
    done = _run([*arguments, "--help"], {"FOSA_LANG": "", "PYTHONIOENCODING": "utf-8", **environ})
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "pl",
            [
                "błąd: z.yaml:1: zones[0].vlam: nieznany klucz; czy chodziło o vlan?",
                "brakuje tego klucza",
                "błędów, 0 ",
            ],
        ),
        ("en", ["error: z.yaml:1: zones[0].vlam: unknown key; did you mean vlan?", "is missing", "errors, 0 "]),
    ],
)
def test_check_tells_faults_in_the_language_asked_for(
    tmp_path: Path, language: str, says: list[str], *, before: bool
) -> None:
    (tmp_path / "z.yaml").write_text("zones: [{vlam: 10}]\n", encoding="utf-8")
    option, check = ["--lang", language], ["check", str(tmp_path)]
    done = _run([*option, *check] if before else [*check, *option], {"FOSA_LANG": ""})
    assert done.returncode == 3
    for text in says:
        assert text in done.stdout


def test_a_refusal_and_the_commands_are_told_in_polish() -> None:
    wrong = _run(["lab", "down", "--name", "NIE-TAK"], {"FOSA_LANG": "pl"})
    assert wrong.returncode == 1
    assert "urząd ćwiczebny" in wrong.stderr or "nazwa urzędu ćwiczebnego" in wrong.stderr
    alone = _run(["lab"], {"FOSA_LANG": "pl"})
    assert alone.returncode == 3
    assert "Buduje urząd ćwiczebny" in alone.stderr
    assert not alone.stdout


def test_a_process_inside_the_practice_office_hears_the_language() -> None:
    words.use("pl")
    assert inside_environment("office")["FOSA_LANG"] == "pl"
