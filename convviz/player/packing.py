"""Integers and texts of a Scene as they are sent.

Integers are sent in columns: an even sequence as its first value, difference and length; a table whose rows are one
row, shifted, as that row and the shifts; any other table as its distinct rows and the number of the row of each step,
if that is shorter, or column by column, if each of them is even. Texts are joined by a bar, which none of them has.
"""

from __future__ import annotations

from itertools import pairwise
from string import ascii_letters
from typing import Any

import numpy as np

from convviz.scene.marks import Ints

BAR = "|"
LETTERS = ascii_letters


def pack(column: object) -> object:
    """A column of integers: {a, d, n} if its steps are equal, else the list itself.

    >>> pack([3, 5, 7, 9]), pack([1, 1, 2])
    ({'a': 3, 'd': 2, 'n': 4}, [1, 1, 2])
    """
    numbers = np.asarray(column)
    if len(numbers) > 3:
        step = int(numbers[1]) - int(numbers[0])
        if (numbers[1:] - numbers[:-1] == step).all():
            return {"a": int(numbers[0]), "d": step, "n": len(numbers)}
    return numbers.tolist()


def pack_table(table: Ints) -> dict[str, object]:
    """A (steps, n) table: {b: shifts, o: one row, h: holes}, {u: distinct rows, i: which}, {c: columns}, or {t: all of
    it, n}.

    >>> pack_table(np.array([[9, 1], [9, 2], [9, 3], [9, 4], [9, 5]]))
    {'c': [{'a': 9, 'd': 0, 'n': 5}, {'a': 1, 'd': 1, 'n': 5}]}
    """
    steps, width = table.shape
    shifted = _shifted(table)
    if shifted and len(shifted.get("h", ())) < table.size // 2:
        return shifted
    rows, which = np.unique(table, axis=0, return_inverse=True)
    if rows.size + steps < table.size:
        return {"u": rows.tolist(), "i": pack(which.ravel())}
    columns = list(map(pack, table.T))
    if all(isinstance(column, dict) for column in columns):
        return {"c": columns}
    return {"t": table.ravel().tolist(), "n": width}


def _shifted(table: Ints) -> dict[str, Any] | None:
    """A table as one row and its shifts, with its holes; None if its rows are not one row, shifted.

    h: how many entries stand, are missing, stand again, in raster order.
    """
    whole = table - table[:, :1]
    if table.min(initial=0) >= 0:  # no holes
        return {"b": pack(table[:, 0]), "o": whole[0].tolist()} if (whole == whole[0]).all() else None
    there = table >= 0
    full = np.flatnonzero(there.all(axis=1))
    if not len(full):
        return None
    offsets = whole[full[0]]
    first = there.argmax(axis=1)
    shifts = np.where(there.any(axis=1), table[np.arange(len(table)), first] - offsets[first], 0)
    if not np.array_equal(np.where(there, shifts[:, None] + offsets, -1), table):
        return None
    turns = np.flatnonzero(np.diff(there.ravel(), prepend=True))
    return {"b": pack(shifts), "o": offsets.tolist(), "h": np.diff([0, *turns.tolist(), table.size]).tolist()}


def lettered(numbers: Ints) -> str:
    """Numbers below the count of LETTERS, a letter each, followed by how often it stands there if more than once.

    >>> lettered(np.array([0, 0, 0, 1, 27]))
    'a3bB'
    """
    ends = np.flatnonzero(np.diff(numbers, append=-1))
    counts = np.diff(ends, prepend=-1)
    return "".join(
        LETTERS[n] + (str(count) if count > 1 else "")
        for n, count in zip(numbers[ends].tolist(), counts.tolist(), strict=True)
    )


def coded(texts: list[str], tones: Ints | None) -> dict[str, object] | None:
    """Texts of which few are different, as these, d, and as letters that stand for them, x; w: the tones of those,
    where there are any and each text has one of its own; None where texts are many, or tones differ.

    >>> coded(["1", "", "", "1"], np.array([[9, 8, 8, 9]]))
    {'d': '|1', 'x': 'ba2b', 'w': 'ij'}
    """
    different = sorted(set(texts))
    if len(different) > len(LETTERS):
        return None
    numbers = {text: n for n, text in enumerate(different)}
    which = np.array([numbers[text] for text in texts], dtype=np.int64)
    said: dict[str, object] = {"d": join(different), "x": lettered(which)}
    if tones is None:
        return said
    first = np.zeros(len(different), dtype=np.int64)
    first[which] = tones.ravel()
    return said | {"w": letters(first)} if (first[which] == tones.ravel()).all() else None


def join(texts: Any) -> str:
    """Texts as one string."""
    return BAR.join(texts)


def runs(numbers: Ints) -> list[int]:
    """Run lengths: value, count, value, count ...

    >>> runs(np.array([4, 4, 0]))
    [4, 2, 0, 1]
    """
    ends = np.flatnonzero(numbers[1:] != numbers[:-1]).tolist()
    found: list[int] = []
    for before, end in pairwise([-1, *ends, len(numbers) - 1]):
        found += [int(numbers[end]), end - before]
    return found


def letters(levels: Ints) -> str:
    """Levels of tones as one letter each: a for none.

    >>> letters(np.array([0, 1, 15]))
    'abp'
    """
    return bytes(levels.ravel().astype(np.uint8) + ord("a")).decode()
