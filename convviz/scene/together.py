"""Blocks of a picture that is made of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convviz.scene.blocks import Block
from convviz.scene.folds import folded
from convviz.scene.scene import Scene
from convviz.scene.view import Narrow


def parted(parts: Sequence[Scene], narrows: Sequence[Narrow]) -> tuple[Block, ...]:
    """The blocks of a picture made of others, whose marks follow one another: those of the last part first. What is
    written over a part, its labels `head:`, stands over its first block."""
    found: list[Block] = []
    grids = labels = curves = 0
    for part, narrow in zip(parts, narrows, strict=True):
        heads = [n for n, label in enumerate(part.labels) if label.name.startswith("head:")]
        others = [n for n in range(len(part.labels)) if n not in heads]
        own = folded(replace(part, labels=tuple(part.labels[n] for n in others)), narrow)
        moved = []
        for n, block in enumerate(own):
            texts = [labels + others[m] for m in block.labels] + [labels + m for m in heads] * (n == 0)
            sign = -1 if block.sign < 0 else labels + others[block.sign]
            places = (
                tuple(grids + m for m in block.grids),
                tuple(sorted(texts)),
                tuple(curves + m for m in block.curves),
            )
            folds = tuple(tuple(tuple(grids + m for m in line) for line in way) for way in block.folds)
            moved.append(Block(*places, sign, block.begins or n == 0, folds))
        found = moved + found
        grids, labels, curves = grids + len(part.grids), labels + len(part.labels), curves + len(part.curves)
    return tuple(found)
