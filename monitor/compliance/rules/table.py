"""The table of rules."""

from __future__ import annotations

from monitor.compliance.rule import Rule
from monitor.compliance.rules.clock import TM_01
from monitor.compliance.rules.firewall import FW_01, FW_02, FW_08
from monitor.compliance.rules.guard import VP_08
from monitor.compliance.rules.logs import LG_01
from monitor.compliance.rules.management import MG_01, MG_03, MG_04
from monitor.compliance.rules.negotiated import VP_07
from monitor.compliance.rules.vpn import VP_01, VP_02, VP_03, VP_04

__all__ = ["RULES"]

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *(VP_01, VP_02, VP_03, VP_04, VP_07, VP_08),
        *(FW_01, FW_02, FW_08),
        *(MG_01, MG_03, MG_04),
        *(LG_01, TM_01),
    )
}
"""By id, in the order of reports."""
