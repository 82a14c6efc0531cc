"""Texts of a link that would be long, packed into few letters that an address can hold: z and base64url.

Numbers are written as bytes, small ones and small differences in one, and what becomes shorter by it is deflated.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Sequence
from zlib import compressobj, decompressobj
from zlib import error as NotDeflated

MARK = "z"
"""The first letter of a packed text."""

PLAIN = 160
"""Letters of a text up to which it is never packed: people read it, and type it."""

MOST_BYTES = 1 << 15
"""Bytes that a text may unpack to."""

Numbers = tuple[str, list[float], list[tuple[int, float]]]
"""What tells a text's kind, its numbers, and its pairs of an index and a number."""


def packed_text(text: str) -> str:
    """A text of ASCII letters; itself, where it is short.

    >>> packed_text("conv2d-i5-k3"), len(packed_text("conv2d-i5-k3~" * 64)) < 60
    ('conv2d-i5-k3', True)
    """
    return text if len(text) <= PLAIN else min(text, _shortest([text.encode()]), key=len)


def unpacked_text(text: str) -> str:
    """The text that was packed; itself, where it was not. Raises ValueError where it cannot be unpacked."""
    return _bytes(text).decode("ascii") if text.startswith(MARK) else text


def packed_numbers(head: str, numbers: Sequence[float], pairs: Sequence[tuple[int, float]]) -> str:
    """What tells a text's kind, its numbers, to three decimals, and its pairs.

    >>> unpacked_numbers(packed_numbers("v", [3, 250, 251.5], [(4, -2.0)]))
    ('v', [3.0, 250.0, 251.5], [(4, -2.0)])
    """
    lead, after = [len(head), *head.encode(), len(numbers)], list(_of_pairs(pairs))
    ways = [_varints([0, *lead, *_of_differences(numbers), *after])]
    if all(0 <= n <= 255 and n == int(n) for n in numbers):
        ways.append(_varints([1, *lead]) + bytes(map(int, numbers)) + _varints(after))
    return _shortest(ways)


def unpacked_numbers(text: str) -> Numbers:
    """What was packed. Raises ValueError where it cannot be unpacked."""
    data = iter(_bytes(text))
    try:
        way, length = _varint(data), _varint(data)
        head = bytes(next(data) for _ in range(min(length, 99))).decode("ascii")
        count = min(_varint(data), MOST_BYTES)
        numbers = [float(next(data)) for _ in range(count)] if way else list(_differences(data, count))
        return head, numbers, list(_pairs(data))
    except (StopIteration, RuntimeError):
        raise ValueError(text) from None


def _shortest(ways: Iterable[bytes]) -> str:
    """The shortest text of several, deflated or not."""
    told = []
    for data in ways:
        squeezer = compressobj(9, wbits=-15)
        told += [b"d" + squeezer.compress(data) + squeezer.flush(), b"p" + data]
    return MARK + urlsafe_b64encode(min(told, key=len)).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """The bytes of a packed text."""
    try:
        body = text.removeprefix(MARK)
        data = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        if data[:1] == b"p":
            return data[1:]
        opened = decompressobj(-15)
        told = opened.decompress(data[1:], MOST_BYTES)
    except (NotBase64, NotDeflated, ValueError):
        raise ValueError(text) from None
    if data[:1] != b"d" or not opened.eof:
        raise ValueError(text)
    return told


def _varints(numbers: Iterable[int]) -> bytes:
    """Whole numbers, none below 0, in as few bytes as each needs: seven bits a byte, the lowest first."""
    said = bytearray()
    for number in numbers:
        while number > 127:
            said.append(number & 127 | 128)
            number >>= 7
        said.append(number)
    return bytes(said)


def _varint(data: Iterator[int]) -> int:
    number = shift = 0
    while (byte := next(data)) > 127 and shift < 63:
        number |= (byte & 127) << shift
        shift += 7
    return number | byte << shift


def _unsigned(number: int) -> int:
    """0, -1, 1, -2 ... as 0, 1, 2, 3 ..."""
    return 2 * number if number >= 0 else -2 * number - 1


def _signed(number: int) -> int:
    return number // 2 if number % 2 == 0 else -(number + 1) // 2


def _of_number(number: float) -> int:
    """A number to three decimals as a whole one: twice the number itself, or twice its thousandths and one."""
    whole = number == int(number)
    return 2 * _unsigned(int(number)) if whole else 2 * _unsigned(round(number * 1000)) + 1


def _number(told: int) -> float:
    return _signed(told // 2) / 1000 if told % 2 else float(_signed(told // 2))


def _of_differences(numbers: Sequence[float]) -> Iterator[int]:
    before = 0.0
    for number in numbers:
        yield _of_number(round(number - before, 3))
        before = number


def _differences(data: Iterator[int], count: int) -> Iterator[float]:
    before = 0.0
    for _ in range(count):
        before = round(before + _number(_varint(data)), 3)
        yield before


def _of_pairs(pairs: Sequence[tuple[int, float]]) -> Iterator[int]:
    """Of each pair how far its index lies after the next place, and its number."""
    following = 0
    yield len(pairs)
    for index, number in pairs:
        yield _unsigned(index - following)
        yield _of_number(number)
        following = index + 1


def _pairs(data: Iterator[int]) -> Iterator[tuple[int, float]]:
    following = 0
    for _ in range(min(_varint(data), MOST_BYTES)):
        index = following + _signed(_varint(data))
        yield index, _number(_varint(data))
        following = index + 1
