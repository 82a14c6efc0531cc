"""Texts as people paste them, in many styles, and what is to be read of each."""

from __future__ import annotations

from typing import NamedTuple


class Pasted(NamedTuple):
    """A text. input_size: as it is given beside it; nodes: the kinds of what is read, with the names that the text
    gives; output: the last shape; parameters; problems: the line and column and the error's key of each."""

    text: str
    nodes: str
    output: tuple[int, ...] = ()
    parameters: int = -1
    problems: tuple[tuple[int, int, str], ...] = ()
    input_size: object = None


LENET = """\
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    '''Reads digits.'''

    def __init__(self, classes=10):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5, padding=2)
        self.c2 = nn.Conv2d(6, 16, 5)
        self.pool = nn.MaxPool2d(2)
        self.d1 = nn.Linear(16 * 5 * 5, 120)
        self.d2 = nn.Linear(120, classes)

    def forward(self, image):
        image = self.pool(F.relu(self.c1(image)))
        image = self.pool(F.relu(self.c2(image)))
        image = image.view(-1, 16 * 5 * 5)
        return self.d2(F.relu(self.d1(image)))


if __name__ == "__main__":
    model = LeNet()
    print(model)
"""

RESIDUAL = """\
class Residual(nn.Module):
    def __init__(self, wide):
        super(Residual, self).__init__()
        self.one = nn.Conv2d(wide, wide, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(wide)
        self.two = nn.Conv2d(wide, wide, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.two(F.relu(self.norm(self.one(x))))
        y += x
        return y

block = Residual(8)
"""

UNET = """\
def twice(ins, outs):
    return nn.Sequential(nn.Conv2d(ins, outs, 3, padding=1), nn.ReLU(inplace=True))

class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.bottom = twice(1, 4), twice(4, 8)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.last = twice(8, 4)

    def forward(self, x):
        kept = self.down(x)
        low = self.bottom(self.pool(kept))
        return self.last(torch.cat([self.up(low), kept], 1))
"""

PRINTED = """\
Net(
  (body): Sequential(
    (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)
    (1): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
    (2): ReLU(inplace=True)
    (3-4): 2 x Conv2d(8, 8, kernel_size=(3, 3), stride=(1, 1), padding=same)
  )
  (pool): AdaptiveAvgPool2d(output_size=(1, 1))
  (drop): Dropout(p=0.5, inplace=False)
  (head): Linear(in_features=8, out_features=10, bias=True)
)
"""

KERAS = """\
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.summary()
"""

FUNCTIONAL = """\
inputs = tf.keras.Input((16, 16, 3))
x = tf.keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="first")(inputs)
y = tf.keras.layers.SeparableConv2D(8, 3, padding="same")(x)
x = tf.keras.layers.Add()([x, y])
x = tf.keras.layers.GlobalAveragePooling2D()(x)
outputs = tf.keras.layers.Dense(4)(x)
model = tf.keras.Model(inputs=inputs, outputs=outputs)
"""

GIVEN = {
    "one layer": Pasted("nn.Conv2d(3, 64, 7, stride=2, padding=3)", "conv1", (64, 112, 112), 9472),
    "one layer with all of its name": Pasted("torch.nn.Conv1d(4, 8, 3, dilation=2)", "conv1", (8, 124), 104),
    "one layer alone, of any size": Pasted("Conv3d(1, 2, (1, 3, 3))", "conv1", (2, 8, 6, 6), 20, (), 8),
    "a layer that is assigned": Pasted("conv = nn.Conv2d(3, 8, 3)  # the first", "conv", (8, 10, 10), 224, (), 12),
    "a Sequential": Pasted(
        "nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1352, 10))",
        "conv1 relu2 maxpool3 flatten4 dense5",
        (10,),
        80 + 13530,
    ),
    "a Sequential with names": Pasted(
        "net = nn.Sequential(OrderedDict([('conv', nn.Conv2d(1, 4, 3)), ('act', nn.Tanh())]))",
        "conv act",
        (4, 26, 26),
    ),
    "a Sequential in another": Pasted(
        "nn.Sequential(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()), nn.AvgPool2d(2))",
        "0.0 0.1 avgpool3",
        (4, 111, 111),
    ),
    "modules that are added one by one": Pasted(
        "net = nn.Sequential()\nnet.add_module('a', nn.Conv2d(1, 2, 3))\nnet.append(nn.Sigmoid())\n",
        "a sigmoid2",
        (2, 26, 26),
    ),
    "a list that is repeated and taken apart": Pasted(
        "parts = [nn.Conv2d(3, 4, 3)] + [nn.ReLU()] * 2\nnet = nn.Sequential(*parts, nn.Flatten())",
        "conv1 relu2 relu3 flatten4",
        (4 * 222 * 222,),
    ),
    "a class": Pasted(LENET, "c1 relu2 pool c2 relu5 pool_2 flatten7 d1 relu9 d2", (10,), 156 + 2416 + 48120 + 1210),
    "lines of __init__ alone": Pasted(
        "        self.conv1 = nn.Conv2d(3, 6, 5)\n        self.conv2 = nn.Conv2d(6, 16, 5)\n",
        "conv1 conv2",
        (16, 24, 24),
        input_size=32,
    ),
    "two methods without their class": Pasted(
        "    def __init__(self):\n        self.a = nn.Conv2d(1, 2, 3)\n\n"
        "    def forward(self, x):\n        return torch.relu(self.a(x))",
        "a relu2",
        (2, 26, 26),
    ),
    "lines of forward with their layers": Pasted(
        "conv = nn.Conv2d(3, 8, 3)\nx = conv(x)\nx = F.max_pool2d(x, 2)\nx = x.mean([2, 3])",
        "conv maxpool2 adaptiveavgpool3 flatten4",
        (8,),
    ),
    "lines of layers, one below the other": Pasted(
        "nn.Conv2d(3, 8, 3)\nnn.ReLU()\nnn.MaxPool2d(2)", "conv1 relu2 maxpool3", (8, 111, 111)
    ),
    "lines out of a Sequential, commas included": Pasted(
        "    nn.Conv2d(3, 8, 3),\n    nn.ReLU(),\n)", "conv1 relu2", (8, 222, 222)
    ),
    "a residual sum": Pasted(RESIDUAL, "one norm relu3 two add5", (8, 32, 32), 576 * 2 + 16),
    "a skip that is joined": Pasted(
        UNET, "down.0 down.1 pool bottom.0 bottom.1 up concat7 last.0 last.1", (4, 28, 28), 40 + 296 + 132 + 292
    ),
    "what print shows": Pasted(
        PRINTED,
        "body.0 body.1 body.2 body.3 body.4 pool flatten7 head",
        (10,),
        216 + 16 + 2 * 584 + 90,
    ),
    "a digit's perceptron": Pasted(
        "nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 100), nn.ReLU(), nn.Linear(100, 10))",
        "flatten1 dense2 relu3 dense4",
        (10,),
        79510,
    ),
    "a generator": Pasted(
        "nn.Sequential(nn.ConvTranspose2d(100, 64, 4, 1, 0, bias=False), nn.BatchNorm2d(64), nn.ReLU(True),\n"
        "              nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())",
        "tconv1 batchnorm2 relu3 tconv4 tanh5",
        (3, 8, 8),
    ),
    "padding of its own": Pasted(
        "nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(1, 1, 3, stride=2))", "conv1", (1, 14, 14)
    ),
    "padding in forward": Pasted("c = nn.Conv1d(1, 1, 3)\ny = c(F.pad(x, (2, 0)))", "c", (1, 16), input_size=16),
    "a gated unit": Pasted(
        "nn.Sequential(nn.Conv1d(2, 4, 1), nn.GLU(dim=1))",
        "conv1 select2 select3 sigmoid4 multiply5",
        (2, 9),
        input_size=9,
    ),
    "an upsampling path": Pasted(
        "nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), nn.Conv2d(3, 12, 1), nn.PixelShuffle(2))",
        "upsample1 conv2 pixelshuffle3",
        (3, 32, 32),
        input_size=(3, 8, 8),
    ),
    "what knows its input by itself": Pasted(
        "nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(2))",
        "conv1 flatten2 dense3",
        (2,),
        input_size=(3, 6, 6),
    ),
    "an example of the input": Pasted(
        "net = nn.Conv2d(3, 4, 3)\nout = net(torch.randn(1, 3, 20, 30))", "net", (4, 18, 28)
    ),
    "a remark of the input": Pasted("# input: (3, 20, 30)\nnn.Conv2d(3, 4, 3)", "conv1", (4, 18, 28)),
    "activations that are left out": Pasted(
        "nn.Sequential(nn.Conv2d(3, 4, 3), nn.LeakyReLU(0.2), nn.Dropout2d())", "conv1", (4, 222, 222)
    ),
    "Keras: a Sequential": Pasted(KERAS, "conv1 relu2 maxpool3 flatten4 dense5 softmax6", (10,), 320 + 54090),
    "Keras: layers that are added": Pasted(
        "model = Sequential()\nmodel.add(Conv2D(8, (3, 3), input_shape=(10, 10, 3)))\n"
        "model.add(Activation('relu'))\nmodel.add(MaxPooling2D())",
        "conv1 relu2 maxpool3",
        (8, 4, 4),
    ),
    "Keras: functional": Pasted(
        FUNCTIONAL, "first relu2 conv3 conv4 add5 adaptiveavgpool6 flatten7 dense8", (4,), 224 + 72 + 72 + 36
    ),
    "Keras: one line": Pasted(
        "layers.Conv2DTranspose(4, 3, strides=2, padding='same')", "tconv1", (4, 14, 14), input_size=7
    ),
    "Keras: a causal row": Pasted("layers.Conv1D(4, 2, padding='causal', dilation_rate=4)", "conv1", (4, 128)),
    "a layer that is not known": Pasted(
        "nn.Sequential(\n    nn.Conv2d(3, 8, 3),\n    nn.LSTM(8, 4),\n    nn.ReLU(),\n)",
        "conv1 relu2",
        (8, 222, 222),
        problems=((3, 5, "code_layer"),),
    ),
    "a name that is mistyped": Pasted("nn.Conv2D(3, 64, 3)\nnn.ReLu()", "conv1", problems=((2, 1, "code_layer"),)),
    "channels that do not match": Pasted(
        "nn.Sequential(nn.Conv2d(3, 64, 3),\n  nn.Conv2d(32, 8, 3))",
        "conv1",
        (64, 222, 222),
        problems=((2, 3, "chain"),),
    ),
    "a kernel that is too large": Pasted(
        "nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(1, 1, 5))",
        "maxpool1",
        (1, 3, 3),
        problems=((1, 32, "span"),),
        input_size=6,
    ),
    "no row before a dense layer": Pasted(
        "nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(1352, 10))", "conv1", (2, 26, 26), problems=((1, 35, "code_flat"),)
    ),
    "same, with a stride": Pasted("nn.Conv2d(3, 8, 3, stride=2, padding='same')", "", problems=((1, 1, "code_same"),)),
    "an argument that is not there": Pasted("nn.Conv2d(3, 8, 3, strides=2)", "", problems=((1, 1, "unknown"),)),
    "a name without a value": Pasted("nn.Conv2d(channels, 8, 3)\nnn.ReLU()", "relu1", problems=((1, 1, "code_name"),)),
    "a bracket that is never closed": Pasted(
        "self.net = nn.Sequential(\n    nn.Conv2d(3, 8, 3),\n    nn.ReLU(),\n",
        "conv1 relu2",
        (8, 222, 222),
        problems=((1, 25, "code_open"),),
    ),
    "a line that is no code": Pasted(
        "nn.Conv2d(3, 8, 3)\nthen we pool\nnn.MaxPool2d(2)",
        "conv1 maxpool2",
        (8, 111, 111),
        problems=((2, 6, "code_syntax"),),
    ),
    "a loop": Pasted(
        "for n in range(3):\n    print(n)\nnn.Conv2d(3, 8, 3)", "conv1", (8, 222, 222), problems=((1, 1, "code_loop"),)
    ),
    "a call that is not understood": Pasted(
        "y = nn.Conv2d(3, 8, 3)(x)\ny = mystery(y)\ny = F.relu(y)",
        "conv1 relu2",
        (8, 222, 222),
        problems=((2, 5, "code_unknown"),),
    ),
    "weights that are used again": Pasted(
        "c = nn.Conv2d(4, 4, 1)\nx = c(c(x))", "c c_2", (4, 32, 32), 40, ((1, 5, "code_shared"),)
    ),
    "nothing": Pasted("", "", problems=((1, 1, "code_nothing"),)),
}
