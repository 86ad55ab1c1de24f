"""The table of rules."""

from __future__ import annotations

from monitor.compliance.rule import Rule
from monitor.compliance.rules.accounts import ID_01, ID_02, ID_09
from monitor.compliance.rules.clock import TM_01, TM_02
from monitor.compliance.rules.firewall import FW_01, FW_02, FW_08
from monitor.compliance.rules.guard import VP_08
from monitor.compliance.rules.layer2 import L2_01, L2_02, L2_03, L2_04, L2_05
from monitor.compliance.rules.logs import LG_01
from monitor.compliance.rules.management import MG_01, MG_03, MG_04
from monitor.compliance.rules.negotiated import VP_07
from monitor.compliance.rules.passwords import ID_04, ID_06, ID_07
from monitor.compliance.rules.segments import SEG_01
from monitor.compliance.rules.services import MG_02, MG_08, MG_09
from monitor.compliance.rules.sessions import MG_05, MG_06, MG_07
from monitor.compliance.rules.vpn import VP_01, VP_02, VP_03, VP_04

__all__ = ["RULES"]

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *(VP_01, VP_02, VP_03, VP_04, VP_07, VP_08),
        *(FW_01, FW_02, FW_08),
        *(MG_01, MG_02, MG_03, MG_04, MG_05, MG_06, MG_07, MG_08, MG_09),
        *(ID_01, ID_02, ID_04, ID_06, ID_07, ID_09),
        *(LG_01, TM_01, TM_02),
        *(L2_01, L2_02, L2_03, L2_04, L2_05, SEG_01),
    )
}
"""By id, in the order of reports."""
