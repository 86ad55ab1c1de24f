"""Where logs go and where time comes from, as facts."""

from pathlib import Path

import pytest

from tests.monitor.facts.reading import files, intended


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("*.* @10.0.0.1\n", ("10.0.0.1", 514, "udp", False, "*.*")),
        ("auth.* @@(o)10.0.0.1:6514\n", ("10.0.0.1", 6514, "tcp", False, "auth.*")),
        ('*.* action(type="omfwd" target="a" port="1" protocol="tcp")\n', ("a", 1, "tcp", False, "*.*")),
        ('action(type="omrelp" target="a" port="1" tls="on")\n', ("a", 1, "relp", True, "")),
        (
            "$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n*.* @@10.0.0.1:6514\n",
            ("10.0.0.1", 6514, "tcp", True, "*.*"),
        ),
        (
            'action(type="omfwd" target="a" protocol="tcp" streamdrivermode="1")\n'
            'global(defaultNetstreamDriver="ossl")\n',
            ("a", 514, "tcp", True, ""),
        ),
        (
            'if $msg contains "x" then {\n action(type="omfwd" target="a" protocol="tcp" streamdriver="ossl")\n}\n',
            ("a", 514, "tcp", False, '$msg contains "x"'),
        ),
    ],
)
def test_reads_where_logs_go(text: str, wanted: tuple[str, int, str, bool, str]) -> None:
    said = intended({"file /etc/rsyslog.conf": text})
    assert said.understood() == 1.0
    assert said.logging is not None
    assert [(t.server, t.port, t.protocol, t.tls, t.selector) for t in said.logging.targets] == [wanted]
    assert not said.logging.targets[0].verified
    assert said.logging.packets is None


def test_reads_the_log_server_of_a_golden_text_and_the_group_of_its_packets(golden: Path) -> None:
    said = intended(files(golden, "gw-k"))
    assert said.logging is not None
    (target,) = said.logging.targets
    assert (target.server, target.port, target.protocol, target.tls, target.verified) == (
        "10.64.1.20",
        6514,
        "tcp",
        True,
        True,
    )
    assert target.where.text == 'target="10.64.1.20"'
    assert "local5" in target.selector
    assert said.logging.packets is not None
    assert [(log.group, log.facility) for log in said.logging.packets] == [(5, "local5")]


def test_other_files_and_inputs_are_told() -> None:
    text = '$IncludeConfig /etc/rsyslog.d/*.conf\ninclude(file="/x")\nmodule(load="imudp")\n'
    text += 'input(type="imudp" port="514")\nfrob\n'
    said = intended({"file /etc/rsyslog.conf": text})
    assert said.logging is not None
    assert [where.line for where in said.logging.elsewhere] == [1, 2]
    assert [(s.name, s.protocol, s.port) for s in said.services] == [("syslog", "udp", 514)]
    assert [where.text for where in said.sections[0].unknown] == ["frob"]


def test_reads_sources_of_time() -> None:
    text = "server a iburst\npool b nts\npeer c key 7\nserver d key 0\nsourcedir /x\nallow\nfrob\n! a remark\n"
    said = intended({"file /etc/chrony/chrony.conf": text})
    assert said.timing is not None
    assert [(s.address, s.kind, s.authenticated) for s in said.timing.servers] == [
        ("a", "server", False),
        ("b", "pool", True),
        ("c", "peer", True),
        ("d", "server", False),
    ]
    assert [where.line for where in said.timing.elsewhere] == [5]
    assert [(s.name, s.address, s.port) for s in said.services] == [("ntp", "", 123)]
    assert [where.text for where in said.sections[0].unknown] == ["frob"]
