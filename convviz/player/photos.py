"""The wire form of images, and of the lens over them."""

from __future__ import annotations

from collections.abc import Container

from convviz.player.packing import pack, pack_table
from convviz.scene.lens import Lens
from convviz.scene.marks import Image
from convviz.scene.scene import Scene


def photos(scene: Scene, numbered: dict[str, int], had: Container[str]) -> dict[str, object]:
    """The images of a scene, and the lens over them; numbered: its tracks; had: marks of pixels that are not sent."""
    said: dict[str, object] = {"images": [_image(image, had) for image in scene.images]} if scene.images else {}
    return said | ({"lens": _lens(scene.lens, numbered)} if scene.lens else {})


def _image(image: Image, had: Container[str]) -> dict[str, object]:
    """An image; its pixels are those of its address, or of another one with the same mark that is known already."""
    rows, columns = image.size
    said: dict[str, object] = {"n": image.name, "g": image.grid, "r": rows, "c": columns, "m": image.mark}
    said |= {} if image.mark in had else {"src": image.address}
    place = {"b": [round(value, 4) for value in image.box]}
    return said | place | ({} if image.cut is None else {"u": pack(image.cut)})


def _lens(lens: Lens, numbered: dict[str, int]) -> dict[str, object]:
    axes = [[step, pack_table(table)] for step, table in zip(lens.steps, (lens.rows, lens.columns), strict=True)]
    said = {"r": lens.read, "w": lens.written, "c": lens.channel, "a": axes, "k": lens.weights.ravel().tolist()}
    tracks = [numbered["place"], numbered["pixel"]]
    return said | {"d": lens.divisor, "s": lens.scale, "t": tracks}
