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
    """A question that a beat asks before its picture shows the answer; its words are `lesson.<lesson>.ask.<beat>`.

    about: what is asked, one of `SUBJECTS` in convviz.lessons.questions; mistakes: known ways to go wrong, of
    `MISTAKES` there, each with a sentence of its own, `mistake.<name>`; offered: whether the right answer and the
    mistakes are offered to choose from, instead of being typed.
    """

    about: str
    mistakes: tuple[str, ...] = ()
    offered: bool = False


@dataclass(frozen=True)
class Told:
    """Something that a lesson tells while a picture shows it.

    setting, view, step: what is shown with it, None for what is there; step: counted from the end where it is negative;
    look: the role that lights up; x, weight: where the values of the input and of the kernel come from (`chosen` in
    convviz.page.sources, `weights_from_text` in convviz.page.kernels), None for those that are there; tries: kernels by
    name to choose from, the first of which is shown with it; then: a kernel that comes after the first, where a view
    shows two.
    """

    name: str
    setting: str | None = None
    view: str | None = None
    step: int | None = None
    look: str = ""
    x: str | None = None
    weight: str | None = None
    tries: tuple[str, ...] = ()
    then: str = ""


QUESTION = "question"
"""The stop of a beat at which its question is asked; its answer is the next one."""

MOST_STOPS = 9
"""The most stops of a beat, a question and its answer counted apart."""


@dataclass(frozen=True)
class Beat(Told):
    """Ask, if there is a question, and say (`lesson.<lesson>.beat.<name>`, `.<name>.<kernel>` for a kernel to try).

    stops: where a presentation halts, in order: steps, counted from the end where they are negative, or QUESTION; none
    means at the beat's own step, first with its question if it asks one. Kernels to try are stops by themselves.
    """

    ask: Prediction | None = None
    stops: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Misconception(Told):
    """What people often think (`...myth.<name>.think`) and what is true (`.so`), with the picture that shows it."""


@dataclass(frozen=True)
class Goal:
    """What a challenge asks for: a measure, one of `MEASURES` in convviz.lessons.measures, called `goal.<measure>` in
    the catalogues; how it is compared ("=", "≤", "≥"), and with what: a number, or another measure."""

    measure: str
    sign: str
    wanted: int | str


@dataclass(frozen=True)
class Challenge(Told):
    """A closing task (`lesson.<lesson>.challenge.text`, and `.solved`): its setting fails it, and the learner turns the
    dials until all goals are met."""

    goals: tuple[Goal, ...] = ()

    @property
    def numbers(self) -> dict[str, object]:
        """What its goals want, for the places of its text: `wanted_<measure>`."""
        return {f"wanted_{goal.measure}": goal.wanted for goal in self.goals}


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
    challenge: Challenge
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
    photo: bool = False
    """Whether it filters photographs whole: those that are brought are large, and it has the dial of their colours."""
    most: tuple[tuple[str, int], ...] = ()
    """Parameters that its dials turn further than usual, and how far."""
    codes: tuple[Code, ...] = ()
    """What it shows, as code to copy."""
    edits: bool = False
    """Whether its setting is a network, however small, whose layers are edited one by one, and that can be pasted."""

    def preset(self, name: str) -> Preset:
        """The preset called `name`."""
        return next(preset for preset in self.presets if preset.name == name)

    def told(self, beat: int, myth: int, challenge: bool = False) -> Told | None:
        """The challenge, or the beat or the misconception of that number, counted from 1; None where none is open."""
        if challenge:
            return self.challenge
        if beat:
            return self.beats[beat - 1]
        return self.misconceptions[myth - 1] if myth else None
