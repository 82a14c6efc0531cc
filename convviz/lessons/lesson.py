"""A lesson is data; it draws and computes nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A setting with a name (`preset.<name>` in the catalogues), as the text of a layer or of a stack of them (see
    `convviz.layers.notation` and `convviz.network`). x, weight: values that it brings, as a beat does."""

    name: str
    setting: str
    x: str | None = None
    weight: str | None = None


@dataclass(frozen=True)
class Prediction:
    """A question to answer before the picture shows it; `about` names the fact, or "output" for the current cell."""

    name: str
    about: str


@dataclass(frozen=True)
class Told:
    """Something that a lesson tells while a picture shows it.

    setting, view, step: what is shown with it, None for what is there; step: counted from the end where it is negative;
    look: the role that lights up; x, weight: where the values of the input and of the kernel come from (`chosen` in
    convviz.page.sources, `weights_from_text` in convviz.page.kernels), None for those that are there; tries: kernels by
    name to choose from, the first of which is shown with it.
    """

    name: str
    setting: str | None = None
    view: str | None = None
    step: int | None = None
    look: str = ""
    x: str | None = None
    weight: str | None = None
    tries: tuple[str, ...] = ()


QUESTION = "question"
"""The stop of a beat at which its question is asked; its answer is the next one."""

MOST_STOPS = 9
"""The most stops of a beat, a question and its answer counted apart."""


@dataclass(frozen=True)
class Beat(Told):
    """Say (`lesson.<lesson>.beat.<name>`, and `.<name>.<kernel>` for each kernel to try), look at, ask.

    stops: where a presentation halts, in order: steps, counted from the end where they are negative, or QUESTION; none
    means at the beat's own step, first with its question if it asks one. Kernels to try are stops by themselves.
    """

    ask: Prediction | None = None
    stops: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Misconception(Told):
    """What people often think (`...myth.<name>.think`) and what is true (`.so`), with the picture that shows it."""


@dataclass(frozen=True)
class Challenge:
    """A closing task: the learner must reach a setting whose facts equal `wanted`."""

    name: str
    start: str
    wanted: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Code:
    """A text to copy, called `code.<name>` in the catalogues."""

    name: str
    text: str


@dataclass(frozen=True)
class Lesson:
    """A question, presets, views, beats, misconceptions; words under `lesson.<name>` in the catalogues."""

    name: str
    layer: str
    opening: str
    presets: tuple[Preset, ...]
    views: tuple[str, ...]
    beats: tuple[Beat, ...]
    misconceptions: tuple[Misconception, ...]
    challenge: Challenge | None = None
    dials: tuple[str, ...] = ("input_size", "kernel_size", "stride", "padding")
    """The parameters that stand before "More"."""
    more: tuple[str, ...] = ("dilation", "padding_mode", "bias", "flip")
    """Those behind it."""
    x: str | None = None
    """Where the values of the opening's input come from, like a beat's; None for small seeded numbers."""
    weight: str | None = None
    """The same of its kernel."""
    tones: bool = False
    """Whether the opening shows its values as colours."""
    stack_views: tuple[str, ...] = ("coverage", "stack")
    """The ways to look at those, in the order of their buttons."""
    codes: tuple[Code, ...] = ()
    """What it shows, as code to copy."""

    def preset(self, name: str) -> Preset:
        """The preset called `name`."""
        return next(preset for preset in self.presets if preset.name == name)

    def told(self, beat: int, myth: int) -> Told | None:
        """The beat or the misconception of that number, counted from 1; None where both are 0."""
        if beat:
            return self.beats[beat - 1]
        return self.misconceptions[myth - 1] if myth else None
