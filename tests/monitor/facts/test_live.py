"""Readings of one device out of the picture of all."""

from monitor.facts.live import LogConnection, TimeReading, live_facts
from tests.monitor.moments import AT, tunnel, watched


def test_a_device_is_told_its_own_ends() -> None:
    picture = watched(tunnel("k-b"), tunnel("k-c"))
    times = (TimeReading("192.0.2.123", reachable=True, selected=True, offset_s=0.0001),)
    logs = (LogConnection("10.64.1.20", 6514, established=True),)
    asset = picture.tunnels[0].ends[0].device
    said = live_facts(asset, picture, times, logs, AT)
    assert said.tunnels is not None
    assert [reading.tunnel for reading in said.tunnels] == ["k-b", "k-c"]
    assert {reading.end.device for reading in said.tunnels} == {asset}
    assert (said.times, said.logs, said.watched_at) == (times, logs, picture.at)


def test_without_a_watch_nothing_is_known_of_tunnels() -> None:
    said = live_facts("gw-k", None, None, None, AT)
    assert (said.tunnels, said.times, said.logs, said.watched_at) == (None, None, None, None)
