"""Does every value that may travel arrive as it was, and nothing else at all?"""

from __future__ import annotations

import contextlib
import math
import random
import socket
import struct
import threading
import time
from array import array
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnncourse.grading.engine.wire import (
    Channel,
    Closed,
    Codec,
    Malformed,
    Opaque,
    OutOfTime,
    write_back,
)

MOST = 4_000_000

quietly = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)


def codec(most_bytes: int = MOST) -> Codec:
    functions: list[Any] = []

    def register(function: Any) -> int:
        functions.append(function)
        return len(functions) - 1

    def remote(handle: int) -> Any:
        def call(*args: Any, **keywords: Any) -> Any:
            return functions[handle](*args, **keywords)

        return call

    return Codec(register, remote, most_bytes)


def there_and_back(value: Any) -> Any:
    both = codec()
    return both.decode(both.encode(value))


def same(one: Any, other: Any) -> bool:
    """Equal in type and value; nan equals nan, and 0.0 is not -0.0."""
    if type(one) is not type(other):
        return False
    match one:
        case float():
            signs = math.copysign(1, one) == math.copysign(1, other)
            return (math.isnan(one) and math.isnan(other)) or (one == other and signs)
        case complex():
            return same(one.real, other.real) and same(one.imag, other.imag)
        case list() | tuple():
            return len(one) == len(other) and all(map(same, one, other))
        case dict():
            return same(list(one), list(other)) and all(same(one[k], other[k]) for k in one)
        case np.ndarray():
            if (one.shape, one.dtype) != (other.shape, other.dtype):
                return False
            if one.dtype == object:
                return same(one.ravel().tolist(), other.ravel().tolist())
            return one.tobytes() == other.tobytes()
        case np.generic():
            return one.dtype == other.dtype and one.tobytes() == other.tobytes()
        case np.random.Generator():
            return repr(one.bit_generator.state) == repr(other.bit_generator.state)
    return bool(one == other)


text = st.text(st.characters(), max_size=20)
numbers = st.one_of(
    st.booleans(),
    st.integers(),
    st.integers(-(2**63), 2**64 - 1),
    st.integers().map(lambda n: n << 2000),
    st.floats(),
    st.complex_numbers(allow_nan=True),
)
keys = st.one_of(text, st.integers(), st.booleans(), st.floats(allow_nan=False), st.binary())
scalars = st.one_of(
    hnp.scalar_dtypes()
    .filter(lambda dtype: dtype.kind in "biufcmM")
    .flatmap(lambda dtype: hnp.arrays(dtype, ()))
    .map(lambda whole: whole[()])
)
arrays = hnp.arrays(
    st.one_of(
        hnp.boolean_dtypes(),
        hnp.integer_dtypes(endianness="?"),
        hnp.floating_dtypes(endianness="?"),
        hnp.complex_number_dtypes(endianness="?"),
        hnp.datetime64_dtypes(),
        hnp.timedelta64_dtypes(),
    ),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
leaves = st.one_of(st.none(), numbers, text, st.binary(), scalars, arrays)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)


@quietly
@given(values)
def test_does_every_plain_value_arrive_as_it_was(value: Any) -> None:
    assert same(there_and_back(value), value)


@quietly
@given(st.frozensets(keys), st.sets(keys), st.integers(), st.integers(), st.integers(1, 99))
def test_do_sets_and_ranges_arrive(a: Any, b: Any, start: int, stop: int, step: int) -> None:
    for value in (a, b, range(start, stop, step), range(stop, start, -step)):
        assert there_and_back(value) == value
        assert type(there_and_back(value)) is type(value)


@pytest.mark.parametrize(
    "words",
    [
        np.array("a string"),
        np.array(["a", "longer", "\ud800", ""]),
        np.array([[b"a", b"bc"]]),
        np.array([1, "two", None, [3.0], (4,), {5: 6}, np.arange(3)], dtype=object),
        np.array(None, dtype=object),
        np.empty((0, 3), dtype=object),
        np.empty((2, 0), dtype="U5"),
        np.array([np.nan, -0.0, np.inf]),
        np.longdouble(1) / np.arange(1, 4, dtype=np.longdouble),
        np.array(["NaT", "2020-01-01"], dtype="M8[D]"),
        np.array([3], dtype="m8[25s]"),
    ],
    ids=lambda words: f"{words.dtype}-{words.shape}",
)
def test_do_arrays_of_words_and_objects_arrive(words: np.ndarray) -> None:
    came = there_and_back(words)
    assert came.shape == words.shape
    assert came.dtype.kind == words.dtype.kind
    assert words.dtype == object or not words.size or same(came, words)
    assert str(came) == str(words)


def test_does_an_array_keep_its_numbers_whatever_its_layout() -> None:
    whole = np.arange(24.0).reshape(2, 3, 4)
    for view in (np.asfortranarray(whole), whole[::-1, ::2], whole.T, whole[:, :, 1]):
        assert same(there_and_back(view), np.ascontiguousarray(view))
    fixed = np.arange(3)
    fixed.flags.writeable = False
    assert not there_and_back(fixed).flags.writeable
    assert there_and_back(whole).flags.writeable


def test_does_a_structured_array_come_as_objects() -> None:
    records = np.array([(1, 2.5)], dtype=[("n", "i4"), ("x", "f8")])
    assert there_and_back(records).tolist() == [(1, 2.5)]


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_does_a_generator_go_on_drawing_where_it_was(kind: str) -> None:
    generator = np.random.Generator(getattr(np.random, kind)(3))
    generator.normal(size=7)
    generator.integers(5, dtype=np.uint8)  # half a draw is kept
    came = there_and_back(generator)
    assert np.array_equal(came.normal(size=9), generator.normal(size=9))
    assert type(came.bit_generator).__name__ == kind


class Colour(IntEnum):
    RED = 1


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "came"),
    [
        (Colour.RED, 1),
        (Point(1, 2), (1, 2)),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, {1: [2]}), {1: [2]}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (type("L", (list,), {})([1]), [1]),
        (type("S", (str,), {"__str__": lambda s: "lie"})("true"), "true"),
        (type("F", (float,), {})(1.5), 1.5),
        (type("I", (int,), {})(2**80), 2**80),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
        (deque([1, 2], maxlen=2), [1, 2]),
        ({"a": 1}.items(), [("a", 1)]),
        ({"a": 1}.keys(), ["a"]),
        (array("d", [0.5]), [0.5]),
        (Fraction(1, 4), 0.25),
        (Decimal("0.25"), 0.25),
        (np.str_("a"), "a"),
        (np.bytes_(b"a"), b"a"),
        (np.ma.array([1, 2], mask=[0, 1]), np.array([1, 2])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_does_a_kind_of_a_plain_value_arrive_as_the_plain_one(value: Any, came: Any) -> None:
    assert same(there_and_back(value), came)


def test_do_iterators_arrive_and_endless_ones_only_by_name() -> None:
    assert list(there_and_back(n * n for n in range(4))) == [0, 1, 4, 9]
    assert isinstance(there_and_back(iter(int, 1)), Opaque)


def test_do_types_arrive_as_themselves() -> None:
    for kind in (int, float, list, np.float32, np.bool_, np.int64):
        assert there_and_back(kind) is kind


def test_does_a_function_arrive_as_something_to_call() -> None:
    def add(a: int, *, b: int = 2) -> int:
        return a + b

    came = there_and_back([add])[0]
    assert (came(1), came(1, b=5), came.__name__) == (3, 6, "add")


class Liar:
    """Says that it equals everything; and cannot even be printed."""

    def __init__(self, text: Any = "a liar") -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if isinstance(self.text, BaseException):
            raise self.text
        return self.text


@pytest.mark.parametrize("text", ["a liar", ValueError(), SystemExit(), "x" * 100_000])
def test_does_any_other_object_come_as_its_text_alone(text: Any) -> None:
    came = there_and_back(Liar(text))
    assert type(came) is Opaque
    assert came != 11.0
    assert came != [1]
    assert len(repr(came)) <= 200


def test_does_an_exception_in_an_object_never_leave_the_encoder() -> None:
    class Bad(list):
        def __iter__(self):
            raise ValueError

    loop: list[Any] = []
    loop.append(loop)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for value in (Bad([1]), loop, deep, [iter([deep])]):
        assert "Opaque" in str(type(there_and_back(value)))


def test_is_a_value_that_is_too_large_only_named() -> None:
    small = codec(1000)
    assert isinstance(small.decode(small.encode("x" * 2000)), Opaque)
    with pytest.raises(Malformed):
        small.decode(msgpack.packb("x" * 2000))


# what a changed argument becomes


def lists_and_more() -> list[Any]:
    return [
        ([3, 1, 2], [1, 2, 3]),
        ([1], [1, 2]),
        ([[1], [2]], [[1], [2, 3]]),
        ([(2, "b"), (1, "a")], [(1, "a"), (2, "b")]),
        ([(1, [2])], [(1, [2, 3])]),
        ([np.zeros(2)], [np.ones(3)]),
        ([np.zeros(2)], [np.ones(2, int)]),
        ([np.zeros(2)], [np.ones(2)]),
        ({"a": [1], "b": 2}, {"a": [1, 2], "c": 3}),
        ({"a": {"b": np.zeros(1)}}, {"a": {"b": np.ones(1)}}),
        ({1, 2}, {2, 3}),
        (np.zeros((2, 2)), np.eye(2)),
        (np.array(1.0), np.array(2.0)),
        (np.array([None, [1]], object), np.array([None, [2]], object)),
        ([np.random.default_rng(1)], [np.random.Generator(np.random.MT19937(1))]),
        ([1, [2, [3]]], [1, [2, [4]]]),
    ]


# not by their texts, which hold addresses
@pytest.mark.parametrize(("old", "new"), lists_and_more(), ids=lambda value: type(value).__name__)
def test_is_a_changed_argument_changed_here_too(old: Any, new: Any) -> None:
    write_back(old, new)
    assert same(old, new)


def test_do_parts_of_a_changed_argument_stay_the_same_objects() -> None:
    inner, zeros, generator = [1], np.zeros(2), np.random.default_rng(1)
    other = np.random.default_rng(2)
    write_back([inner, (zeros, generator)], [[1, 2], (np.ones(2), other)])
    assert inner == [1, 2]
    assert zeros.tolist() == [1, 1]
    assert generator.random() == np.random.default_rng(2).random()


@quietly
@given(st.lists(values, max_size=4), st.lists(values, max_size=4))
def test_does_a_list_become_whatever_it_was_changed_to(old: list[Any], new: list[Any]) -> None:
    write_back(old, new)
    assert same(old, new)


def test_can_nobody_change_what_cannot_be_changed() -> None:
    fixed = np.zeros(2)
    fixed.flags.writeable = False
    for old, new in ((fixed, np.ones(2)), ((1, 2), (3, 4)), ("a", "b"), (1, 2), (print, len)):
        before = repr(old)
        write_back(old, new)
        assert repr(old) == before


# what is no value


def is_refused_or_read(data: bytes) -> None:
    started = time.monotonic()
    with contextlib.suppress(Malformed):
        codec().decode(data)
    assert time.monotonic() - started < 5


@quietly
@given(st.binary(max_size=200))
def test_are_random_bytes_never_more_than_malformed(data: bytes) -> None:
    is_refused_or_read(data)


@quietly
@given(st.integers(0, 13), st.lists(values, max_size=4))
def test_are_odd_parts_never_more_than_malformed(code: int, parts: list[Any]) -> None:
    both = codec()
    packed = [
        msgpack.unpackb(both.encode(part), strict_map_key=False, unicode_errors="surrogatepass")
        for part in parts
    ]
    inner = msgpack.packb(packed, unicode_errors="surrogatepass")
    is_refused_or_read(msgpack.packb(msgpack.ExtType(code, inner)))


@quietly
@given(values, st.randoms(use_true_random=False))
def test_are_damaged_values_never_more_than_malformed(value: Any, chance: random.Random) -> None:
    data = bytearray(codec().encode(value))
    for _ in range(chance.randint(1, 4)):
        match chance.randint(0, 2):
            case 0:
                data[chance.randrange(len(data))] = chance.randrange(256)
            case 1:
                data.insert(chance.randrange(len(data)), chance.randrange(256))
            case _ if len(data) > 1:
                del data[chance.randrange(len(data))]
    is_refused_or_read(bytes(data))


def ext(code: int, *parts: Any) -> bytes:
    return msgpack.packb(msgpack.ExtType(code, msgpack.packb(list(parts))))


def nested(times: int) -> bytes:
    data = ext(1, 1)
    for _ in range(times):
        data = msgpack.packb(msgpack.ExtType(1, b"\x91" + data))
    return data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01\x01",
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",  # a list of four thousand million items
        b"\xdf\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xffabc",
        b"\xdd\x00\x50\x00\x00" + b"\xc0" * 0x500000,
        b"\x91" * 100_000,
        nested(500),
        ext(99, 1),
        ext(2, "O8", [1], b"12345678", True),  # addresses
        ext(2, "<f8", [2**30, 2**30], b"", True),
        ext(2, "<f8", [-1, -1], b"12345678", True),
        ext(2, "<f8", [True], b"12345678", True),
        ext(2, "f8,f8", [1], b"1" * 16, True),
        ext(2, "V8", [1], b"1" * 8, True),
        ext(2, "<f8", [1] * 65, b"1" * 8, True),
        ext(2, "O", [3], [1, 2], True),
        ext(2, "U", [1], [1], True),
        ext(3, "<f99", b"1" * 99),
        ext(3, "M8[xx]", b"1" * 8),
        ext(5, "nothing"),
        ext(6, [1]),
        ext(8, 1, 2, 0),
        ext(9, "x", 1),
        ext(10, {"bit_generator": "os.system"}),
        ext(10, {"bit_generator": "PCG64", "state": 1}),
        ext(11, "os"),
        ext(11, "builtins.eval"),
    ],
    ids=lambda data: data[:12].hex(),
)
def test_is_what_may_not_travel_refused_at_once(data: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(Malformed):
        codec(10_000_000).decode(data)
    assert time.monotonic() - started < 2


# messages


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, 1000), theirs


def packed(message: Any) -> bytes:
    body = msgpack.packb(message)
    return struct.pack(">Q", len(body)) + body


def test_does_a_message_arrive_in_however_many_parts(pair: Any) -> None:
    channel, theirs = pair
    data = packed({"a": 1})

    def slowly() -> None:
        for byte in data:
            theirs.send(bytes([byte]))
            time.sleep(0.005)

    thread = threading.Thread(target=slowly)
    thread.start()
    assert channel.receive(time.monotonic() + 5) == {"a": 1}
    thread.join()


def test_does_a_slow_message_end_with_its_time(pair: Any) -> None:
    channel, theirs = pair
    theirs.send(packed({"a": 1})[:-1])
    started = time.monotonic()
    with pytest.raises(OutOfTime):
        channel.receive(started + 0.2)
    assert time.monotonic() - started < 1
    with pytest.raises(OutOfTime):
        channel.receive(started)


def test_does_nobody_wait_for_one_who_does_not_read(pair: Any) -> None:
    channel, _ = pair
    with pytest.raises(OutOfTime):
        channel.send({"a": b"x" * 10_000_000}, time.monotonic() + 0.2)


def test_is_a_closed_line_said_to_be_closed(pair: Any) -> None:
    channel, theirs = pair
    theirs.send(packed({"a": 1})[:-1])
    theirs.close()
    with pytest.raises(Closed):
        channel.receive(time.monotonic() + 1)
    with pytest.raises(Closed):
        channel.send({"a": 1})


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">Q", 1001),
        struct.pack(">Q", 2**64 - 1),
        struct.pack(">Q", 0),
        struct.pack(">Q", 3) + b"abc",
        packed([1]),
        packed(1),
        packed({1: 2}),
        packed(None),
        struct.pack(">Q", 900) + b"\x91" * 900,
    ],
    ids=lambda data: data[:12].hex(),
)
def test_is_what_is_no_message_refused(pair: Any, data: bytes) -> None:
    channel, theirs = pair
    theirs.send(data)
    with pytest.raises(Malformed):
        channel.receive(time.monotonic() + 1)
