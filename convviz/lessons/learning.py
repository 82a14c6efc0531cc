"""Lesson 11: where the numbers in a kernel come from: gradient descent finds a hidden one, step by step."""

from convviz.lessons.code import LEARNED_NUMPY
from convviz.lessons.lesson import Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

BAR = "v6" + "_1_1_0_0_1_1" * 6
"""A white picture with a black vertical bar: all its rows are alike, so one of equal rows is found from zeros."""

SIDES = "v2_1_-1_1_-1"
"""The kernel that marks the sides of the bar."""

BOOK = "v8" + "_1_1_0_0_0_0_1_1" * 6
"""The usual textbook example (Zhang, Lipton, Li and Smola, "Dive into Deep Learning", section 7.2.4), which sums the
squared errors, and below its kernel. Its bar is wider, and what one row of its kernel does is the same."""

ROW = "v2_1_-1"

OPENING = "learn2d-i6-k2-r90-lsum"
SLOW = "learn2d-i6-k2-r10-lsum"
TEXTBOOK = "learn2d-i6x8-k1x2-r90-lsum"
PAST = "learn2d-i6x8-k1x2-r102-t40-wsmall-lsum"
WITHIN = "learn2d-i6x8-k1x2-r98-t40-wsmall-lsum"
ZEROS_PAST = "learn2d-i6x8-k1x2-r102-t40-lsum"
FAR_PAST = "learn2d-i6-k2-r120-t40-wsmall-lsum"
MEAN = "learn2d-i6-k2-r90"
SQUARE = "learn2d-i6-k3-r20-t40-lsum"
PAIRS = "learn2d-i5-k3-p1-n2-r90-t60"
PHOTO = "learn2d-i14-k3-r90-t60"

PICKING = "conv2d-i5-k3"
SEEDLING = "v5_1_1_1_0_0_0_1_1_1_0_0_0_1_1_1_0_0_1_1_0_0_1_1_0_0"
ONES = "v3_1_0_1_0_1_0_1_0_1"
"""A well-known picture of a convolution: each weight is times one or times zero."""

BETWEEN = "v3_0.5_0_0.5_0_1_0_-0.5_0_-0.5"
COUNTED = "conv2d-i4-k2-c2-o3"

FILM = "digits"
LATE = "d307"
"""A held-out digit that the network reads as three others before it knows it."""

NEXT = Prediction("next", ("uphill", "unscaled"), offered=True)
COUNT = Prediction("weights", ("one_map", "one_channel", "shared_kernel"))

LESSON = Lesson(
    name="learning",
    layer="learn",
    dials=("learning_rate", "rounds", "kernel_size", "pairs"),
    more=("input_size", "start", "loss", "stride", "padding", "dilation"),
    opening=OPENING,
    presets=(
        Preset("learn_sides", OPENING, BAR, SIDES),
        Preset("learn_bar", TEXTBOOK, BOOK, ROW),
        Preset("learn_slow", SLOW, BAR, SIDES),
        Preset("learn_within", WITHIN, BOOK, ROW),
        Preset("learn_past", PAST, BOOK, ROW),
        Preset("learn_zeros", ZEROS_PAST, BOOK, ROW),
        Preset("learn_pairs", PAIRS, "s0", "kvertical"),
        Preset("learn_photo", PHOTO, "p0", "kvertical"),
        Preset("learn_square", SQUARE, BAR, "kvertical"),
        Preset("learn_mean", MEAN, BAR, SIDES),
        Preset("learn_picks", PICKING, SEEDLING, ONES),
        Preset("learn_count", COUNTED, "s0", "s0"),
        Preset("learn_digits", FILM, LATE),
    ),
    views=("learning", "grouped", "flat", "channels"),
    stack_views=("film",),
    beats=(
        Beat("picks", PICKING, "flat", step=0, look="kernel", x=SEEDLING, weight=ONES),
        Beat("between", PICKING, "flat", step=4, look="kernel", x=SEEDLING, weight=BETWEEN),
        Beat("hidden", OPENING, "learning", step=0, look="error", x=BAR, weight=SIDES),
        Beat("gradient", OPENING, "grouped", step=0, look="window", x=BAR, weight=SIDES),
        Beat(
            "next",
            OPENING,
            "learning",
            step=1,
            look="gradient",
            x=BAR,
            weight=SIDES,
            ask=NEXT,
            stops=("question", -1),
        ),
        Beat("edge", PAST, "learning", step=-1, look="loss", x=BOOK, weight=ROW),
        Beat("zeros", ZEROS_PAST, "learning", step=-1, look="current", x=BOOK, weight=ROW),
        Beat("count", COUNTED, "channels", step=0, look="kernel", x="s0", weight="s0", ask=COUNT),
        Beat("film", FILM, "film", step=-1, look="kernel", x=LATE, stops=(0, 1, 2, 5, -1)),
    ),
    misconceptions=(
        Misconception("designed", OPENING, "learning", step=-1, look="current", x=BAR, weight=SIDES),
        Misconception("faster", FAR_PAST, "learning", step=-1, look="current", x=BAR, weight=SIDES),
        Misconception("found", SQUARE, "learning", step=-1, look="current", x=BAR, weight="kvertical"),
        Misconception("anywhere", MEAN, "learning", step=-1, look="loss", x=BAR, weight=SIDES),
        Misconception("other", OPENING, "grouped", step=1, look="window", x=BAR, weight=SIDES),
    ),
    challenge=Challenge(
        "near",
        "learn2d-i5-k3-p1-r30",
        "learning",
        step=-1,
        look="loss",
        x="s0",
        weight="s0",
        goals=(Goal("kernel", "=", 3), Goal("rounds", "≤", 20), Goal("left", "≤", 1)),
    ),
    x=BAR,
    weight=SIDES,
    tones=True,
    codes=(LEARNED_NUMPY,),
)
