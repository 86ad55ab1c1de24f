"""Sets of numbers and names, held against Python's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.facts.space import EVERYTHING, WHOLE, Field, Names, Ranges, meet

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda pair: (pair[0], sum(pair))))
ALPHABET = frozenset({"lo", "wan0", "vlan1", "vlan10", "vlan2", "eth0"})
NAMES = st.builds(Names, st.frozensets(st.sampled_from([*sorted(ALPHABET), "vlan*", "vlan1*", "w*"])), st.booleans())


def numbers(spans: list[tuple[int, int]]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


def plain(names: Names) -> set[str]:
    return {name for name in ALPHABET if name in names}


@given(SPANS, SPANS)
def test_ranges_are_sets_of_numbers(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    a, b = Ranges.of(one), Ranges.of(other)
    assert numbers(list(a)) == numbers(one)
    assert numbers(list(a & b)) == numbers(one) & numbers(other)
    assert numbers(list(a - b)) == numbers(one) - numbers(other)
    assert a.within(b) == (numbers(one) <= numbers(other))
    assert (a & b) == Ranges.of((a & b).spans)
    assert bool(a) == bool(one)
    assert all((number in a) == (number in numbers(one)) for number in range(75))


@given(SPANS)
def test_equal_sets_of_numbers_are_equal_values(spans: list[tuple[int, int]]) -> None:
    assert Ranges.of(spans) == Ranges.of((number, number) for number in numbers(spans))


@given(NAMES, NAMES)
def test_names_are_sets_of_names(one: Names, other: Names) -> None:
    assert plain(one & other) >= plain(one) & plain(other)
    assert plain(one - other) >= plain(one) - plain(other)
    if not any(name.endswith("*") for name in one.names | other.names):
        assert plain(one & other) == plain(one) & plain(other)
        assert plain(one - other) == plain(one) - plain(other)
    assert plain(~one) == ALPHABET - plain(one)
    if one.within(other):
        assert plain(one) <= plain(other)


def test_a_space_is_narrowed_until_nothing_is_left() -> None:
    wan = Names(frozenset({"wan0"}))
    space = EVERYTHING.narrowed(Field.IN_INTERFACE, wan)
    assert space is not None
    assert space.limits(Field.IN_INTERFACE)
    assert not space.limits(Field.OUT_INTERFACE)
    assert space.implies(Field.IN_INTERFACE, Names(frozenset({"w*"})))
    assert space.narrowed(Field.IN_INTERFACE, ~wan) is None
    assert space.without(Field.IN_INTERFACE, wan) is None
    assert space.freed(Field.IN_INTERFACE) == EVERYTHING
    assert space.ranges(Field.SOURCE) == WHOLE[Field.SOURCE]
    assert space.names(Field.IN_INTERFACE) == wan


def test_values_of_two_kinds_never_meet() -> None:
    with pytest.raises(TypeError):
        meet(Ranges(()), Names(frozenset()))
    with pytest.raises(TypeError):
        EVERYTHING.without(Field.SOURCE, Names(frozenset()))
    with pytest.raises(TypeError):
        EVERYTHING.ranges(Field.FAMILY)
    with pytest.raises(TypeError):
        EVERYTHING.names(Field.SOURCE)
