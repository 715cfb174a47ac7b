"""Whatever is done to a cart can be taken back, step by step, to the very same lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shop.cart import Line, Lines, Operation, SetLine, adding, apply, changing_variant, clearing, quantity_of, restoring

SKUS = ("A", "B", "C", "D")
skus = st.sampled_from(SKUS)
wishes = st.dictionaries(skus, st.integers(1, 5), max_size=3)
steps = st.one_of(
    st.tuples(st.just("add"), wishes),
    st.tuples(st.just("set"), st.tuples(skus, st.integers(0, 5))),
    st.tuples(st.just("variant"), st.tuples(skus, skus)),
    st.tuples(st.just("clear"), st.none()),
    st.tuples(st.just("restore"), wishes),
)


def operation(lines: Lines, step: tuple[str, object]) -> Operation:
    match step:
        case ("add", dict(more)):
            return adding(lines, more)
        case ("set", (str(sku), int(quantity))):
            return (SetLine(sku, quantity),)
        case ("variant", (str(sku), str(to))):
            return changing_variant(lines, sku, to)
        case ("restore", dict(back)):
            return restoring(lines, tuple(Line(sku, quantity) for sku, quantity in back.items()))
        case _:
            return clearing(lines)


@given(st.lists(steps, max_size=20))
def test_every_operation_has_its_inverse(walk: list[tuple[str, object]]) -> None:
    lines: Lines = ()
    past: list[tuple[Lines, Operation]] = []
    for step in walk:
        after, inverse = apply(lines, operation(lines, step))
        assert all(line.quantity > 0 for line in after)
        assert len({line.sku for line in after}) == len(after)
        past.append((lines, inverse))
        lines = after
    for before, inverse in reversed(past):
        lines, _ = apply(lines, inverse)
        assert lines == before


@given(wishes, wishes)
def test_adding_adds(first: dict[str, int], more: dict[str, int]) -> None:
    lines, _ = apply((), adding((), first))
    lines, _ = apply(lines, adding(lines, more))
    assert {sku: quantity_of(lines, sku) for sku in SKUS} == {sku: first.get(sku, 0) + more.get(sku, 0) for sku in SKUS}


def test_another_variant_joins_a_line_that_is_there_already() -> None:
    lines: Lines = (Line("A", 2), Line("B", 1))
    after, inverse = apply(lines, changing_variant(lines, "A", "B"))
    assert after == (Line("B", 3),)
    assert apply(after, inverse)[0] == lines
