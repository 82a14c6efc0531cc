"""A layer or a network as PyTorch or Keras code, to copy: a line, a Sequential, or a class with `forward`."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from convviz.code import keras_words, torch_words
from convviz.graph import INPUT, Node, Shape
from convviz.layers import Layer
from convviz.layers.arguments import choice
from convviz.network import Network, stack_of

FRAMEWORKS = ("pytorch", "keras")

_TAKEN = {
    *("x", "self", "torch", "nn", "F", "keras", "layers", "forward", "train", "eval", "training", "type"),
    *("half", "float", "double", "bfloat16", "to", "cpu", "cuda", "apply", "children", "modules", "parameters"),
    *("buffers", "state_dict", "compile", "zero_grad", "extra_repr", "add_module", "share_memory", "name"),
    *("names", "inputs", "outputs", "named_modules", "named_children", "named_parameters", "requires_grad_"),
    *("register_buffer", "ipu", "xpu", "to_empty", "OrderedDict"),
}
"""Names that mean something else in the text, or in a module."""


@dataclass(frozen=True)
class _Part:
    """A node in the text. name: of its variable; modules: those that it is, the last or the first of which is the
    layer; reads: the variables that it reads, and given the shape of the first of them."""

    node: Node
    name: str
    modules: list[str] | None
    reads: list[str]
    given: Shape


def to_code(layer_or_network: Layer | Network, framework: str = "pytorch") -> str:
    """The code that builds a layer or a network, in a framework's words; `convviz.code.read` reads it back.

    framework: "pytorch" or "keras". A layer is a line, layers one after the other are a Sequential, a graph is a class
    with `forward`, or a functional model in Keras. Raises LayerError, with the reason, for what a framework has no
    words for.

    >>> from convviz.layers import Conv
    >>> print(to_code(Conv(5, 3, stride=2, padding=1, bias=True)))
    nn.Conv2d(1, 1, 3, stride=2, padding=1)  # input: (1, 5, 5)
    """
    choice("framework", framework, FRAMEWORKS)
    network = stack_of(layer_or_network) or Network([layer_or_network])
    parts = _parts(network, framework)
    row = all(part.reads == [before] for part, before in zip(parts, ["x", *(p.name for p in parts)], strict=False))
    if framework == "keras":
        return _keras_row(network, parts) if row else _keras_graph(network, parts)
    if row and all(part.modules is not None for part in parts):
        return _row(network, parts)
    return _class(network, parts)


def _parts(network: Network, framework: str) -> list[_Part]:
    shapes = {INPUT: network.x_shape} | {node.name: node.shape for node in network.nodes}
    kinds = {INPUT: ""} | {node.name: node.layer.kind for node in network.nodes}
    names = {INPUT: "x"}
    found: list[_Part] = []
    for node in network.nodes:
        names[node.name] = _named(node.name, set(names.values()))
        given = shapes[node.inputs[0]]
        reads = [names[name] for name in node.inputs]
        modules: list[str] | None
        if framework == "keras":
            modules = keras_words.modules(node.layer, given, kinds[node.inputs[0]] == "relu")
        else:
            modules = torch_words.modules(node.layer, given)
        found.append(_Part(node, names[node.name], modules, reads, given))
    return found


def _named(name: str, taken: set[str]) -> str:
    """The name as one that Python and a module can have.

    >>> _named("stage1.1", set()), _named("class", set()), _named("a", {"a"})
    ('stage1_1', 'class_', 'a_2')
    """
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not plain.isidentifier():
        plain = f"layer_{plain}"
    if keyword.iskeyword(plain) or plain in _TAKEN:
        plain += "_"
    number, found = 1, plain
    while found in taken:
        number += 1
        found = f"{plain}_{number}"
    return found


def _usual(parts: list[_Part]) -> bool:
    """Whether the nodes have the names that a sequence gives them."""
    return all(part.node.name == f"{part.node.layer.kind}{n}" for n, part in enumerate(parts, start=1))


def _row(network: Network, parts: list[_Part]) -> str:
    """One layer as a line, several as nn.Sequential."""
    remark = f"# input: {network.x_shape!r}"
    every = [module for part in parts for module in part.modules or []]
    if len(every) == 1 and _usual(parts):
        return f"{every[0]}  {remark}"
    if _usual(parts):
        body = "".join(f"    {module},\n" for module in every)
        return f"from torch import nn\n\n{remark}\nmodel = nn.Sequential(\n{body})"
    body = "".join(f'        ("{name}", {module}),\n' for part in parts for name, module in _attributes(part))
    head = "from collections import OrderedDict\n\nfrom torch import nn\n\n"
    return f"{head}{remark}\nmodel = nn.Sequential(\n    OrderedDict([\n{body}    ])\n)"


def _attributes(part: _Part) -> list[tuple[str, str]]:
    """The modules of a node with their names: the layer has the node's, what stands beside it another."""
    modules = part.modules or []
    own = _own(modules)
    return [(part.name if n == own else f"{part.name}_{_beside(module)}", module) for n, module in enumerate(modules)]


def _own(modules: list[str]) -> int:
    """Which of the modules is the layer: the last that is no padding."""
    return max((n for n, module in enumerate(modules) if not re.match(r"\w+\.(\w+Pad\d|Cropping)", module)), default=0)


def _beside(module: str) -> str:
    found = re.match(r"\w+\.([A-Z][a-z]+)", module)
    return {"Flatten": "flat", "Unflatten": "row"}.get(found[1] if found else "", "pad")


def _class(network: Network, parts: list[_Part]) -> str:
    """A class with its modules in `__init__`, and what reads what in `forward`."""
    attributes = [entry for part in parts for entry in _attributes(part)]
    lines = [f"        self.{name} = {module}" for name, module in attributes]
    steps = []
    for part in parts:
        told = (
            torch_words.expression(part.node.layer, part.reads, part.given) if part.modules is None else part.reads[0]
        )
        for name, _ in _attributes(part):
            told = f"self.{name}({told})"
        steps.append(f"        {part.name} = {told}")
    torch = "import torch\n" if any("torch.cat" in step for step in steps) else ""
    return "\n".join(
        [
            f"{torch}from torch import nn\n\n\nclass Model(nn.Module):  # input: {network.x_shape!r}",
            "    def __init__(self):",
            "        super().__init__()",
            *lines,
            "",
            "    def forward(self, x):",
            *steps,
            f"        return {parts[-1].name}",
        ]
    )


def _keras_shape(shape: Shape) -> Shape:
    """The channels last."""
    return (*shape[1:], shape[0])


def _with_name(module: str, name: str) -> str:
    return f"{module[:-1]}{'' if module.endswith('()') else ', '}name={torch_words.said(name)})"


def _keras_modules(part: _Part, named: bool) -> list[str]:
    modules = part.modules or []
    own = _own(modules)
    return [_with_name(module, part.name) if named and n == own else module for n, module in enumerate(modules)]


_KERAS = "import keras\nfrom keras import layers\n\n"


def _keras_row(network: Network, parts: list[_Part]) -> str:
    named = not _usual(parts)
    start = f"    keras.Input(shape={_keras_shape(network.x_shape)!r}),\n"
    body = "".join(f"    {module},\n" for part in parts for module in _keras_modules(part, named))
    return f"{_KERAS}model = keras.Sequential([\n{start}{body}])"


def _keras_graph(network: Network, parts: list[_Part]) -> str:
    """A functional model."""
    named = not _usual(parts)
    lines = [f"x = keras.Input(shape={_keras_shape(network.x_shape)!r})"]
    for part in parts:
        told = part.reads[0] if len(part.reads) == 1 else f"[{', '.join(part.reads)}]"
        for module in _keras_modules(part, named):
            told = f"{module}({told})"
        lines.append(f"{part.name} = {told}")
    return _KERAS + "\n".join([*lines, f"model = keras.Model(x, {parts[-1].name})"])
