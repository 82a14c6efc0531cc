"""Lesson 10: a whole network, from a handwritten digit to ten probabilities, each value down to the pixels it sees."""

from convviz.lessons.code import READER_PYTORCH
from convviz.lessons.lesson import Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "digits-m2"
CLEAR, MISREAD, EMPTY = "digits-m6", "digits-m3", "digits-m4"

BETWEEN_TWO = "d7"
"""A held-out digit that is read as it was meant, though another one has some probability."""

CERTAIN = "d0"
WRONG = "d210"
"""One that is read as another, with a high probability."""

THREE = "d4"
PAPER = "b"
"""A field in which nothing is drawn."""

ALL_NEGATIVE, ON_INK, READ = 25, 65, 46
"""A pooled value, the four sums of which are all below zero; a placement of the kernel on ink; and the step that tells
of the probability of the digit that is read."""

KEPT = Prediction("pooled", ("unrectified", "averaged_four"), offered=True)
TOGETHER = Prediction("dense", ("one_score",))

LESSON = Lesson(
    name="anatomy",
    layer="digits",
    dials=("map",),
    more=(),
    opening=OPENING,
    presets=(
        Preset("digits_between", OPENING, BETWEEN_TWO),
        Preset("digits_clear", CLEAR, CERTAIN),
        Preset("digits_misread", MISREAD, WRONG),
        Preset("digits_empty", EMPTY, PAPER),
    ),
    views=("anatomy", "feature", "cell", "votes", "softmax"),
    stack_views=("anatomy", "feature", "cell", "votes", "softmax"),
    beats=(
        Beat("through", OPENING, "anatomy", step=READ, look="input"),
        Beat("kernels", OPENING, "cell", step=ON_INK, look="kernel"),
        Beat("relu", OPENING, "feature", step=ALL_NEGATIVE, look="window", ask=KEPT),
        Beat("pooled", OPENING, "feature", step=20, look="winner"),
        Beat("row", OPENING, "anatomy", step=31, look="made"),
        Beat("votes", OPENING, "votes", step=4, look="kernel", ask=TOGETHER),
        Beat("softmax", OPENING, "softmax", step=-1, look="share"),
        Beat("back", OPENING, "anatomy", step=READ, look="share"),
        Beat("wrong", MISREAD, "anatomy", step=-1, look="share", x=WRONG),
    ),
    misconceptions=(
        Misconception("whole", OPENING, "cell", step=ON_INK, look="window"),
        Misconception("place", OPENING, "votes", step=4, look="kernel"),
        Misconception("empty", EMPTY, "anatomy", step=-1, look="input", x=PAPER),
        Misconception("decides", OPENING, "softmax", step=-1, look="share"),
    ),
    challenge=Challenge(
        "eight",
        OPENING,
        "anatomy",
        step=-1,
        look="input",
        x=THREE,
        goals=(
            Goal("told", "=", 8),
            Goal("sure", "≥", 90),
        ),
    ),
    x=BETWEEN_TWO,
    tones=True,
    codes=(READER_PYTORCH,),
)
