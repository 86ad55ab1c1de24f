"""The one way in: two texts of a command line, and what is to be typed to get from the first to the second. Pure."""

from __future__ import annotations

from playbooks.remediation.before import lines_of, set_aside, tree
from playbooks.remediation.language import Change, Language
from playbooks.remediation.rules import driver

__all__ = ["remedied"]


def remedied(running: str, intended: str, language: Language) -> Change:
    """Both texts raw, without banners."""
    from hier_config import WorkflowRemediation

    own = driver(language)
    have, want = tree(own, running), tree(own, intended)
    untouched = set_aside(have, want, language)
    result = "".join(f"{line}\n" for line in lines_of(want))
    delta = WorkflowRemediation(have, want).remediation_config
    return Change(tuple(lines_of(delta, language.leave)), result, untouched)
