"""A call's arguments under the names that a framework gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from convviz.errors import LayerError

NEEDED = object()
"""The value of an argument that has no default."""

IGNORED = frozenset(
    [
        "device",
        "dtype",
        "inplace",
        "momentum",
        "track_running_stats",
        "name",
        "trainable",
        "data_format",
        "kernel_initializer",
        "bias_initializer",
        "kernel_regularizer",
        "bias_regularizer",
        "activity_regularizer",
        "kernel_constraint",
        "bias_constraint",
        "depthwise_initializer",
        "pointwise_initializer",
        "depthwise_regularizer",
        "pointwise_regularizer",
        "depthwise_constraint",
        "pointwise_constraint",
        "seed",
        "training",
        "input_dim",
        "batch_size",
    ]
)
"""Arguments that change neither shape nor cost, wherever they are given by name."""


@cache
def signature(words: str) -> tuple[tuple[str, object], ...]:
    """Names with their defaults, from words such as "kernel_size stride=None padding=0".

    >>> signature("stride=1 bias=True")
    (('stride', 1), ('bias', True))
    """
    fixed: dict[str, object] = {"None": None, "True": True, "False": False}
    found: list[tuple[str, object]] = []
    for word in words.split():
        name, told, default = word.partition("=")
        number: object = int(default) if default.lstrip("-").isdigit() else default
        found.append((name, fixed.get(default, number) if told else NEEDED))
    return tuple(found)


def bound(label: str, words: str, given: Sequence[object], named: Mapping[str, object]) -> dict[str, object]:
    """The value of each argument; raises LayerError for a call that does not fit.

    >>> bound("nn.MaxPool2d", "kernel_size stride=None", (2,), {})
    {'kernel_size': 2, 'stride': None}
    """
    wanted = dict(signature(words))
    names = list(wanted)
    if len(given) > len(names):
        raise LayerError(
            "surplus", label, None, value=len(given), most=len(names), last=names[-1], nearest=_call(label, wanted)
        )
    found = dict(zip(names, given, strict=False))
    for place, name in enumerate(found, start=1):
        if name in named:
            raise LayerError("twice", name, None, value=named[name], place=place, nearest=_call(label, wanted))
    for name, value in named.items():
        if name in wanted:
            found[name] = value
        elif name not in IGNORED:
            close = get_close_matches(name[:40], names, 1, 0.5)
            raise LayerError(
                "unknown", name[:40], None, value=value, layer=label, nearest=(close or [_call(label, wanted)])[0]
            )
    for name, default in wanted.items():
        if name not in found and default is NEEDED:
            raise LayerError("missing", name, None, layer=label, nearest=_call(label, wanted))
    return {name: found.get(name, default) for name, default in wanted.items()}


def _call(label: str, wanted: Mapping[str, object]) -> str:
    """A call with all that is needed."""
    examples = {
        "in_channels": 3,
        "out_channels": 64,
        "filters": 64,
        "kernel_size": 3,
        "in_features": 64,
        "num_features": 64,
    }
    needed = [f"{name}={examples.get(name, 2)}" for name, default in wanted.items() if default is NEEDED]
    return f"{label}({', '.join(needed)})"
