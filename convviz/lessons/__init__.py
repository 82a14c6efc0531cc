"""The lessons, in the order in which they are taught; see docs/adding-a-lesson.md."""

from __future__ import annotations

from convviz.lessons import (
    anatomy,
    channels,
    convolution,
    dilated,
    filters,
    gates,
    learning,
    pooling,
    receptive,
    sequences,
    sharing,
    transposed,
)
from convviz.lessons.lesson import Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

_MODULES = (
    convolution,
    transposed,
    dilated,
    sequences,
    channels,
    gates,
    pooling,
    receptive,
    sharing,
    anatomy,
    learning,
    filters,
)

LESSONS: dict[str, Lesson] = {module.LESSON.name: module.LESSON for module in _MODULES}

__all__ = ["LESSONS", "Beat", "Challenge", "Goal", "Lesson", "Misconception", "Prediction", "Preset"]
