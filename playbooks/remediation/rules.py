"""hier_config's driver of a language: its own rules, and ours behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbooks.remediation.language import Above, Language

if TYPE_CHECKING:
    from hier_config.models import MatchRule
    from hier_config.platforms.driver_base import HConfigDriverBase

__all__ = ["driver"]

_FAR = 1000


def driver(language: Language) -> HConfigDriverBase:
    """A new one; where both say something, our rules hold."""
    from hier_config import Platform, get_hconfig_driver
    from hier_config.models import IdempotentCommandsRule, NegationSubRule, OrderingRule

    made = get_hconfig_driver(Platform[language.kind])
    rules = made.rules
    rules.idempotent_commands[:0] = [IdempotentCommandsRule(match_rules=_matching(each)) for each in language.single]
    rules.negation_sub[:0] = [
        NegationSubRule(match_rules=_matching(each.above), search=each.search, replace=each.replace)
        for each in language.negations
    ]
    weights = [(above, place - _FAR) for place, above in enumerate(language.first)]
    weights += [(above, place + _FAR) for place, above in enumerate(language.last)]
    # Of the orders that match, hier_config takes the last; of everything else the first.
    rules.ordering.extend(OrderingRule(match_rules=_matching(above), weight=weight) for above, weight in weights)
    return made


def _matching(above: Above) -> tuple[MatchRule, ...]:
    from hier_config import MatchRule

    return tuple(MatchRule(re_search=pattern) for pattern in above)
