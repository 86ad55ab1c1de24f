"""The device in memory keeps to what every driver promises."""

from playbooks.drivers.base import Armed, Bundle, Failure, FailureKind, Reverted
from playbooks.drivers.memory import MemoryDriver

OLD = {"file /etc/nftables.conf": "# fosa: mode 0644\nold\n"}


def test_a_revert_that_comes_before_its_commit_prevents_it(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    assert memory.revert("first") == Reverted()
    assert isinstance(memory.commit("first", 60), Failure)
    assert memory.running == OLD


def test_one_change_at_a_time(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    memory.stage("second", new)
    assert isinstance(memory.commit("first", 60), Armed)
    assert isinstance(busy := memory.commit("second", 60), Failure)
    assert busy.kind is FailureKind.BUSY


def test_a_device_that_moved_meanwhile_is_left_alone(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    memory.running = {"kernel nftables": "by hand\n"}
    assert isinstance(moved := memory.commit("first", 60), Failure)
    assert (moved.kind, memory.running) == (FailureKind.MOVED, {"kernel nftables": "by hand\n"})


def test_settled_changes_stay_settled(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    memory.commit("first", 60)
    assert (memory.revert("first"), memory.revert("first")) == (Reverted(), Reverted())
    assert isinstance(late := memory.confirm("first"), Failure)
    assert late.kind is FailureKind.EXPIRED
