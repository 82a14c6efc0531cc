"""The lessons, in the order in which they are taught; see docs/adding-a-lesson.md."""

from __future__ import annotations

from convviz.lessons import convolution, dilated, transposed
from convviz.lessons.lesson import Beat, Challenge, Lesson, Misconception, Prediction, Preset

_MODULES = (convolution, transposed, dilated)

LESSONS: dict[str, Lesson] = {module.LESSON.name: module.LESSON for module in _MODULES}

CLASSICS: tuple[tuple[str, str, str], ...] = tuple(
    (preset.name, preset.setting, module.LESSON.name)
    for module in _MODULES
    for preset in getattr(module, "CLASSICS", ())
)
"""(name, layer text, lesson) of the 15 classic animations (Dumoulin and Visin, arXiv 1603.07285)."""

__all__ = ["CLASSICS", "LESSONS", "Beat", "Challenge", "Lesson", "Misconception", "Prediction", "Preset"]
