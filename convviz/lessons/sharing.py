"""Lesson 9: a kernel that all positions share: fewer weights, and maps that move along with what is seen."""

from convviz.lessons.code import DIGITS_PYTORCH
from convviz.lessons.lesson import QUESTION, Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "local2d-i8-k3"
BLOCKS = "local2d-i8-k3-h2"
ONE = "local2d-i8-k3-h6"
DIGIT = "digit2d-n64"
SHUFFLED = "digit2d-n64-u1"

MIDDLE, RIGHT, CORNER = 12, 14, 24
"""Steps at which the digit lies in the middle, two pixels to the right, and two pixels to the right and down."""

WEIGHTS = Prediction("own_weights", ("one_for_all", "one_an_input"))
MOVED = Prediction("knowing", ("all_know", "none_know"), offered=True)

LESSON = Lesson(
    name="sharing",
    layer="local",
    dials=("share", "input_size", "kernel_size", "digit", "shuffled"),
    more=("stride", "padding", "dilation"),
    opening=OPENING,
    tones=True,
    presets=(
        Preset("local_own", OPENING),
        Preset("local_one", ONE),
        Preset("digit_three", DIGIT),
        Preset("digit_eight", "digit2d-n12"),
        Preset("digit_zero", "digit2d-n3"),
        Preset("digit_shuffled", SHUFFLED),
    ),
    views=("shares", "coverage", "moved", "follow", "shifts"),
    beats=(
        Beat("own", OPENING, "shares", step=0, look="kernel", ask=WEIGHTS),
        Beat("one", ONE, "shares", step=7, look="kernel"),
        Beat("alexnet", BLOCKS, "shares", step=7, look="kernel"),
        Beat("vector", DIGIT, "moved", step=MIDDLE, look="current"),
        Beat("moved", DIGIT, "moved", step=RIGHT, look="current", stops=(QUESTION, RIGHT, CORNER), ask=MOVED),
        Beat("map", DIGIT, "follow", step=MIDDLE, look="output", stops=(MIDDLE, RIGHT, CORNER)),
        Beat("largest", DIGIT, "follow", step=RIGHT, look="winner", stops=(RIGHT, CORNER, 0)),
        Beat("accuracy", DIGIT, "shifts", step=-1, look="current"),
        Beat("shuffled", SHUFFLED, "shifts", step=1, look="current"),
    ),
    misconceptions=(
        Misconception("cheaper", ONE, "shares", step=0, look="window"),
        Misconception("everywhere", DIGIT, "follow", step=RIGHT, look="output"),
        Misconception("invariant", DIGIT, "moved", step=RIGHT, look="current"),
        Misconception("plane", SHUFFLED, "shifts", step=0, look="current"),
    ),
    challenge=Challenge(
        "blocks",
        OPENING,
        "shares",
        look="kernel",
        goals=(
            Goal("weights", "≤", 100),
            Goal("kernels", "≥", 4),
            Goal("kernel", "≥", 3),
            Goal("output", "≥", 6),
        ),
    ),
    codes=(DIGITS_PYTORCH,),
)
