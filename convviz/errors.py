"""The one error that wrong input raises."""

from __future__ import annotations

from typing import Any

from convviz.text import say


class LayerError(ValueError):
    """What is wrong, why, and the nearest value that works.

    key: which sentence of the catalogues' `error` table; field: the argument that is wrong;
    fix: {argument: value}, the nearest change that works, where there is one.

    >>> error = LayerError("smallest", "stride", {"stride": 1}, value=0, least=1, nearest=1)
    >>> str(error)
    'stride: 0 - must be at least 1 - try stride 1'
    """

    def __init__(self, key: str, field: str, fix: dict[str, Any] | None = None, /, **values: object) -> None:
        self.key, self.field, self.fix = key, field, fix or {}
        self.values = {"field": field} | values
        super().__init__(self.text())

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.key, self.field, self.fix, self.values)

    def text(self, language: str = "en") -> str:
        """The sentence in `language`."""
        whole = ("nearest", "fix")  # what to try is never cut short
        shown = {name: str(value) if name in whole else short(value) for name, value in self.values.items()}
        return say(f"error.{self.key}", language, **shown)


def _again(key: str, field: str, fix: dict[str, object], values: dict[str, object]) -> LayerError:
    """An error from its parts: how one is copied, and sent from process to process."""
    return LayerError(key, field, fix, **values)


def short(value: object) -> str:
    """At most 80 characters on one line: texts as they are, anything else as Python shows it.

    >>> short("same"), short((3, 3))
    ('same', '(3, 3)')
    """
    plain = isinstance(value, str) and value.strip() and value.isprintable()
    try:
        text = str(value) if plain else " ".join(repr(value).split())
    except Exception:  # an integer of thousands of digits, or an object that cannot show itself
        text = type(value).__name__
    return text if len(text) <= 80 else text[:77] + "..."
