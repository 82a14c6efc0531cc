"""Pictures that people bring, large: named by their pixels, kept while there is room, for all of this process."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.errors import LayerError

KEPT = 32
"""How many are kept: 96 MiB of the largest. The one that was not looked at for the longest goes first."""

NAME = 20
"""Letters of a name: nobody guesses it who does not have the picture."""

_kept: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()
_lock = Lock()


def keep(pixels: NDArray[np.uint8]) -> str:
    """Keep (rows, columns, 3) pixels; returns their name, which a link holds.

    >>> pixels = np.zeros((2, 3, 3), dtype=np.uint8)
    >>> brought(keep(pixels)) is pixels
    True
    """
    name = blake2b(pixels.tobytes() + str(pixels.shape).encode(), digest_size=NAME // 2).hexdigest()
    with _lock:
        _kept[name] = pixels
        _kept.move_to_end(name)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return name


def brought(name: str) -> NDArray[np.uint8]:
    """The pixels of a name; raises LayerError where they are not here any more, or never were."""
    with _lock:
        if name not in _kept:
            raise LayerError("picture_gone", "values", None, value=f"u{name}", nearest="p3")
        _kept.move_to_end(name)
        return _kept[name]


def packed_pixels(text: str) -> tuple[str, tuple[int, ...]] | None:
    """The picture of a text of values, for another process; None where the values are of none that is here."""
    name = text[1:].partition("_")[0]
    if text[:1] != "u":
        return None
    with suppress(LayerError):
        pixels = brought(name)
        return b64encode(pixels.tobytes()).decode(), pixels.shape
    return None


def keep_packed(packed: Sequence[Any] | None) -> None:
    """Keep what another process has packed."""
    if packed:
        data, shape = packed
        keep(np.frombuffer(b64decode(data), dtype=np.uint8).reshape(shape))
