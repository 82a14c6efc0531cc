"""Lesson 7: one value for each window, without weights: what stays of a map, and what a network gains."""

from convviz.lessons.lesson import QUESTION, Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "maxpool2d-i6-k2"
MEAN = "avgpool2d-i6-k2"
LEFTOVER = "maxpool2d-i7-k3"
ROUNDED_UP = f"{LEFTOVER}-e1"
LATE = "maxpool2d-i5-k2-p1-e1"
"""Rounded up, a fourth window would start in the padding after the input."""

UNEVEN = "adaptivemaxpool2d-i8-o3"
GLOBAL = "adaptiveavgpool2d-i6-o1"
ROW = "maxpool1d-i8-k2"
STEPS = "v8_0_0_1_1_0_0_1_1"
"""Zhang's example: pooled 0101, and 1111 once it is shifted by one."""

OVERLAPPING = "maxpool2d-i5-k3-s1"
NEGATIVE = "v4_-3_-1_-4_-2_-5_-2_-6_-5_-3_-5_-8_-9_-7_-9_-3_-2"

LARGEST = Prediction("output", ("averaged", "summed"))
ENDS = Prediction("size", ("fraction", "rounded_up"), offered=True)
SHIFTED = Prediction("changed", ("none_change", "all_change"))
HANDED = Prediction("handed", ("all_get",))

LESSON = Lesson(
    name="pooling",
    layer="maxpool",
    dials=("input_size", "kernel_size", "output_size", "stride", "padding"),
    more=("ceil_mode", "count_include_pad", "dilation", "channels"),
    opening=OPENING,
    presets=(
        Preset("pool_max", OPENING),
        Preset("pool_mean", MEAN),
        Preset("pool_overlapping", OVERLAPPING),
        Preset("pool_ceil", ROUNDED_UP),
        Preset("pool_adaptive", UNEVEN),
        Preset("pool_global", GLOBAL),
        Preset("pool_row", ROW, STEPS),
        Preset("pool_photo", "avgpool2d-i32-k2", "p0"),
    ),
    views=("flat", "isometric", "coverage", "shift", "backward", "why"),
    beats=(
        Beat("largest", OPENING, "flat", step=3, look="winner", ask=LARGEST),
        Beat("mean", MEAN, "flat", step=3, look="window"),
        Beat("ends", LEFTOVER, "flat", step=3, look="unread", stops=(QUESTION, -1), ask=ENDS),
        Beat("ceil", ROUNDED_UP, "flat", step=-1, look="beyond"),
        Beat("adaptive", UNEVEN, "flat", step=4, look="window"),
        Beat("shift", ROW, "shift", step=0, look="output", x=STEPS, ask=SHIFTED),
        Beat("backward", OVERLAPPING, "backward", step=4, look="winner", ask=HANDED),
        Beat("why", OPENING, "why", step=-1, look="current"),
        Beat("alike", OPENING, "why", step=-1, look="current"),
    ),
    misconceptions=(
        Misconception("learns", OPENING, "flat", step=0, look="window"),
        Misconception("invariant", ROW, "shift", step=0, look="output", x=STEPS),
        Misconception("zeros", "maxpool2d-i4-k3-s1-p1", "flat", step=0, look="winner", x=NEGATIVE),
        Misconception("counted", "avgpool2d-i4-k3-s1-p1-n0", "flat", step=0, look="padding"),
        Misconception("late", LATE, "flat", step=-1, look="dropped"),
    ),
    challenge=Challenge(
        "unmoved",
        ROW,
        "shift",
        look="input",
        x=STEPS,
        goals=(
            Goal("shiftable", "=", 0),
            Goal("input", "≥", 7),
        ),
    ),
)
