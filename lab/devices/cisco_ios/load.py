"""A whole text, as the emulated IOS reads it at its start and when it replaces what it runs."""

from __future__ import annotations

import re

from lab.devices.cisco_ios.config import Config, Node
from lab.devices.cisco_ios.desk import Desk
from lab.devices.cisco_ios.editor import Editor
from templates.cisco_ios.banner import divided
from templates.switch.indent import Block, blocks, numbered

__all__ = ["loaded"]

_FOREIGN = re.compile(
    r"version |boot|crypto |certificate |switch |system |platform |license |vlan (?:internal|access|dot1q)|power |"
    r"diagnostic |redundancy|transceiver |class-map|policy-map|errdisable |mac |macro |ip (?:routing|forward|cef|tftp)|"
    r"no ip (?:routing|cef)|control-plane|clock |call-home|qos |mls |device-tracking|memory |no platform"
)


def loaded(
    text: str, hashes: dict[str, str], snmp: dict[str, str], *, lenient: bool = False
) -> tuple[Config, list[str]]:
    """A whole text as a configuration, and the lines that are bad. Lenient: they are kept as they are.

    Lines no emulation knows (`version`, certificates...) are no bad ones.
    """
    parted = divided(text)
    top = blocks(numbered(parted.text))
    config = Config()
    _ports(config, top)
    bad: list[str] = []
    for block in top:
        if block.text != "end":
            # A line of its own each: a text is not typed, its indentation says what stands under what.
            _enter(Editor(Desk(config, hashes, snmp)), block, bad, lenient=lenient)
    for banner in parted.banners:
        config.banners[banner.kind] = banner.lines
    return config, bad


def _ports(config: Config, top: list[Block]) -> None:
    for block in top:
        if block.text.startswith("interface "):
            config.root.below[(block.text,)] = Node(block.text, "interface")


def _enter(editor: Editor, block: Block, bad: list[str], *, lenient: bool) -> None:
    said = editor.enter(block.text)
    if editor.asks:
        said = editor.enter("")
    if said and not said.startswith("Enter TEXT"):
        if lenient or _FOREIGN.match(block.text):
            for node in editor.desk.path[-1][1] if editor.desk.path else [editor.desk.config.root]:
                _keep(node.below, block)
            return
        bad.append(block.text)
        return
    depth = len(editor.desk.path)
    for child in block.children:
        _enter(editor, child, bad, lenient=lenient)
        del editor.desk.path[depth:]


def _keep(below: dict[tuple[str, ...], Node], block: Block) -> None:
    node = below.setdefault((block.text,), Node(block.text))
    for child in block.children:
        _keep(node.below, child)
