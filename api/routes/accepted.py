"""What a reader takes, by the headers of his request (RFC 9110, section 12.5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from monitor.exposition import Format

__all__ = ["form_wanted", "takes_gzip"]

_TEXT = ("text/plain", frozenset({"", "0.0.4"}))
_OPENMETRICS = ("application/openmetrics-text", frozenset({"", "1.0.0", "0.0.1"}))


def form_wanted(accept: str | None) -> Format:
    """OpenMetrics for whoever names it and likes it no less than the text format; a wildcard names neither."""
    openmetrics = _liked(accept, *_OPENMETRICS)
    return Format.OPENMETRICS if openmetrics > 0 and openmetrics >= _liked(accept, *_TEXT) else Format.TEXT


def _liked(accept: str | None, name: str, versions: Collection[str]) -> float:
    fitting = [said for word, said in _words(accept) if word == name and said.get("version", "") in versions]
    return max(map(_quality, fitting), default=0.0)


def takes_gzip(accepted: str | None) -> bool:
    """Whether the answer may be packed."""
    return any(word == "gzip" and _quality(parameters) > 0 for word, parameters in _words(accepted))


def _words(header: str | None) -> Iterator[tuple[str, Mapping[str, str]]]:
    for part in (header or "").split(","):
        word, *parameters = (each.strip().lower() for each in part.split(";"))
        pairs = (parameter.partition("=") for parameter in parameters)
        yield word, {name.strip(): value.strip() for name, _equals, value in pairs}


def _quality(parameters: Mapping[str, str]) -> float:
    """What cannot be understood asks for nothing."""
    try:
        return float(parameters.get("q", "1"))
    except ValueError:
        return 0.0
