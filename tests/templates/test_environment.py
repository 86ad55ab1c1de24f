"""The environment for device text."""

from pathlib import Path

import pytest
from jinja2 import DictLoader

from inventory.errors import RenderError
from templates import environment


@pytest.fixture
def with_template(monkeypatch: pytest.MonkeyPatch) -> object:
    """The real environment, reading one template from memory."""

    def put(text: str) -> None:
        made = environment.environment()
        monkeypatch.setattr(made, "loader", DictLoader({"t.j2": text}))
        monkeypatch.setattr(made, "cache", None)

    return put


@pytest.mark.parametrize(
    "text",
    [
        "{{ value }}",
        "{{ missing }}",
        "{{ value.upper() }}",
        "{{ value.__class__ }}",
        "{{ range(3) }}",
        "{{ value | upper }}",
        "{{ [1, 2] }}",
        "{{ 'a' ~ value }}",
        "{% for",
    ],
)
def test_a_template_cannot_write_untyped_values_or_call_anything(with_template: object, text: str) -> None:
    assert callable(with_template)
    with_template(text)
    with pytest.raises(RenderError, match=r"t\.j2"):
        environment.fill_template("t.j2", value="a\nb")


def test_an_error_names_template_and_line() -> None:
    with pytest.raises(RenderError, match=r"linux_gateway/chrony\.conf\.j2:1: .*gateway"):
        environment.fill_template("linux_gateway/chrony.conf.j2")


def test_every_template_compiles() -> None:
    folder = Path(environment.__file__).parent
    names = [str(path.relative_to(folder)) for path in folder.rglob("*.j2")]
    assert len(names) >= 11
    for name in names:
        environment.environment().get_template(name)
