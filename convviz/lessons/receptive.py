"""Lesson 8: a network as a table, and what one of its outputs sees of the picture."""

from convviz.lessons.lesson import Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "~".join(
    (
        *("conv2d-i24-k3-p1-c3-o8-b1", "relu", "conv2d-i24-k3-p1-c8-o8-b1", "relu", "maxpool2d-i24-k2-c8"),
        *("conv2d-i12-k3-p1-c8-o16-b1", "relu", "conv2d-i12-k3-p1-c16-o16-b1", "relu", "maxpool2d-i12-k2-c16"),
        *("conv2d-i6-k3-p1-c16-o32-b1", "relu", "conv2d-i6-k3-p1-c32-o32-b1", "relu", "dense-i1152-o10"),
    )
)
PAIR = "conv2d-i9-k3~conv2d-i7-k3"
TRIPLE = "conv2d-i9-k3~conv2d-i7-k3~conv2d-i5-k3"
STRIDED = "conv2d-i34-k3-s2~conv2d-i16-k3-s2~conv2d-i7-k3"
DILATED = "conv2d-i15-k3~conv2d-i13-k3-d2~conv2d-i9-k3-d4"
SMOOTH = "~".join(f"conv2d-i{size}-k3" for size in range(11, 1, -2))
BLOCK = "conv2d-i9-k3-p1-c4-o4~relu~conv2d-i9-k3-p1-c4-o4~add@0.3~relu"
MAPS = "conv2d-i32-k3-p1-c3-o16-b1"
UNFIT = "misfitdense-i25088-f4096-o1000-n8"
FAR = "conv2d-i32-k3-p1-c3-o8~conv2d-i32-k3-p1-c8-o8~conv2d-i32-k3-p1-c8-o8"

DENSE = 19
"""The step of VGG's first dense layer."""

SEES = Prediction("sees", ("multiplied_kernels", "kernels_added"))
AFTER = Prediction("after", ("strides_alone", "rounded_each"))
COSTS = Prediction("layer_weights", ("one_channel", "one_map"))

LESSON = Lesson(
    name="receptive",
    layer="conv",
    dials=(),
    more=(),
    opening=OPENING,
    presets=(
        Preset("small_network", OPENING),
        Preset("lenet", "lenet5"),
        Preset("alexnet_torchvision", "alexnet"),
        Preset("vgg", "vgg16"),
        Preset("resnet_torchvision", "resnet50"),
        Preset("mobilenet", "mobilenet_v1"),
        Preset("unet", "unet"),
        Preset("lenet_first", "lenet5_1998"),
        Preset("alexnet_first", "alexnet_2012"),
        Preset("alexnet_slim", "alexnet_slim"),
        Preset("resnet_slim", "resnet50_slim"),
        Preset("mobilenet_padded", "mobilenet_v1_p1"),
        Preset("dcgan", "dcgan"),
        Preset("two_layers", PAIR),
        Preset("strided_stack", STRIDED),
        Preset("dilated_stack", DILATED),
        Preset("residual_block", BLOCK),
        Preset("misfit_features", UNFIT),
        Preset("misfit_channels", "misfitmaps2d-i224-k7-c1-w3-o64"),
        Preset("misfit_kernel", "misfitwindow2d-i2-k3"),
        Preset("misfit_skip", "misfitsum-a32-b30"),
    ),
    views=("table", "field", "misfit"),
    stack_views=("table", "field", "coverage"),
    beats=(
        Beat("pair", PAIR, "field", step=-1, look="window"),
        Beat("three", TRIPLE, "table", step=-1, look="made", ask=SEES),
        Beat("jump", STRIDED, "table", step=-1, look="made", ask=AFTER),
        Beat("dilated", DILATED, "field", step=-1, look="window"),
        Beat("smooth", SMOOTH, "field", step=-1, look="input"),
        Beat("block", BLOCK, "table", step=-1, look="current"),
        Beat("maps", MAPS, "table", step=0, look="kernel", ask=COSTS),
        Beat("cost", "vgg16", "table", step=DENSE, look="kernel"),
        Beat("error", UNFIT, "misfit", look="input"),
    ),
    misconceptions=(
        Misconception("evenly", SMOOTH, "field", step=-1, look="input"),
        Misconception("deeper", "mobilenet_v1", "table", step=-1, look="product"),
        Misconception("picture", MAPS, "table", step=0, look="kernel"),
        Misconception("flops", PAIR, "table", step=-1, look="product"),
    ),
    challenge=Challenge(
        "far",
        FAR,
        "table",
        look="made",
        goals=(
            Goal("field", "≥", 20),
            Goal("parameters", "≤", 1400),
            Goal("macs", "≤", 400_000),
        ),
    ),
    edits=True,
)
