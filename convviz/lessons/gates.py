"""Lesson 6: what a gate lets through, and what it does to a gradient."""

from convviz.lessons.code import GLU_PYTORCH, GLU_TENSORFLOW, RESIDUAL_PYTORCH
from convviz.lessons.lesson import Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "gated1d-i9-k3-pcausal"
RESIDUAL = "gated1d-i9-k3-pcausal-r1"
SENTENCE = "gated1d-i7-k2-pcausal-c3"
PICTURE = "gated2d-i14-k3-psame"

NUMBERS = "v9_2_1_3_0_2_2_1_5_4"
TREND = "v1_0~1:1~2:1~4:-1~5:1"
"""The value adds the last two numbers; the gate opens where the last one is the larger, half where both are alike."""

STEP_BACK = "v1_0~1:1~2:-1~4:0.5~5:-0.5"
"""The value is the number before, less the last one: with the residual, the share chooses between the two."""

WORDS = "t0"
NEGATION = "v1_0~1:2~7:4~8:-8~10:2"
"""The value: praise. The gate: opens for praise, wider after a contrast, and closes after a negation."""

FACE = "p0"
EDGES = "v1_0~4:1~9:-0.02~11:0.02~12:-0.04~14:0.04~15:-0.02~17:0.02"
"""The value is the picture itself; the gate opens where it gets brighter from left to right."""

HALVES = Prediction("weights", ("shared_halves",))
PASSED = Prediction("passed", ("no_sigmoid", "switch", "added"), offered=True)

LESSON = Lesson(
    name="gates",
    layer="gated",
    dials=("input_size", "kernel_size", "residual", "form"),
    more=("padding", "dilation", "stride", "in_channels", "out_channels", "padding_mode"),
    opening=OPENING,
    presets=(
        Preset("gated", OPENING),
        Preset("gated_residual", RESIDUAL, weight=STEP_BACK),
        Preset("gated_sentence", SENTENCE, WORDS, NEGATION),
        Preset("gated_picture", PICTURE, FACE, EDGES),
        Preset("gated_wavenet", f"{OPENING}-ttanh"),
        Preset("gated_add", f"{OPENING}-tadd"),
        Preset("gated_one", f"{OPENING}-tone"),
        Preset("gated_swapped", f"{OPENING}-tswapped"),
    ),
    views=("gate", "residual", "forms", "path", "gradients"),
    stack_views=("gate", "residual", "forms", "path", "gradients"),
    beats=(
        Beat("halves", OPENING, "gate", step=7, look="window", ask=HALVES),
        Beat("share", OPENING, "gate", step=3, look="share"),
        Beat("product", OPENING, "gate", step=8, look="current", ask=PASSED),
        Beat("residual", RESIDUAL, "residual", step=6, look="share", weight=STEP_BACK),
        Beat("sentence", SENTENCE, "gate", step=6, look="share", x=WORDS, weight=NEGATION),
        Beat("picture", PICTURE, "gate", step=104, look="share", x=FACE, weight=EDGES),
        Beat("path", OPENING, "path", step=4, look="share"),
        Beat("depth", OPENING, "gradients", step=-1, look="current"),
        Beat("mistakes", OPENING, "forms", step=3, look="current"),
    ),
    misconceptions=(
        Misconception("weights", OPENING, "gate", step=7, look="kernel"),
        Misconception("switch", OPENING, "gate", step=5, look="share"),
        Misconception("matrix", OPENING, "gate", step=8, look="current"),
        Misconception("first", OPENING, "forms", step=3, look="current"),
        Misconception("vanish", OPENING, "gradients", step=-1, look="current"),
    ),
    challenge=Challenge(
        "residual",
        "gated1d-i9-k3",
        "gate",
        look="window",
        goals=(
            Goal("kernel", "=", 5),
            Goal("carried", "=", "outputs"),
            Goal("future", "=", 0),
        ),
    ),
    x=NUMBERS,
    weight=TREND,
    codes=(GLU_PYTORCH, RESIDUAL_PYTORCH, GLU_TENSORFLOW),
)
