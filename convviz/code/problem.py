"""A place in pasted code that is not understood, or a layer that cannot be, and why."""

from __future__ import annotations

from typing import NamedTuple

from convviz.errors import LayerError
from convviz.text import say


class Place(NamedTuple):
    """Where something stands in a text: its line and its column, both counted from 1."""

    line: int
    column: int


class Problem(NamedTuple):
    """What is wrong at a place of a text: line and column, counted from 1, and the error with what to try."""

    line: int
    column: int
    error: LayerError

    def text(self, language: str = "en") -> str:
        """The place and the error as one sentence.

        >>> Problem(2, 5, LayerError("smallest", "stride", None, value=0, least=1, nearest=1)).text()
        'line 2, column 5: stride: 0 - must be at least 1 - try stride 1'
        """
        return say("code.place", language, line=self.line, column=self.column, why=self.error.text(language))


class CodeError(LayerError):
    """The error of a problem, which says the place as well. problem: where it is, and what."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        error = problem.error
        super().__init__(error.key, error.field, error.fix, **{k: v for k, v in error.values.items() if k != "field"})

    def __reduce__(self) -> tuple[object, ...]:
        return CodeError, (self.problem,)

    def text(self, language: str = "en") -> str:
        """The sentence in `language`, place included."""
        return self.problem.text(language)
