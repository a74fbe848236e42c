"""Values and messages as bytes, without pickle.

A student's process is not trusted, so what it sends must be harmless to read: numbers,
strings, lists, tuples, dicts, sets and arrays of fixed types, in MessagePack. Whatever else a
function returns arrives as `Opaque`: its name and how it prints. Functions travel as handles
that can be called, random generators as their state, Keras models as in `keras_wire`.
"""

from __future__ import annotations

import itertools
import math
import re
import socket
import struct
import sys
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, MappingView
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgpack
import numpy as np

#: Of one string that stands for a value that cannot travel.
_REPR_CHARS = 200
#: Of an iterator; an endless one becomes `Opaque`.
_ITERATOR_ITEMS = 100_000
_DEPTH = 64
_LENGTH = 5_000_000

_HEAD = struct.Struct(">Q")

_TUPLE, _ARRAY, _SCALAR, _COMPLEX, _BIG_INT, _SET, _FROZENSET, _RANGE = range(1, 9)
_FUNCTION, _GENERATOR, _TYPE, _ITERATOR, _OPAQUE, _KERAS = range(9, 15)

_BUFFER_DTYPE = re.compile(r"[<>|=]?[biufc]\d{1,2}|[<>|=]?[mM]8(\[\d{0,6}[a-zA-Z]{1,2}\])?")

_TYPES = {
    **{t.__name__: t for t in (bool, int, float, complex, str, bytes, list, tuple, dict, set)},
    **{
        f"numpy.{t.__name__}": t
        for t in (
            *(np.bool_, np.int8, np.int16, np.int32, np.int64),
            *(np.uint8, np.uint16, np.uint32, np.uint64),
            *(np.float16, np.float32, np.float64, np.complex64, np.complex128),
        )
    },
}
_TYPE_NAMES = {t: name for name, t in _TYPES.items()}

_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


class Malformed(Exception):
    """Bytes that are no value, or one that is larger or deeper than allowed."""


class Unmade(Malformed):
    """A Keras model or layer that may not be made again, or cannot."""


class Closed(Exception):
    """The other side is gone."""


class OutOfTime(Exception):
    """The other side did not answer in time."""


class Opaque:
    """Stands for a value that cannot travel; prints as the value did."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self._text = text

    def __repr__(self) -> str:
        return self._text


class Codec:
    """Turns values into bytes and back.

    Parameters
    ----------
    register
        Called with a function that is to be sent; returns the number of its handle.
    remote
        Called with the number of a handle that came; returns what is called instead.
    most_bytes
        The largest value that may come or go.
    keras_parts
        Read Keras models as `keras_wire.Parts` instead of making them again.
    """

    def __init__(
        self,
        register: Callable[[Callable[..., Any]], int],
        remote: Callable[[int], Callable[..., Any]],
        most_bytes: int,
        keras_parts: bool = False,
    ) -> None:
        self._keras_parts = keras_parts
        self._register = register
        self._remote = remote
        self._most_bytes = most_bytes
        self._depth = 0

    def encode(self, value: Any) -> bytes:
        """Make bytes of any value; what cannot travel is sent as `Opaque`."""
        try:
            data = self._pack(value)
        except (ValueError, TypeError, RecursionError, OverflowError, MemoryError):
            return self._pack(_opaque(value, "is nested too deeply or is too large"))
        if len(data) > self._most_bytes:
            return self._pack(_opaque(value, f"is larger than {self._most_bytes} bytes"))
        return data

    def decode(self, data: bytes) -> Any:
        """Read a value.

        Raises
        ------
        Malformed
            If the bytes are no value that may travel.
        """
        if len(data) > self._most_bytes:
            raise Malformed("a value is too large")
        self._depth = 0
        try:
            return self._unpack(data)
        except Malformed:
            raise
        except Exception as error:
            raise Malformed(f"a value cannot be read ({type(error).__name__})") from None

    def _pack(self, value: Any) -> bytes:
        packed: bytes = msgpack.packb(
            value, default=self._extend, strict_types=True, unicode_errors="surrogatepass"
        )
        return packed

    def _unpack(self, data: bytes) -> Any:
        if self._depth > _DEPTH:
            raise Malformed("a value is nested too deeply")
        self._depth += 1
        try:
            return msgpack.unpackb(
                data,
                ext_hook=self._read,
                strict_map_key=False,
                unicode_errors="surrogatepass",
                max_array_len=_LENGTH,
                max_map_len=_LENGTH,
            )
        finally:
            self._depth -= 1

    def _ext(self, code: int, *parts: Any) -> msgpack.ExtType:
        return msgpack.ExtType(code, self._pack(list(parts)))

    def _extend(self, value: Any) -> Any:
        """What MessagePack does not know by itself, and subclasses of what it knows."""
        match value:
            case np.ndarray():
                return self._array(value)
            case np.str_() | np.bytes_():
                return value.item()
            case np.generic():
                if value.dtype.kind in "biufcmM":
                    return self._ext(_SCALAR, value.dtype.str, value.tobytes())
                return self._array(np.asarray(value))
            case Opaque():
                return self._ext(_OPAQUE, value.kind, repr(value))
            case int():
                exact = int(value)
                small = -(2**63) <= exact < 2**64
                return exact if small else self._ext(_BIG_INT, hex(exact))
            case float():
                return float(value)
            case complex():
                return self._ext(_COMPLEX, value.real, value.imag)
            case str():
                return str.__str__(value)
            case bytes() | bytearray() | memoryview():
                return bytes(value)
            case tuple():
                return self._ext(_TUPLE, *value)
            case dict():
                return dict(value.items())
            case list():
                return list(value)
            case set():
                return self._ext(_SET, *value)
            case frozenset():
                return self._ext(_FROZENSET, *value)
            case range():
                return self._ext(_RANGE, value.start, value.stop, value.step)
            case type() if value in _TYPE_NAMES:
                return self._ext(_TYPE, _TYPE_NAMES[value])
            case np.random.Generator():
                state = dict(value.bit_generator.state)
                return self._ext(_GENERATOR, state)
        return self._extend_objects(value)

    def _extend_objects(self, value: Any) -> Any:
        if "keras" in sys.modules:
            from rnncourse.grading.engine import keras_wire

            try:
                parts = keras_wire.to_plain(value)
            except keras_wire.NotPlain as reason:
                return self._extend(Opaque(_name(type(value)), f"<a model that {reason}>"))
            if parts is not None:
                return self._ext(_KERAS, *parts)
        if hasattr(type(value), "__array__"):  # a tensor, a pandas column
            return self._array(np.asarray(value))
        if isinstance(value, deque | array) or (
            isinstance(value, MappingView) and isinstance(value, Iterable)
        ):
            return list(value)
        if isinstance(value, Fraction | Decimal):
            return float(value)
        if callable(value) and not isinstance(value, type):
            return self._ext(_FUNCTION, self._register(value), _name(value))
        if isinstance(value, Iterator):
            items = list(itertools.islice(value, _ITERATOR_ITEMS + 1))
            if len(items) <= _ITERATOR_ITEMS:
                return self._ext(_ITERATOR, *items)
        return self._extend(_opaque(value))

    def _array(self, array: np.ndarray) -> msgpack.ExtType:
        array = np.asarray(array)
        kind = array.dtype.kind
        shape = list(array.shape)
        if kind in "biufcmM":
            content: Any = array.tobytes()
        elif kind in "USO":
            content = array.ravel().tolist()
        else:
            return self._array(array.astype(object))
        dtype = array.dtype.str if kind in "biufcmM" else kind
        return self._ext(_ARRAY, dtype, shape, content, bool(array.flags.writeable))

    def _read(self, code: int, data: bytes) -> Any:
        parts = self._unpack(data)
        if type(parts) is not list:
            raise Malformed("a value has no parts")
        match code:
            case _ if code == _TUPLE:
                return tuple(parts)
            case _ if code == _ARRAY:
                return _read_array(*parts)
            case _ if code == _SCALAR:
                dtype, content = parts
                return _buffer(dtype, content, ())[()]
            case _ if code == _COMPLEX:
                return complex(*parts)
            case _ if code == _BIG_INT:
                return int(parts[0], 16)
            case _ if code == _SET:
                return set(parts)
            case _ if code == _FROZENSET:
                return frozenset(parts)
            case _ if code == _RANGE:
                return range(*parts)
            case _ if code == _TYPE:
                return _TYPES[parts[0]]
            case _ if code == _GENERATOR:
                return _read_generator(parts[0])
            case _ if code == _ITERATOR:
                return iter(parts)
            case _ if code == _OPAQUE:
                return Opaque(str(parts[0]), str(parts[1]))
            case _ if code == _FUNCTION:
                function = self._remote(int(parts[0]))
                function.__name__ = str(parts[1])
                return function
            case _ if code == _KERAS:
                from rnncourse.grading.engine import keras_wire

                try:
                    made = keras_wire.Parts if self._keras_parts else keras_wire
                    return made.from_plain(*parts)
                except Exception as error:
                    reason = error if isinstance(error, keras_wire.NotPlain) else "cannot be made"
                    raise Unmade(f"the Keras model or layer {reason}") from None
        raise Malformed(f"a value of an unknown kind ({code})")


def write_back(old: Any, new: Any) -> None:
    """Make a value what it was changed to elsewhere, in place, as far as that is possible."""
    match old:
        case np.ndarray():
            fits = isinstance(new, np.ndarray) and new.shape == old.shape and old.flags.writeable
            if fits and np.can_cast(new.dtype, old.dtype, "same_kind"):
                old[...] = new
        case list() if isinstance(new, list):
            if len(old) == len(new):
                old[:] = map(_written_back, old, new)
            else:
                old[:] = new
        case tuple() if isinstance(new, tuple):
            for was, now in zip(old, new, strict=False):
                write_back(was, now)
        case dict() if isinstance(new, dict):
            items = {k: _written_back(old[k], v) if k in old else v for k, v in new.items()}
            old.clear()  # so that the keys come in the new order, too
            old.update(items)
        case set() if isinstance(new, set):
            old.clear()
            old.update(new)
        case np.random.Generator() if isinstance(new, np.random.Generator):
            if type(new.bit_generator) is type(old.bit_generator):
                old.bit_generator.state = new.bit_generator.state
        case _ if hasattr(old, "set_weights") and hasattr(new, "get_weights"):
            old.set_weights(new.get_weights())


class Channel:
    """Messages over a socket: the length, then a MessagePack map.

    Parameters
    ----------
    sock
        One end of a stream socket.
    most_bytes
        The largest message that may come.
    """

    def __init__(self, sock: socket.socket, most_bytes: int) -> None:
        self._sock = sock
        self._most_bytes = most_bytes

    def send(self, message: dict[str, Any], deadline: float | None = None) -> None:
        """Send a message.

        Raises
        ------
        Closed, OutOfTime
            If nobody takes it, by ``deadline`` as `time.monotonic` tells it.
        """
        body: bytes = msgpack.packb(message, unicode_errors="surrogatepass")
        try:
            self._wait(deadline)
            self._sock.sendall(_HEAD.pack(len(body)) + body)
        except TimeoutError:
            raise OutOfTime from None
        except OSError:
            raise Closed from None

    def receive(self, deadline: float | None = None) -> dict[str, Any]:
        """Wait for a message.

        Raises
        ------
        Closed, OutOfTime, Malformed
            If none comes, or what comes is none.
        """
        (length,) = _HEAD.unpack(self._exactly(_HEAD.size, deadline))
        if length > self._most_bytes:
            raise Malformed("a message is too large")
        try:
            message = msgpack.unpackb(
                self._exactly(length, deadline),
                unicode_errors="surrogatepass",
                max_array_len=_LENGTH,
            )
        except Exception as error:
            if isinstance(error, Closed | OutOfTime):
                raise
            raise Malformed(f"a message cannot be read ({type(error).__name__})") from None
        if not isinstance(message, dict):
            raise Malformed("a message is no map")
        return message

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _wait(self, deadline: float | None) -> None:
        if deadline is None:
            self._sock.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)

    def _exactly(self, length: int, deadline: float | None) -> bytes:
        parts = bytearray()
        try:
            while len(parts) < length:
                self._wait(deadline)
                part = self._sock.recv(min(length - len(parts), 1 << 20))
                if not part:
                    raise Closed
                parts += part
        except TimeoutError:
            raise OutOfTime from None
        except OSError:
            raise Closed from None
        return bytes(parts)


def _opaque(value: Any, why: str = "") -> Opaque:
    kind = _name(type(value))
    try:
        text = f"<{kind} that {why}>" if why else repr(value)
    except BaseException:
        text = f"<{kind}>"
    return Opaque(kind, str.__str__(text)[:_REPR_CHARS])


def _name(value: Any) -> str:
    name = getattr(value, "__name__", None)
    return str.__str__(name)[:_REPR_CHARS] if isinstance(name, str) else "function"


def _written_back(old: Any, new: Any) -> Any:
    """The old item if it could be made what the new one is, or else the new one."""
    if type(old) is not type(new):
        return new
    match old:
        case tuple() if len(old) == len(new):
            items = tuple(map(_written_back, old, new))
            return old if all(was is now for was, now in zip(old, items, strict=True)) else items
        case np.ndarray() if (old.shape, old.dtype) != (new.shape, new.dtype):
            return new
        case np.random.Generator() if type(old.bit_generator) is not type(new.bit_generator):
            return new
        case np.ndarray() | list() | dict() | set() | np.random.Generator():
            write_back(old, new)
            return old
    return new


def _shape(shape: Any) -> tuple[int, ...]:
    whole = type(shape) is list and len(shape) <= 32
    if not whole or not all(type(n) is int and 0 <= n < 2**40 for n in shape):
        raise Malformed("an array has no shape")
    return tuple(shape)


def _buffer(dtype: Any, content: Any, shape: tuple[int, ...]) -> np.ndarray:
    if not isinstance(dtype, str) or not _BUFFER_DTYPE.fullmatch(dtype):
        raise Malformed("an array is of an unknown type")
    kind = np.dtype(dtype)
    if not isinstance(content, bytes) or len(content) != math.prod(shape) * kind.itemsize:
        raise Malformed("an array has not as many elements as its shape says")
    return np.frombuffer(content, kind).reshape(shape).copy()


def _read_array(dtype: Any, shape: Any, content: Any, writeable: Any) -> np.ndarray:
    sizes = _shape(shape)
    if dtype in ("U", "S", "O"):
        element = {"U": str, "S": bytes, "O": object}[dtype]
        if type(content) is not list or len(content) != math.prod(sizes):
            raise Malformed("an array has not as many elements as its shape says")
        if not all(isinstance(item, element) for item in content):
            raise Malformed("an array holds something else than it says")
        array = np.empty(len(content), object)
        for place, item in enumerate(content):
            array[place] = item
        array = (array if dtype == "O" else array.astype(dtype)).reshape(sizes)
    else:
        array = _buffer(dtype, content, sizes)
    array.flags.writeable = bool(writeable)
    return array


def _read_generator(state: Any) -> np.random.Generator:
    name = state["bit_generator"]
    if name not in _BIT_GENERATORS:
        raise Malformed("a random generator of an unknown kind")
    bits = getattr(np.random, name)()
    bits.state = state
    return np.random.Generator(bits)
