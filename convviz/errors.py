"""The one error that wrong input raises."""

from __future__ import annotations

from typing import Any

from convviz.text import say


class LayerError(ValueError):
    """What cannot be made, why, and the nearest value that works.

    key: which sentence of the catalogues' `error` table; field: the argument that is wrong;
    fix: {argument: value}, the nearest change that works, where there is one.

    >>> error = LayerError("smallest", "stride", {"stride": 1}, value=0, nearest=1)
    >>> str(error)
    'stride: 0 - must be at least 1 - try stride 1'
    """

    def __init__(self, key: str, field: str, fix: dict[str, Any] | None = None, /, **values: object) -> None:
        self.key, self.field, self.fix = key, field, fix or {}
        self.values = {"field": field} | values
        super().__init__(self.text())

    def text(self, language: str = "en") -> str:
        """The sentence in `language`."""
        shown = {name: _short(value) for name, value in self.values.items()}
        return say(f"error.{self.key}", language, **shown)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
